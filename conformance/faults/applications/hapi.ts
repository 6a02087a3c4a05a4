import Hapi from "@hapi/hapi";
import { ALLOWED_ORIGIN, type Application, BODY_LIMIT_BYTES, EXPOSED } from "./application.ts";
import {
  brokenStream,
  failingHandlers,
  fetchedResponse,
  nodeHandlers,
  numberOf,
  passedOn,
  REFUSALS,
} from "./handlers.ts";

/** hapi, with the CORS that it brings. */
export const hapiApplication: Application = {
  leftOut: ["raw-response"],
  async make(create, upstream) {
    const listener = create();
    const app = Hapi.server({
      listener,
      autoListen: false,
      debug: false,
      routes: {
        cors: { origin: [ALLOWED_ORIGIN], credentials: true, exposedHeaders: EXPOSED },
        payload: { maxBytes: BODY_LIMIT_BYTES },
      },
    });
    const get = (path: string, handler: Hapi.Lifecycle.Method) => app.route({ method: "GET", path, handler });
    for (const [fault, handle] of Object.entries(failingHandlers(upstream))) get(`/${fault}`, () => handle());
    for (const [fault, status] of Object.entries(REFUSALS))
      get(`/${fault}`, (_request, h) => h.response({ error: fault }).code(status));
    for (const [fault, handle] of Object.entries(nodeHandlers(upstream)))
      get(`/${fault}`, async (request, h) => {
        await handle(request.raw.res);
        return h.abandon;
      });
    get("/framework-error", () => {
      throw new Error("teapot");
    });
    app.ext("onPreResponse", ({ path, response }, h) => {
      if (path === "/framework-error" && "output" in response) response.output.statusCode = 418;
      return h.continue;
    });
    get("/fetched-response", async (_request, h) => {
      const answer = await fetchedResponse(upstream);
      const response = h.response(await answer.text());
      for (const [name, value] of passedOn(answer)) response.header(name, value);
      return response;
    });
    get("/mid-stream", () => brokenStream(upstream));
    get("/texts/{text}", (request) => String(request.params["text"]));
    get("/numbers/{number}", (request, h) => {
      const number = numberOf(String(request.params["number"]));
      return number === undefined ? h.response("no number").code(400) : String(number);
    });
    app.route({ method: "POST", path: "/body", handler: (request) => request.payload });
    await app.initialize();
    return listener;
  },
};
