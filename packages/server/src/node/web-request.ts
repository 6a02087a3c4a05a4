import { hostOf, type NodeRequest } from "./exchange.ts";
import type { IncomingBody } from "./incoming-body.ts";
import { targetOf } from "./request-id.ts";

/**
 * The web's view of a Node request. Its body reads from the socket only as fast as it is read;
 * cancelling it leaves the connection alone, so that an answer can still be sent. When `signal`
 * aborts, so does the body.
 *
 * @throws TypeError if the target is no URL, or the method is one that `Request` does not know.
 */
export function toWebRequest(
  incoming: NodeRequest,
  signal: AbortSignal,
  body: IncomingBody | undefined,
): Request {
  const target = targetOf(incoming);
  const host = hostOf(incoming);
  // "//host/path" is a path here: resolving it would take its first segment for a host.
  const url = /^https?:\/\//i.test(target)
    ? target
    : `${"encrypted" in incoming.socket ? "https" : "http"}://${host ?? "localhost"}${target.startsWith("/") ? "" : "/"}${target}`;
  const headers = new Headers();
  const { rawHeaders, method = "GET" } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!name.startsWith(":")) headers.append(name, rawHeaders[index + 1] ?? "");
  }
  // RFC 9113, 8.2.3 and 8.3.1: cookies may come in several lines, and the host in one of another name.
  if (incoming.headers.cookie !== undefined) headers.set("cookie", incoming.headers.cookie);
  if (host !== undefined) headers.set("host", host);
  return new Request(url, {
    method,
    headers,
    signal,
    ...(body === undefined ? {} : { body: streamOf(body), duplex: "half" as const }),
  });
}

function streamOf(body: IncomingBody): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await body.next();
        if (piece === null) controller.close();
        else controller.enqueue(piece);
      },
      cancel() {
        body.cancel();
      },
    },
    // The body has a buffer of its own.
    { highWaterMark: 0 },
  );
}
