import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Verdict } from "@waybill/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SELF_SIGNED } from "../../server/test/support/self-signed.ts";
import { launchChromium } from "./support/browser.ts";
import { chatPage, errorCard } from "./support/chat-page.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const BUNDLE = fileURLToPath(new URL("../../element/dist/chatkit.js", import.meta.url));
const NAME = { waybill: "0.1.0" };

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const allow = ({ headers }: IncomingMessage) => ({
  ...NAME,
  "access-control-allow-origin": headers.origin ?? "*",
  "access-control-allow-headers": headers["access-control-request-headers"] ?? "",
  "access-control-expose-headers": "Waybill, X-Request-Id",
});

/** A Waybill server that allows the page: preflights and `v1`; turns as they are given. */
const answering =
  (turn: Handle): Handle =>
  (request, response) => {
    if (request.method === "OPTIONS") response.writeHead(204, allow(request)).end();
    else if (request.method === "GET") response.writeHead(200, allow(request)).end("{}");
    else turn(request, response);
  };

/** A readable answer in JSON. */
const told = (status: number, body: unknown): Handle =>
  answering((request, response) =>
    response
      .writeHead(status, { ...allow(request), "content-type": "application/json", "x-request-id": "req_7" })
      .end(JSON.stringify(body)),
  );

const failure = {
  error: { code: "internal_error", message: "Broken.", request_id: "req_7" },
  message: "Broken.",
};

/** What a row of the table does to the page and its server. */
interface Scene {
  /** Answers at the chat server's address. @default nothing: the port is closed */
  readonly api?: Handle;
  /** In the place of a server of the test's own. */
  readonly address?: string;
  readonly tls?: boolean;
  /** Answers `/chat/v1` at the page's own server. */
  readonly relay?: Handle;
  readonly csp?: string;
  /** Where the page is, if not on its own server. */
  readonly pageUrl?: string;
  readonly fakeClock?: boolean;
  /** Once the page stands. */
  readonly before?: () => Promise<void>;
  /** Once the message is on its way. */
  readonly during?: () => Promise<void>;
}

describe("what Chromium lets a page conclude", () => {
  let browser: Browser;
  let bundle: string;
  let context: BrowserContext;
  let page: Page;
  let app: WebServer;
  let scene: Scene = {};
  let api = "";
  const table: string[] = [];
  const ended: (() => void)[] = [];

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), readFile(BUNDLE, "utf8")]);
  });
  afterAll(async () => {
    await browser?.close();
    process.stdout.write(`${table.join("\n")}\n`);
  });
  beforeEach(async () => {
    app = await startWebServer(serveApp);
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(async () => {
    for (const end of ended.splice(0)) end();
    await context.close();
    await app[Symbol.asyncDispose]();
  });

  const html = () =>
    chatPage(api, { bundle: "/chatkit.js", options: scene.relay ? '{ api: { relay: "/chat/" } }' : "{}" });

  function serveApp(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === "/chatkit.js")
      response.writeHead(200, { "content-type": "text/javascript" }).end(bundle);
    else if (request.url === "/chat/v1" && scene.relay !== undefined) scene.relay(request, response);
    else {
      const csp = scene.csp === undefined ? {} : { "content-security-policy": scene.csp };
      response.writeHead(200, { "content-type": "text/html", ...csp }).end(html());
    }
  }

  /** Starts the chat server; its origin. */
  async function startApi({ api: handle, tls, address }: Scene): Promise<string> {
    if (address !== undefined) return address;
    const listener: Handle = (request, response) => {
      request.resume();
      handle?.(request, response);
    };
    const server = tls === true ? createSecureServer(SELF_SIGNED, listener) : createServer(listener);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const end = () => {
      server.closeAllConnections();
      server.close();
    };
    if (handle === undefined) end();
    else ended.push(end);
    return `${tls === true ? "https" : "http"}://127.0.0.1:${port}`;
  }

  /** Sends a message into the scene, and returns the verdict and what the card says. */
  async function play(row: string, given: Scene): Promise<{ verdict: Verdict; card: string }> {
    scene = given;
    api = await startApi(given);
    if (given.pageUrl !== undefined) {
      await context.route(`${given.pageUrl}**`, (route) =>
        route.fulfill(
          route.request().url().endsWith(".js")
            ? { contentType: "text/javascript", body: bundle }
            : { contentType: "text/html", body: html() },
        ),
      );
    }
    if (given.fakeClock === true) await page.clock.install();
    await page.goto(given.pageUrl ?? app.origin);
    await page.evaluate(
      'app.chatKit.addEventListener("chatkit.error", ({ detail }) => { app.verdict = detail.error.verdict; })',
    );
    await given.before?.();
    await page.evaluate('void app.chatKit.sendUserMessage({ text: "hello" }).catch(() => {})');
    await given.during?.();
    await page.waitForFunction("app.verdict", null, { timeout: 12_000 });
    await page.locator("[part~=error-card] summary").click();
    const card = await errorCard(page);
    const verdict: Verdict = await page.evaluate("app.verdict");
    table.push(`${row.padEnd(44)} ${verdict.cause.padEnd(24)} ${verdict.confidence}`);
    expect(card).toContain(verdict.title);
    expect(card).toContain(verdict.userMessage);
    for (const other of verdict.alternatives) expect(card).toContain(other);
    expect(verdict.alternatives.length > 0).toBe(verdict.confidence !== "certain");
    expect(card).not.toMatch(/Failed to fetch|CORS policy|\[object|undefined/);
    expect(card).toContain("npx waybill doctor --origin");
    return { verdict, card };
  }

  const up: Handle = (_, response) => response.writeHead(200, NAME).end("{}");
  const down: Handle = (_, response) =>
    response
      .writeHead(502, { ...NAME, "content-type": "application/json" })
      .end(JSON.stringify({ error: { ...failure.error, code: "upstream_failed" }, message: "Broken." }));

  test.each<[string, Scene, Partial<Verdict>]>([
    [
      "a policy of the page",
      { api: told(200, {}), csp: "connect-src 'self'" },
      { cause: "csp_blocked", confidence: "certain", retry: "safe" },
    ],
    [
      "an http address from a secure page",
      { address: "http://api.example", pageUrl: "https://app.example/" },
      { cause: "mixed_content", confidence: "certain", retry: "safe" },
    ],
    [
      "a local address from a public page",
      { api: told(200, {}), pageUrl: "http://app.example/" },
      { cause: "local_network_access", confidence: "likely", retry: "safe" },
    ],
    [
      "no CORS headers at all",
      {
        api: (_, response) => response.writeHead(200).end("{}"),
      },
      { cause: "cors_missing_or_masked", confidence: "likely" },
    ],
    [
      "a refused preflight",
      {
        api: (request, response) =>
          request.method === "OPTIONS" ? response.writeHead(405).end() : told(200, {})(request, response),
      },
      { cause: "cors_missing_or_masked", confidence: "likely", retry: "keyed" },
    ],
    [
      "a 500 without CORS headers",
      { api: answering((_, response) => response.writeHead(500).end("Internal Server Error")) },
      { cause: "cors_missing_or_masked", confidence: "likely", retry: "keyed" },
    ],
    [
      "a failure named by Server-Timing alone",
      {
        api: (request, response) =>
          response
            .writeHead(500, {
              "server-timing": 'waybill;desc="internal_error"',
              "timing-allow-origin": "*",
              "content-type": "application/json",
            })
            .end(request.method === "HEAD" ? undefined : JSON.stringify(failure)),
      },
      { cause: "cors_missing_or_masked", confidence: "likely", code: "internal_error" },
    ],
    [
      "a page that is not on the list",
      {
        api: (request, response) =>
          request.url === "/chatkit.js"
            ? response.writeHead(200, allow(request)).end()
            : response.writeHead(request.method === "GET" ? 200 : 403, NAME).end("{}"),
      },
      { cause: "origin_not_allowed", confidence: "certain", retry: "safe" },
    ],
    [
      "a name that nobody has",
      { address: "http://name.invalid" },
      { cause: "server_unreachable", confidence: "possible", retry: "safe" },
    ],
    ["a closed port", {}, { cause: "server_unreachable", confidence: "possible", retry: "safe" }],
    [
      "a certificate that nobody signed",
      { api: told(200, {}), tls: true },
      { cause: "server_unreachable", confidence: "possible", retry: "safe" },
    ],
    [
      "a closed port, and a relay that reaches it",
      { relay: up },
      { cause: "way_broken", confidence: "likely", retry: "safe" },
    ],
    [
      "a closed port, for the relay as well",
      { relay: down },
      { cause: "server_unreachable", confidence: "likely", code: "upstream_failed", status: 502 },
    ],
    [
      "a failure that the page may read",
      { api: told(500, failure) },
      { cause: "server_error", confidence: "certain", code: "internal_error", requestId: "req_7" },
    ],
  ])("%s", async (row, given, expected) => {
    const { verdict, card } = await play(row, given);
    expect(verdict).toMatchObject(expected);
    if (expected.code !== undefined) expect(card).toContain(expected.code);
  });

  test("a device without a connection", async () => {
    const before = () => context.setOffline(true);
    const { verdict } = await play("a device without a connection", { api: told(200, {}), before });
    expect(verdict).toMatchObject({ cause: "offline", confidence: "certain", retry: "safe" });
  });

  test("neither server", async () => {
    const { verdict } = await play("neither server", { before: () => app[Symbol.asyncDispose]() });
    expect(verdict).toMatchObject({ cause: "network_down", confidence: "likely", retry: "safe" });
  });

  test("an answer that does not come", async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const { verdict } = await play("an answer that does not come", {
      api: answering(() => resolve()),
      fakeClock: true,
      during: async () => {
        await arrived;
        await page.clock.fastForward(61_000);
      },
    });
    expect(verdict).toMatchObject({ cause: "timeout", confidence: "certain", retry: "keyed" });
  });

  test("a stream that breaks off", async () => {
    let lose = (): void => undefined;
    const at = "2026-01-02T03:04:05Z";
    const thread = { id: "thr_1", created_at: at, status: { type: "active" }, metadata: {} };
    const item = { thread_id: "thr_1", created_at: at, content: [{ type: "input_text", text: "hello" }] };
    const events = [
      { type: "thread.created", thread: { ...thread, items: { data: [], has_more: false } } },
      {
        type: "thread.item.done",
        item: { ...item, id: "msg_1", type: "user_message", attachments: [], inference_options: {} },
      },
      {
        type: "thread.item.added",
        item: { ...item, id: "msg_2", type: "assistant_message", content: [] },
      },
    ];
    const { verdict } = await play("a stream that breaks off", {
      api: answering((request, response) => {
        response.writeHead(200, { ...allow(request), "content-type": "text/event-stream" });
        response.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
        lose = () => response.destroy();
      }),
      during: async () => {
        await page.waitForFunction('app.events.some(({ name }) => name === "chatkit.response.start")');
        lose();
      },
    });
    expect(verdict).toMatchObject({ cause: "stream_broken", confidence: "certain", retry: "never" });
  });
});
