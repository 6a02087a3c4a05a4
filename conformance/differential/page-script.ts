import type { PageRequest } from "@waybill/policy/browser";

/** How a request ended, as the page saw it. */
export type PageOutcome =
  | {
      readonly kind: "answered";
      readonly type: string;
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: string;
    }
  /** `new Request()`, or an XMLHttpRequest before it was sent, threw. */
  | { readonly kind: "thrown"; readonly message: string }
  | { readonly kind: "rejected"; readonly message: string };

/**
 * Carries out requests at once, each as the page wrote it. Runs in the page: it is handed over as text,
 * and knows nothing of this module.
 */
export async function carryOut(requests: readonly PageRequest[]): Promise<readonly PageOutcome[]> {
  const bodyOf = ({ body }: PageRequest): BodyInit | null => {
    switch (body?.kind) {
      case undefined:
        return null;
      case "text":
        return "hello";
      case "form":
        return new URLSearchParams({ a: "b" });
      case "multipart": {
        const form = new FormData();
        form.set("a", "b");
        return form;
      }
      case "bytes":
        return new Uint8Array([1, 2, 3]);
      case "blob":
        return new Blob(["hello"], { type: body.type });
      default:
        return new Blob(["hello"]).stream();
    }
  };
  const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

  const byFetch = async (asked: PageRequest): Promise<PageOutcome> => {
    let request: Request;
    try {
      const body = bodyOf(asked);
      const init: RequestInit & { duplex?: "half" } = {
        method: asked.method ?? "GET",
        headers: (asked.headers ?? []).map(([name, value]): [string, string] => [name, value]),
        credentials: asked.credentials ?? "same-origin",
        mode: asked.mode ?? "cors",
        redirect: asked.redirect ?? "follow",
        ...(body === null ? {} : { body }),
        ...(asked.body?.kind === "stream" ? { duplex: "half" } : {}),
      };
      request = new Request(asked.url, init);
    } catch (error) {
      return { kind: "thrown", message: messageOf(error) };
    }
    try {
      const response = await fetch(request);
      const { type, status } = response;
      return { kind: "answered", type, status, headers: [...response.headers], body: await response.text() };
    } catch (error) {
      return { kind: "rejected", message: messageOf(error) };
    }
  };

  const byXhr = (asked: PageRequest): Promise<PageOutcome> =>
    new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      try {
        xhr.open(asked.method ?? "GET", asked.url);
        for (const [name, value] of asked.headers ?? []) xhr.setRequestHeader(name, value);
      } catch (error) {
        resolve({ kind: "thrown", message: messageOf(error) });
        return;
      }
      xhr.withCredentials = asked.credentials === "include";
      xhr.upload.addEventListener("progress", () => {});
      xhr.addEventListener("error", () => resolve({ kind: "rejected", message: "error event" }));
      xhr.addEventListener("load", () => {
        const headers = xhr
          .getAllResponseHeaders()
          .split("\r\n")
          .filter((line) => line !== "")
          .map((line): [string, string] => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon), line.slice(colon + 2)];
          });
        resolve({ kind: "answered", type: "cors", status: xhr.status, headers, body: xhr.responseText });
      });
      const body = bodyOf(asked);
      xhr.send(body instanceof ReadableStream ? null : body);
    });

  return Promise.all(
    requests.map((asked) => (asked.uploadListeners === true ? byXhr(asked) : byFetch(asked))),
  );
}
