import { readFile } from "node:fs/promises";

const CAT = new URL("../../assets/cat.png", import.meta.url);
const HUGE_BYTES = 600_000_000;

const png = {
  "content-type": "image/png",
  "cross-origin-resource-policy": "cross-origin",
  "cache-control": "no-store",
};

/**
 * The demo's picture host: one good picture, and one of each kind that cannot be imported.
 * Undefined for a path that is not the demo's.
 */
export async function demoPicture(request: Request): Promise<Response | undefined> {
  switch (new URL(request.url).pathname) {
    case "/demo/cat.png":
      return new Response(await readFile(CAT), { headers: png });
    case "/demo/missing.png":
      return new Response("There is no such picture.\n", {
        status: 404,
        headers: { "content-type": "text/plain" },
      });
    case "/demo/broken.png":
      return new Response("This picture host is broken on purpose.\n", {
        status: 500,
        headers: { "content-type": "text/plain" },
      });
    case "/demo/page.png":
      return new Response(
        "<!doctype html><title>Sign in</title><p>Please sign in to see this picture.</p>\n",
        { headers: png },
      );
    case "/demo/drawing.png":
      return new Response(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>\n',
        { headers: png },
      );
    case "/demo/empty.png":
      return new Response(new Uint8Array(), { headers: png });
    case "/demo/huge.png":
      return new Response(null, { headers: { ...png, "content-length": String(HUGE_BYTES) } });
    case "/demo/never.png":
      return new Promise((resolve) => {
        request.signal.addEventListener("abort", () => resolve(new Response(null, { status: 499 })));
      });
    default:
      return undefined;
  }
}
