import type { IncomingMessage } from "node:http";
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
  incoming: IncomingMessage,
  host: string,
  signal: AbortSignal,
  body: IncomingBody | undefined,
): Request {
  const target = targetOf(incoming);
  // "//host/path" is a path here: resolving it would take its first segment for a host.
  const url = /^https?:\/\//i.test(target)
    ? target
    : `http://${host}${target.startsWith("/") ? "" : "/"}${target}`;
  const headers = new Headers();
  const { rawHeaders, method = "GET" } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  }
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
