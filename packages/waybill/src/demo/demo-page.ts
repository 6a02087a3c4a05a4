import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Breakage, breakOn } from "./broken-proxy.ts";

const ASSETS = new URL("../../assets/", import.meta.url);

/** A name of this machine whose pages are never on the list of allowed origins. */
export const FOREIGN_HOST = "not-allowed.localhost";

/** Where the demo page finds the other two origins. Known once their listeners are bound. */
export interface DemoTargets {
  /** The API's base URL. */
  readonly api: string;
  /** The files origin, which serves the demo's pictures too. */
  readonly files: string;
  /** The page's own origins. */
  readonly origins: readonly string[];
}

/**
 * The demo page: a chat, the snippet, and buttons for its failures. It is a plain web
 * server, since a page of one's own is one; all that is special is in the API.
 */
export function createDemoPage(targets: () => DemoTargets | undefined): Server {
  return createServer((incoming, outgoing) => {
    void handle(targets(), incoming, outgoing).catch(() => outgoing.destroy());
  });
}

async function handle(
  targets: DemoTargets | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const plain = (status: number, text: string) =>
    void outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  // DNS rebinding: a foreign name that points here must not reach the API through the proxies below.
  if (!/^(?:localhost|127\.0\.0\.1|not-allowed\.localhost)(?::\d+)?$/.test(incoming.headers.host ?? "")) {
    return plain(400, "This demo answers as localhost and 127.0.0.1 only.");
  }
  if (targets === undefined) return plain(503, "Waybill is starting. Load this page again in a moment.");
  const url = new URL(incoming.url ?? "/", "http://localhost");
  const proxied = /^\/(masked|cut)\/(.+)$/.exec(url.pathname);
  if (proxied !== null) {
    breakOn(
      proxied[1] as Breakage,
      new URL(`${targets.api}/`),
      `${proxied[2]}${url.search}`,
      incoming,
      outgoing,
    );
    return;
  }
  if (incoming.method !== "GET" && incoming.method !== "HEAD")
    return plain(405, "This page can only be read.");
  const asset = { "/": "demo.html", "/demo.js": "demo.js", "/demo.css": "demo.css" }[url.pathname];
  if (asset === undefined) return plain(404, "The demo has no such page. It begins at /.");
  const type = { html: "text/html", js: "text/javascript", css: "text/css" }[asset.split(".")[1] ?? ""];
  const text = await readFile(new URL(asset, ASSETS), "utf8");
  outgoing
    .writeHead(200, {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    })
    .end(asset === "demo.html" ? filled(text, targets) : text);
}

function filled(html: string, targets: DemoTargets): string {
  const json = JSON.stringify({ ...targets, foreignHost: FOREIGN_HOST }).replaceAll("<", "\\u003c");
  return html.replace("{{targets}}", () => json).replaceAll("{{api}}", () => targets.api);
}
