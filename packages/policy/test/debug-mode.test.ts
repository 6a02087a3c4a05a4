import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { applyCors, type CorsPolicy, createCorsPolicy } from "@waybill/policy";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let browser: Browser;
let page: Server;
let origin: string;

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  page = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><link rel=icon href=data:,>");
  });
  origin = await listen(page);
});
afterAll(async () => {
  await browser.close();
  page.close();
});

interface Ask {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Chromium's console says of a request that a policy refuses. */
async function consoleOf(policy: CorsPolicy, ask: Ask): Promise<string> {
  const api = createServer((request, response) => {
    const decision = policy.decide({
      method: request.method ?? "GET",
      origin: request.headers.origin,
      requestMethod: request.headers["access-control-request-method"],
      requestHeaders: request.headers["access-control-request-headers"],
    });
    const headers = new Headers();
    applyCors(decision, headers);
    response.setHeaders(headers);
    response.writeHead(decision.kind === "preflight" ? decision.status : 200).end();
  });
  const url = await listen(api);
  const tab = await browser.newPage();
  try {
    await tab.goto(origin);
    const said = tab.waitForEvent("console", (message) => message.text().includes("CORS policy"));
    await tab.evaluate(({ to, ask }) => fetch(to, ask).catch(() => {}), { to: url, ask });
    return (await said).text();
  } finally {
    await tab.close();
    api.close();
    api.closeAllConnections();
  }
}

function policyOf(origins: readonly string[], debug: boolean): CorsPolicy {
  const compiled = createCorsPolicy({ origins, methods: ["PUT"], allowedHeaders: ["x-own"], debug });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  return compiled.policy;
}

describe("a refused preflight in Chromium", () => {
  test.each<[string, Ask, string]>([
    ["method", { method: "DELETE" }, "Method DELETE is not allowed by Access-Control-Allow-Methods"],
    [
      "header",
      { method: "PUT", headers: { "x-other": "1" } },
      "Request header field x-other is not allowed by",
    ],
  ])("names the %s in debug mode, and otherwise the status alone", async (_name, init, words) => {
    expect(await consoleOf(policyOf([origin], true), init)).toContain(words);
    expect(await consoleOf(policyOf([origin], false), init)).toContain("does not have HTTP ok status");
  });

  test("names the origin in both", async () => {
    for (const debug of [true, false]) {
      const said = await consoleOf(policyOf(["https://app.example"], debug), { method: "PUT" });
      expect(said).toContain("No 'Access-Control-Allow-Origin' header is present");
    }
  });
});
