import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";

const CUT_AFTER_BYTES = 3_000;

/** How a proxy in front of the API breaks. */
export type Breakage =
  /** Requests of the protocol get a bare 500, as from a proxy that drops the headers of failures. */
  | "masked"
  /** Streams are cut in the middle. */
  | "cut";

/**
 * A proxy to the API that fails the way real ones do, so that the demo can show what a
 * page makes of it. `path` is the path below the API.
 */
export function breakOn(
  breakage: Breakage,
  api: URL,
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (breakage === "masked" && incoming.method === "POST") {
    incoming.resume();
    outgoing.writeHead(500, { "content-type": "text/plain" }).end("Internal Server Error\n");
    return;
  }
  const upstream = httpRequest(
    new URL(path, api),
    { method: incoming.method ?? "GET", headers: { ...incoming.headers, host: api.host } },
    (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      if (breakage === "cut" && response.headers["content-type"]?.startsWith("text/event-stream") === true) {
        cut(response, outgoing);
      } else {
        pipeline(response, outgoing, () => {});
      }
    },
  );
  upstream.on("error", () => outgoing.destroy());
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function cut(response: IncomingMessage, outgoing: ServerResponse): void {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes < CUT_AFTER_BYTES) outgoing.write(chunk);
    else outgoing.write(chunk, () => outgoing.destroy());
  });
  response.on("end", () => outgoing.destroy());
}
