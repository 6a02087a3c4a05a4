import { once } from "node:events";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchChromium } from "./support/browser.ts";
import { chatPage, errorCard, runSnippet } from "./support/chat-page.ts";
import { startWaybill, type WaybillProcess } from "./support/waybill-process.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const HIDDEN_CAUSE = /Failed to fetch|CORS policy|\[object|undefined/;

describe("every failure that a page can meet is told in words", () => {
  let browser: Browser;
  let app: WebServer;
  let pictures: WebServer;
  let waybill: WaybillProcess;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    app = await startWebServer((request, response) => {
      const api = new URL(request.url ?? "/", "http://app").searchParams.get("api") ?? waybill.api;
      response.writeHead(200, { "content-type": "text/html" }).end(chatPage(api));
    });
    pictures = await startWebServer((request, response) => {
      const png = { "content-type": "image/png" };
      switch (request.url) {
        case "/missing.png":
          return void response.writeHead(404).end("none");
        case "/broken.png":
          return void response.writeHead(500).end("broken");
        case "/page.png":
          return void response.writeHead(200, png).end("<!doctype html><title>Sign in</title>");
        case "/drawing.png":
          return void response.writeHead(200, png).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
        case "/empty.png":
          return void response.writeHead(200, png).end();
        case "/huge.png":
          return void response.writeHead(200, { ...png, "content-length": "600000000" }).write("x");
        case "/inward.png":
          return void response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
        default:
          // Never answers.
          return undefined;
      }
    });
    waybill = await startWaybill({
      WAYBILL_ALLOWED_ORIGINS: app.origin,
      WAYBILL_IMPORT_ALLOW: `127.0.0.1:${pictures.port}`,
    });
  });
  afterAll(async () => {
    await browser?.close();
    await waybill?.[Symbol.asyncDispose]();
    await app?.[Symbol.asyncDispose]();
    await pictures?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage();
    await page.goto(app.origin);
    return async () => {
      await page.close();
    };
  });

  async function threadsStored(): Promise<number> {
    const response = await fetch(`${waybill.api}/chatkit`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ type: "threads.list", params: {} }),
    });
    const list = (await response.json()) as { data: unknown[] };
    return list.data.length;
  }

  test.each([
    ["a host that does not exist", "https://nowhere.invalid/cat.png", /nowhere\.invalid/],
    ["a picture that is not there", "/missing.png", /404/],
    ["a picture host that fails", "/broken.png", /500/],
    ["a web page under a picture's name", "/page.png", /text\/html/],
    ["an SVG that is said to be a PNG", "/drawing.png", /svg/i],
    ["an empty file", "/empty.png", /empty/],
    ["a file of 600 MB", "/huge.png", /572.3 MB/],
    ["a host that never answers", "/never.png", /seconds|long/],
    ["a private address", "http://10.0.0.7/cat.png", /10\.0\.0\.7/],
    ["the metadata address", "http://169.254.169.254/latest", /169\.254\.169\.254/],
    ["a loopback address", "http://127.0.0.1:1/cat.png", /127\.0\.0\.1/],
    ["a redirect to the metadata address", "/inward.png", /private|not public|may not/],
    ["a picture without an address", undefined, /test\.png|123/],
  ])("%s", async (_name, source, words) => {
    const url = source?.startsWith("/") === true ? `${pictures.origin}${source}` : source;
    const rejection = await runSnippet(page, url);
    const card = await errorCard(page);
    expect(rejection).toMatch(words);
    expect(card).toMatch(words);
    expect(`${card} ${rejection}`).not.toMatch(HIDDEN_CAUSE);
    expect(await page.locator("[role=textbox], textarea").first().isVisible()).toBe(true);
    // Nothing half-stored: no thread was opened for a turn that was not sent.
    expect(await threadsStored()).toBe(0);
  });

  test("the server is not running", async () => {
    const gone = await startWebServer((_request, response) => response.end());
    await gone[Symbol.asyncDispose]();
    await page.evaluate(`app.chatKit.setOptions({ api: { url: "${gone.origin}/chatkit" } })`);
    await runSnippet(page, `${pictures.origin}/missing.png`);
    const card = await errorCard(page);
    expect(card).toMatch(/could not be reached/);
    expect(card).not.toMatch(HIDDEN_CAUSE);
  });

  test("the server answers 500 behind a proxy that strips headers", async () => {
    const masking = await startWebServer((request, response) => {
      const allow = {
        "access-control-allow-origin": app.origin,
        "access-control-allow-headers": "*, authorization",
        vary: "Origin",
      };
      if (request.method === "OPTIONS") return void response.writeHead(204, allow).end();
      if (request.method === "GET" && request.url === "/v1") {
        return void response
          .writeHead(200, {
            ...allow,
            "content-type": "application/json",
            "access-control-expose-headers": "Waybill",
            waybill: "0.1.0",
          })
          .end("{}");
      }
      return void response.writeHead(500, { "content-type": "text/plain" }).end("Internal Server Error");
    });
    await page.evaluate(`app.chatKit.setOptions({ api: { url: "${masking.origin}/chatkit" } })`);
    await page.evaluate('app.chatKit.sendUserMessage({ text: "hello" }).catch(() => {})');
    const card = await errorCard(page);
    expect(card).toMatch(/may not read the answer/);
    expect(card).not.toMatch(HIDDEN_CAUSE);
    await masking[Symbol.asyncDispose]();
  });

  test("the server is killed in mid-answer, and the text that had come stays", async () => {
    await using other = await startWaybill({ WAYBILL_ALLOWED_ORIGINS: app.origin });
    await page.goto(`${app.origin}/?api=${encodeURIComponent(other.api)}`);
    await page.evaluate('void app.chatKit.sendUserMessage({ text: "hello" }).catch(() => {})');
    const answer = page.locator("[part~=assistant-message]");
    await expect
      .poll(async () => (await answer.count()) > 0 && (await answer.innerText()).length > 30)
      .toBe(true);
    const killed = once(other.child, "exit");
    other.child.kill("SIGKILL");
    await killed;
    const card = await errorCard(page);
    expect(card).toMatch(/broke off/);
    expect(card).not.toMatch(HIDDEN_CAUSE);
    expect(await answer.innerText()).toContain("Your message arrived");
  });
});
