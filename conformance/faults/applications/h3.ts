import {
  createApp,
  createError,
  createRouter,
  defineEventHandler,
  type EventHandler,
  handleCors,
  readRawBody,
  setResponseStatus,
  toNodeListener,
} from "h3";
import { ALLOWED_ORIGIN, type Application, BODY_LIMIT_BYTES, EXPOSED } from "./application.ts";
import {
  brokenStream,
  failingHandlers,
  fetchedResponse,
  nodeHandlers,
  numberOf,
  REFUSALS,
} from "./handlers.ts";

/** h3 of version 1 by `toNodeListener`, with the CORS that it brings. */
export const h3Application: Application = {
  leftOut: [],
  make(create, upstream) {
    const app = createApp();
    app.use(
      defineEventHandler((event) => {
        handleCors(event, { origin: [ALLOWED_ORIGIN], credentials: true, exposeHeaders: EXPOSED });
      }),
    );
    const router = createRouter();
    const get = (path: string, handle: EventHandler) => router.get(path, defineEventHandler(handle));
    for (const [fault, handle] of Object.entries(failingHandlers(upstream))) get(`/${fault}`, () => handle());
    for (const [fault, status] of Object.entries(REFUSALS))
      get(`/${fault}`, (event) => {
        setResponseStatus(event, status);
        return { error: fault };
      });
    for (const [fault, handle] of Object.entries(nodeHandlers(upstream)))
      get(`/${fault}`, (event) => handle(event.node.res));
    get("/framework-error", () => {
      throw createError({ statusCode: 418, data: { tea: 1 } });
    });
    get("/raw-response", () => new Response("fine"));
    get("/fetched-response", () => fetchedResponse(upstream));
    get("/mid-stream", () => brokenStream(upstream));
    get("/texts/:text", (event) => {
      try {
        return decodeURIComponent(event.context.params?.["text"] ?? "");
      } catch {
        throw createError({ statusCode: 400 });
      }
    });
    get("/numbers/:number", (event) => {
      const number = numberOf(event.context.params?.["number"]);
      if (number === undefined) throw createError({ statusCode: 400 });
      return String(number);
    });
    router.post(
      "/body",
      defineEventHandler(async (event) => {
        const text = (await readRawBody(event)) ?? "";
        if (text.length > BODY_LIMIT_BYTES) throw createError({ statusCode: 413 });
        try {
          return JSON.parse(text) as unknown;
        } catch {
          throw createError({ statusCode: 400 });
        }
      }),
    );
    app.use(router);
    return create(toNodeListener(app));
  },
};
