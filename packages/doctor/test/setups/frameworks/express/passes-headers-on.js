import { once } from "node:events";
import cors from "cors";
import express from "express";

// cors: the imports
// /cors

// The service behind it allows pages of its own accord.
const service = express()
  .use(cors({ origin: process.env.PAGE_ORIGIN }))
  .get("/api/models", (_request, response) => response.json(["small", "large"]))
  .listen(0, "127.0.0.1");
await once(service, "listening");

const app = express();
const port = process.env.PORT;
app.use(cors({ origin: process.env.PAGE_ORIGIN }));

async function passOn(request, response) {
  const answer = await fetch(`http://127.0.0.1:${service.address().port}${request.url}`, {
    headers: { Origin: request.headers.origin },
  });
  for (const [name, value] of answer.headers) {
    if (name !== "content-length" && name !== "connection") response.append(name, value);
  }
  response.status(answer.status).send(await answer.text());
}

app.get("/api/models", (request, response) => passOn(request, response));

// cors: the place where the server is made
app.listen(port);
// /cors
