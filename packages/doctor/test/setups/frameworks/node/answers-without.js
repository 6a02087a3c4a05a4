import { createServer } from "node:http";

createServer((request, response) => {
  // cors
  if (request.method === "OPTIONS") {
    response.writeHead(204, {
      "Access-Control-Allow-Origin": process.env.PAGE_ORIGIN,
      "Access-Control-Allow-Methods": "POST",
      "Access-Control-Allow-Headers": "content-type",
    });
    response.end();
    return;
  }
  // /cors
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ url: request.url }));
}).listen(process.env.PORT);
