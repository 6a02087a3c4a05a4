import { createServer } from "node:http";
import { guardCors, toNodeHandler } from "@waybill/server/node";
import { createChat, endOnSignal, portOr } from "../chat.ts";

const port = portOr(8791);
const chat = createChat("/chat", port);
const answerChat = toNodeHandler(chat);

const guard = guardCors(chat.corsFor);
const server = createServer({ ServerResponse: guard.ServerResponse }, (request, response) => {
  answerChat(request, response, () => {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.\n");
  });
});
guard.attach(server);

server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/chat/chatkit`));
endOnSignal(server, chat);
