import { createServer, type Server } from "node:http";

/** How long an upstream goes on before it breaks: longer than its first part takes to be passed on. */
const BREAKS_AFTER_MS = 50;

/** A server behind the applications: `/cors` has CORS of its own, `/slow` never answers, `/dead` hangs up, `/breaks` does so in its middle. */
export function createUpstream(): Server {
  return createServer((request, response) => {
    if (request.url === "/cors") {
      response.writeHead(200, {
        "Content-Type": "text/plain",
        "Access-Control-Allow-Origin": "*",
        Vary: "Accept-Encoding",
      });
      response.end("from upstream");
    } else if (request.url === "/breaks") {
      response.write("half");
      setTimeout(() => response.destroy(), BREAKS_AFTER_MS);
    } else if (request.url === "/dead") request.socket.destroy();
  });
}
