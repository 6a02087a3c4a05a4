import type { RequestListener } from "node:http";

/** An application without a word of CORS: answers with a status, whatever is asked. */
export const answering =
  (status: number, body = '{"ok":true}') =>
  (): RequestListener =>
  (request, response) => {
    request.resume().on("end", () => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    });
  };

/** An application with CORS on everything it answers, for the origins it is told, and the page's. */
export const allowing =
  (status: number, ...others: readonly string[]) =>
  (pageOrigin: string): RequestListener =>
  (request, response) => {
    const { origin = "" } = request.headers;
    if ([pageOrigin, ...others].includes(origin)) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
      response.setHeader("Access-Control-Allow-Headers", "content-type, authorization");
    }
    request.resume().on("end", () => {
      response
        .writeHead(request.method === "OPTIONS" ? 204 : status, { "Content-Type": "application/json" })
        .end(request.method === "OPTIONS" ? undefined : '{"ok":true}');
    });
  };

/** An application that takes every request and answers none. */
export const silent = (): RequestListener => (request) => {
  request.resume();
};
