import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { ALLOWED_ORIGIN, type Application, BODY_LIMIT_BYTES, EXPOSED } from "./application.ts";
import {
  brokenBody,
  failingHandlers,
  fetchedResponse,
  nodeHandlers,
  numberOf,
  REFUSALS,
} from "./handlers.ts";

/** Hono on `@hono/node-server`, with `hono/cors`. */
export const honoApplication: Application = {
  leftOut: [],
  make(create, upstream) {
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.use(cors({ origin: [ALLOWED_ORIGIN], credentials: true, exposeHeaders: EXPOSED }));
    for (const [fault, handle] of Object.entries(failingHandlers(upstream)))
      app.get(`/${fault}`, (context) => handle().then((text) => context.text(text)));
    for (const [fault, status] of Object.entries(REFUSALS))
      app.get(`/${fault}`, () => Response.json({ error: fault }, { status }));
    for (const [fault, handle] of Object.entries(nodeHandlers(upstream)))
      app.get(`/${fault}`, async (context) => {
        await handle(context.env.outgoing);
        return RESPONSE_ALREADY_SENT;
      });
    app.get("/framework-error", () => {
      throw new HTTPException(418, { res: new Response("teapot", { status: 418 }) });
    });
    app.get("/raw-response", () => new Response("fine"));
    app.get("/fetched-response", () => fetchedResponse(upstream));
    app.get("/mid-stream", async () => new Response(await brokenBody(upstream)));
    // Hono leaves an escape that is none as it is.
    app.get("/texts/:text", (context) =>
      context.req.param("text").includes("%") ? context.notFound() : context.text(context.req.param("text")),
    );
    app.get("/numbers/:number", (context) => {
      const number = numberOf(context.req.param("number"));
      if (number === undefined) throw new HTTPException(400);
      return context.text(String(number));
    });
    app.post("/body", bodyLimit({ maxSize: BODY_LIMIT_BYTES }), async (context) => {
      const text = await context.req.text();
      try {
        return context.json(JSON.parse(text));
      } catch {
        throw new HTTPException(400);
      }
    });
    return create(getRequestListener(app.fetch));
  },
};
