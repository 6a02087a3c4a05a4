import { createServer } from "node:http";
import { guardCors, toNodeHandler } from "@waybill/server/node";
import Fastify from "fastify";
import { createChat, endOnSignal, portOr } from "../chat.ts";

const port = portOr(8794);
const chat = createChat("/chat", port);

const guard = guardCors(chat.corsFor);
const app = Fastify({
  bodyLimit: 1024,
  serverFactory(handler) {
    const server = createServer({ ServerResponse: guard.ServerResponse }, handler);
    guard.attach(server);
    return server;
  },
});

const answerChat = toNodeHandler(chat);
app.register(async (scope) => {
  // The chat reads bodies itself, and limits them itself.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.all("/chat/*", (request, reply) => {
    reply.hijack();
    answerChat(request.raw, reply.raw);
  });
});
app.post("/notes", (request, reply) => reply.send(request.body));

await app.listen({ port, host: "127.0.0.1" });
console.log(`http://127.0.0.1:${port}/chat/chatkit`);
endOnSignal(app.server, chat);
