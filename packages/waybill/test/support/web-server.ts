import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A web server of the test's own on a free loopback port: one origin. */
export interface WebServer {
  readonly origin: string;
  readonly port: number;
  /** The requests so far, as `METHOD /path`. */
  readonly requests: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one. An exception of the handler is a 500. */
export async function startWebServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  port = 0,
): Promise<WebServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    try {
      handle(request, response);
    } catch {
      response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
