import { serve } from "@hono/node-server";
import { Hono } from "hono";

// cors: the imports

import { cors } from "hono/cors";

// /cors

const app = new Hono();
// cors: the first line after new Hono()
app.use("/api", cors());
// /cors
app.post("/api/messages", async (context) => context.json(await context.req.json(), 201));

serve({ fetch: app.fetch, port: Number(process.env.PORT) });
