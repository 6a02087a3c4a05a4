import Fastify from "fastify";
import { type Application, BODY_LIMIT_BYTES, handMadeCors } from "./application.ts";
import { brokenStream, failingHandlers, fetchedResponse, nodeHandlers, REFUSALS } from "./handlers.ts";

/** Fastify, with headers that a hook sets. */
export const fastifyApplication: Application = {
  leftOut: [],
  async make(create, upstream) {
    const app = Fastify({
      bodyLimit: BODY_LIMIT_BYTES,
      serverFactory: (handler) => create(handler),
    });
    app.addHook("onRequest", async (request, reply) => {
      reply.headers(handMadeCors(request.headers.origin));
    });
    for (const [fault, handle] of Object.entries(failingHandlers(upstream))) app.get(`/${fault}`, handle);
    for (const [fault, status] of Object.entries(REFUSALS))
      app.get(`/${fault}`, (_request, reply) => reply.code(status).send({ error: fault }));
    for (const [fault, handle] of Object.entries(nodeHandlers(upstream)))
      app.get(`/${fault}`, async (_request, reply) => {
        reply.hijack();
        await handle(reply.raw);
      });
    app.get("/framework-error", async () => {
      throw Object.assign(new Error("teapot"), { statusCode: 418 });
    });
    app.get("/raw-response", (_request, reply) => reply.send(new Response("fine")));
    app.get("/fetched-response", () => fetchedResponse(upstream));
    app.get("/mid-stream", () => brokenStream(upstream));
    app.get("/texts/:text", (request, reply) => reply.send(request.params));
    const number = { type: "object", properties: { number: { type: "integer" } } };
    app.get("/numbers/:number", { schema: { params: number } }, (request, reply) =>
      reply.send(request.params),
    );
    app.post("/body", (request, reply) => reply.send(request.body));
    await app.ready();
    return app.server;
  },
};
