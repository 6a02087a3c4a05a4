import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium, watch } from "./support/browser.ts";
import { chatPage, errorCard, eventNames, runSnippet } from "./support/chat-page.ts";
import { png } from "./support/png.ts";
import { startWaybill, type WaybillProcess } from "./support/waybill-process.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const ANSWER = "[part~=assistant-message]";

describe("the snippet of chatkit-js#149 on three origins", () => {
  let browser: Browser;
  let pictures: WebServer;
  let app: WebServer;
  let waybill: WaybillProcess;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium();
    pictures = await startWebServer((_request, response) => {
      response.writeHead(200, { "content-type": "image/png" }).end(png(37, 23));
    });
    app = await startWebServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(chatPage(waybill.api));
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

  test("gets a streamed answer that names the picture's real dimensions", async () => {
    page = await browser.newPage();
    const seen = watch(page);
    await page.goto(app.origin);
    expect(await runSnippet(page, `${pictures.origin}/cat.png`)).toBeNull();
    await page.waitForFunction('app.events.some((event) => event.name === "chatkit.response.end")');
    const answer = await page.locator(ANSWER).innerText();
    expect(answer).toContain("37 × 23");
    expect(answer).toContain("image/png");
    expect(answer).toContain("No model is configured");
    const names = await eventNames(page);
    expect(names.filter((name) => name.startsWith("chatkit.response"))).toEqual([
      "chatkit.response.start",
      "chatkit.response.end",
    ]);
    expect(names).not.toContain("chatkit.error");
    expect(seen.console.filter((line) => /cors|uncaught|^error/i.test(line))).toEqual([]);
    const named = new Set([app.origin, waybill.api, waybill.files, pictures.origin]);
    expect([...seen.hosts].filter((host) => !named.has(host))).toEqual([]);
    expect(pictures.requests.length).toBeGreaterThan(0);
  });

  test("shows the picture in the message from the files origin, and again after a reload", async () => {
    const image = page.locator("[part~=user-message] img").first();
    const naturalWidth = () => image.evaluate((element) => (element as HTMLImageElement).naturalWidth);
    await expect.poll(naturalWidth).toBe(37);
    const threadId: string = await page.evaluate(
      'app.events.find((event) => event.name === "chatkit.thread.change").detail.threadId',
    );
    await page.reload();
    await page.evaluate(`app.chatKit.setThreadId(${JSON.stringify(threadId)})`);
    await page.locator(ANSWER).waitFor();
    expect(await page.locator(ANSWER).innerText()).toContain("37 × 23");
    await expect.poll(naturalWidth).toBe(37);
    expect(new URL((await image.getAttribute("src")) ?? "").origin).toBe(waybill.files);
  });

  test("refuses a page whose origin is not allowed, and names origin and variable", async () => {
    const other = await startWebServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(chatPage(waybill.api));
    });
    const foreign = await browser.newPage();
    await foreign.goto(other.origin);
    const rejection = await runSnippet(foreign, `${pictures.origin}/cat.png`);
    const card = await errorCard(foreign);
    expect(`${rejection}`).not.toMatch(/Failed to fetch|CORS policy/);
    expect(card).not.toMatch(/Failed to fetch|CORS policy/);
    await foreign.locator("[part~=error-card] summary").click();
    const details = await errorCard(foreign);
    expect(details).toContain(other.origin);
    expect(details).toContain("WAYBILL_ALLOWED_ORIGINS");
    await foreign.close();
    await other[Symbol.asyncDispose]();
  });
});
