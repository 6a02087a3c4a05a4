import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Frame } from "playwright-core";
import { build } from "vite";
import type { Verdict } from "../src/index.ts";
import { type Script, sendJson, WAYBILL } from "./scripted-server.ts";

/** Starts the Chromium of this machine. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** The client as one module, as a page would load it. */
export async function bundleClient(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@waybill/source", "browser", "import", "default"] },
    build: {
      write: false,
      target: "es2022",
      lib: {
        entry: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
        formats: ["es"],
        fileName: "client",
      },
    },
  });
  for (const result of Array.isArray(output) ? output : [output]) {
    if (!("output" in result)) continue;
    for (const file of result.output) if (file.type === "chunk") return file.code;
  }
  throw new Error("The build made no module.");
}

/** A Waybill server that allows the page: preflights and `v1` by the rules, the rest by the script. */
export const allowing =
  (script: Script, capabilities: unknown = {}): Script =>
  (request, response, incoming) => {
    const headers = {
      ...WAYBILL,
      "access-control-allow-origin": request.headers.origin ?? "*",
      "access-control-expose-headers": "Waybill, X-Request-Id",
    };
    if (request.method === "OPTIONS") {
      const allow = request.headers["access-control-request-headers"] ?? "";
      response.writeHead(204, {
        ...headers,
        "access-control-allow-headers": allow,
        "access-control-allow-methods": "*",
      });
      return response.end();
    }
    if (request.path === "/v1") return sendJson(response, 200, capabilities, headers);
    return script(request, response, incoming);
  };
/** The page that every test loads. */
export const HTML =
  '<!doctype html><title>page</title><script type="module">import * as client from "/client.js"; globalThis.client = client;</script>';

/** Serves the page; `/?csp=…` under that policy, `/frame` in a sandboxed frame. */
export const pageScript =
  (client: string): Script =>
  ({ path }, response) => {
    const url = new URL(path, "http://page");
    if (url.pathname === "/client.js") {
      response.writeHead(200, { "content-type": "text/javascript", "access-control-allow-origin": "*" });
      return response.end(client);
    }
    const csp = url.searchParams.get("csp");
    response.writeHead(200, {
      "content-type": "text/html",
      ...(csp === null ? {} : { "content-security-policy": `connect-src ${csp}` }),
    });
    return response.end(
      url.pathname === "/frame" ? '<iframe sandbox="allow-scripts" src="/"></iframe>' : HTML,
    );
  };

/** How a turn went in the page. */
export interface Outcome {
  readonly types: string[];
  readonly verdict: Verdict | null;
}

/** Sends a turn from the page. A function `onEvent` of the page is told how many events have arrived. */
export async function sendFrom(
  frame: Frame,
  url: string,
  options: { readonly timeoutMs?: number; readonly previewUrl?: string } = {},
): Promise<Outcome> {
  await frame.waitForFunction("globalThis.client");
  return frame.evaluate(
    async ({ url, timeoutMs, previewUrl }) => {
      const { client, onEvent } = globalThis as unknown as {
        client: typeof import("../src/index.ts");
        onEvent?: (count: number) => void;
      };
      const types: string[] = [];
      const attachment = {
        id: "123",
        name: "test.png",
        mime_type: "image/png",
        type: "image",
        preview_url: previewUrl ?? "",
      } as const;
      try {
        const chat = client.createChatClient({ url, ...(timeoutMs ? { timeoutMs } : {}) });
        const input = { text: "hello", ...(previewUrl ? { attachments: [attachment] } : {}) };
        for await (const event of chat.send(input)) {
          const count = types.push(event.type);
          onEvent?.(count);
        }
        return { types, verdict: null };
      } catch (error) {
        if (!(error instanceof client.ChatFailure)) throw error;
        return { types, verdict: error.verdict };
      }
    },
    { url, ...options },
  );
}
