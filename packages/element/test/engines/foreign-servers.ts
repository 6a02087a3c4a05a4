import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of another origin than the page's. */
export interface ForeignServer extends AsyncDisposable {
  readonly origin: string;
}

/** Starts one on a free port of the loopback. */
export async function startForeign(answer: RequestListener): Promise<ForeignServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An origin at which nobody listens. */
export async function closedOrigin(): Promise<string> {
  await using server = await startForeign((_, response) => response.end());
  return server.origin;
}
