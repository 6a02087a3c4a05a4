import { createServer, type Server } from "node:http";
import { type HttpBindings, serve } from "@hono/node-server";
import { guardCors } from "@waybill/server/node";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createChat, endOnSignal, portOr } from "../chat.ts";

const port = portOr(8792);
const chat = createChat("/chat", port);

const app = new Hono<{ Bindings: HttpBindings }>();
app.all("/chat/*", (context) => chat.fetch(context.req.raw, context.env));
app.post("/notes", bodyLimit({ maxSize: 1024 }), async (context) => context.json(await context.req.json()));

const guard = guardCors(chat.corsFor);
const server = serve(
  {
    fetch: app.fetch,
    port,
    hostname: "127.0.0.1",
    createServer,
    serverOptions: { ServerResponse: guard.ServerResponse },
  },
  () => console.log(`http://127.0.0.1:${port}/chat/chatkit`),
) as Server;
guard.attach(server);
endOnSignal(server, chat);
