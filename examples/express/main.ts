import { createServer } from "node:http";
import { guardCors, toNodeHandler } from "@waybill/server/node";
import express from "express";
import { createChat, endOnSignal, portOr } from "../chat.ts";

const port = portOr(8793);
const chat = createChat("/chat", port);

const app = express();
// In front of express.json(), which would read the body.
app.use("/chat", toNodeHandler(chat));
app.use(express.json({ limit: "1kb" }));
app.post("/notes", (request, response) => {
  response.json(request.body);
});

const guard = guardCors(chat.corsFor);
const server = createServer({ ServerResponse: guard.ServerResponse }, app);
guard.attach(server);

server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/chat/chatkit`));
endOnSignal(server, chat);
