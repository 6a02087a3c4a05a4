import type { IncomingMessage } from "node:http";
import { targetOf } from "./request-id.ts";

const BODY_BUFFER_BYTES = 1024 * 1024;

/**
 * The web's view of a Node request. Its body reads from the socket only as fast as it is read;
 * cancelling it leaves the connection alone, so that an answer can still be sent. When `signal`
 * aborts, so does the body.
 *
 * @throws TypeError if the target is no URL, or the method is one that `Request` does not know.
 */
export function toWebRequest(incoming: IncomingMessage, host: string, signal: AbortSignal): Request {
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
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(url, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: bodyOf(incoming, signal), duplex: "half" as const } : {}),
  });
}

function bodyOf(incoming: IncomingMessage, signal: AbortSignal): ReadableStream<Uint8Array> {
  let detach = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const settle = (work: () => void) => {
          detach();
          work();
        };
        const onData = (chunk: Buffer) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        };
        const onEnd = () => settle(() => controller.close());
        const onClose = () =>
          settle(() =>
            controller.error(new DOMException("The client left in the middle of its request.", "AbortError")),
          );
        const onError = (error: Error) => settle(() => controller.error(error));
        const onAbort = () => settle(() => controller.error(signal.reason));
        // Once, whatever comes first: a stream that was cancelled or has failed cannot be closed again.
        detach = () => {
          incoming.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onError);
          signal.removeEventListener("abort", onAbort);
        };
        incoming.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onError);
        signal.addEventListener("abort", onAbort);
        incoming.pause();
        // Somebody has read to its end, and it will not end a second time.
        if (incoming.readableEnded) onEnd();
      },
      pull() {
        incoming.resume();
      },
      cancel() {
        detach();
      },
    },
    { highWaterMark: BODY_BUFFER_BYTES, size: (chunk) => chunk?.byteLength ?? 1 },
  );
}
