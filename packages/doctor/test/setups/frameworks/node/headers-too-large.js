// cors: the imports

import { createServer } from "node:http";

// /cors

const port = process.env.PORT;

function listener(request, response) {
  response.setHeader("Access-Control-Allow-Origin", process.env.PAGE_ORIGIN);
  response.setHeader("Access-Control-Allow-Headers", "x-state");
  if (request.method === "OPTIONS") response.writeHead(204).end();
  else response.end("fine");
}

// cors: the place where the server is made
createServer(listener).listen(port);
// /cors
