/** Told, while a body is being sent, how much of it has left. */
export type OnSent = (sentBytes: number, totalBytes: number, timeStampMs: number) => void;

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * As `fetch`, with a body whose way out can be watched. Cookies go along to the page's own origin
 * only. The answer is there when all of it is.
 *
 * @throws TypeError if no answer came that the page may read; the reason of `init.signal`.
 */
export function sendByXhr(
  url: string,
  init: Pick<RequestInit, "method" | "body" | "signal"> & { readonly headers: Headers },
  onSent: OnSent,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = init;
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open(init.method ?? "GET", url);
    request.responseType = "arraybuffer";
    for (const [name, value] of init.headers) request.setRequestHeader(name, value);
    const stop = (): void => {
      request.abort();
      reject(signal?.reason);
    };
    request.upload.addEventListener("progress", ({ loaded, total, timeStamp }) =>
      onSent(loaded, total, timeStamp),
    );
    request.addEventListener("error", () => reject(new TypeError("The connection failed.")));
    request.addEventListener("load", () => {
      const { status, statusText } = request;
      const headers = headersIn(request.getAllResponseHeaders());
      resolve(
        new Response(WITHOUT_BODY.has(status) ? null : request.response, { status, statusText, headers }),
      );
    });
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", stop));
    signal?.addEventListener("abort", stop, { once: true });
    request.send(init.body as XMLHttpRequestBodyInit);
  });
}

/** Lines of `name: value`, as `getAllResponseHeaders` has them. */
function headersIn(lines: string): Headers {
  const headers = new Headers();
  for (const line of lines.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
