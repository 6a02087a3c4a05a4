import type { IncomingMessage } from "node:http";

const BODY_BUFFER_BYTES = 1024 * 1024;

/**
 * The web's view of a Node request. Its body reads from the socket only as fast as it is read;
 * cancelling it leaves the connection alone, so that an answer can still be sent.
 *
 * @throws TypeError if the target is no URL, or the method is one that `Request` does not know.
 */
export function toWebRequest(incoming: IncomingMessage, host: string, signal: AbortSignal): Request {
  const target = incoming.url ?? "/";
  // "//host/path" is a path here: resolving it would take its first segment for a host.
  const url = /^[a-z]+:\/\//i.test(target) ? target : `http://${host}${target.startsWith("/") ? "" : "/"}${target}`;
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
    ...(hasBody ? { body: bodyOf(incoming), duplex: "half" as const } : {}),
  });
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let onData: ((chunk: Buffer) => void) | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const end = (work: () => void) => {
          if (!open) return;
          open = false;
          work();
        };
        onData = (chunk) => {
          if (!open) return;
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        };
        incoming.on("data", onData);
        incoming.once("end", () => end(() => controller.close()));
        incoming.once("close", () => end(() => controller.error(new DOMException("The client left in the middle of its request.", "AbortError"))));
        incoming.once("error", (error) => end(() => controller.error(error)));
        incoming.pause();
      },
      pull() {
        incoming.resume();
      },
      cancel() {
        if (onData !== undefined) incoming.off("data", onData);
      },
    },
    { highWaterMark: BODY_BUFFER_BYTES, size: (chunk) => chunk?.byteLength ?? 1 },
  );
}
