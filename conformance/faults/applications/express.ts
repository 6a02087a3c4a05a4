import { pipeline } from "node:stream";
import cors from "cors";
import type express from "express";
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

/** Express of any version, with its `cors`. */
export function expressApplication(make: typeof express): Application {
  return {
    leftOut: ["raw-response"],
    // It gives requests and responses prototypes of HTTP/1.1.
    http2: false,
    make(create, upstream) {
      const app = make();
      app.use(cors({ origin: [ALLOWED_ORIGIN], credentials: true, exposedHeaders: EXPOSED }));
      app.use(make.json({ limit: BODY_LIMIT_BYTES }));
      for (const [fault, handle] of Object.entries(failingHandlers(upstream)))
        app.get(`/${fault}`, (_request, response) => handle().then((text) => void response.send(text)));
      for (const [fault, status] of Object.entries(REFUSALS))
        app.get(`/${fault}`, (_request, response) => void response.status(status).json({ error: fault }));
      for (const [fault, handle] of Object.entries(nodeHandlers(upstream)))
        app.get(`/${fault}`, (_request, response) => handle(response));
      app.get("/framework-error", () => {
        throw Object.assign(new Error("teapot"), { status: 418, headers: { "X-Tea": "1" } });
      });
      app.get("/fetched-response", async (_request, response) => {
        const answer = await fetchedResponse(upstream);
        for (const [name, value] of passedOn(answer)) response.setHeader(name, value);
        response.send(await answer.text());
      });
      app.get("/mid-stream", async (_request, response) => {
        pipeline(await brokenStream(upstream), response, () => {});
      });
      app.get("/texts/:text", (request, response) => void response.send(request.params.text));
      app.get("/numbers/:number", (request, response, next) => {
        const number = numberOf(request.params.number);
        if (number === undefined) next(Object.assign(new Error("no number"), { status: 400 }));
        else response.send(String(number));
      });
      app.post("/body", (request, response) => void response.json(request.body));
      return create(app);
    },
  };
}
