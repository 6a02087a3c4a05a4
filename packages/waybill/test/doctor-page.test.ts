import type { IncomingMessage, ServerResponse } from "node:http";
import { createCorsPolicy } from "@waybill/policy";
import { serve } from "@waybill/server/node";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeViolations } from "../../element/test/support/axe.ts";
import { withDoctorPage } from "../src/doctor-page/doctor-page.ts";
import { launchChromium, watch } from "./support/browser.ts";
import { startWaybill, type WaybillProcess } from "./support/waybill-process.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const ORIGIN = "https://app.example";

/** Fails without CORS, unless asked for what works; `/never` does not answer. */
function broken(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === "/never") return;
  if (request.url === "/fine") {
    response.writeHead(200, { "access-control-allow-origin": ORIGIN, vary: "Origin" }).end("ok");
    return;
  }
  response.writeHead(500, { "content-type": "text/plain" }).end("The database is gone.");
}

/** Asks as the page does, with other headers where they are given. */
function ask(base: string, question: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${base}/doctor/diagnose`, {
    method: "POST",
    headers: { origin: base, "content-type": "application/json", ...headers },
    body: typeof question === "string" ? question : JSON.stringify(question),
  });
}

const answerOf = async (asked: Promise<Response>) => {
  const response = await asked;
  const body = (await response.json()) as {
    diagnosis?: { outcome: string; cause: string; exchanges: { outcome: { fault?: string } }[] };
    error?: { code: string; details?: { path?: string } };
    message?: string;
  };
  return { status: response.status, ...body };
};

describe("the doctor's page", () => {
  let browser: Browser;
  let api: WebServer;
  let waybill: WaybillProcess;

  beforeAll(async () => {
    [browser, api, waybill] = await Promise.all([launchChromium(), startWebServer(broken), startWaybill()]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([api, waybill].map((part) => part?.[Symbol.asyncDispose]()));
  });

  async function open(options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options);
    await page.goto(`${waybill.api}/doctor`);
    return page;
  }
  const askForm = async (page: Page, url: string, origin = ORIGIN) => {
    await page.getByLabel("Origin of the page").fill(origin);
    await page.getByLabel("URL", { exact: true }).fill(url);
    await page.getByRole("button", { name: "Ask the server" }).click();
  };

  test("diagnoses what its form describes, by keyboard, with nothing from elsewhere", async () => {
    const page = await open();
    const seen = watch(page);
    await page.getByLabel("Origin of the page").focus();
    await page.keyboard.type(ORIGIN);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type(`${api.origin}/v1`);
    await page.keyboard.press("Enter");
    const verdict = page.locator("#verdict");
    await verdict.waitFor();
    expect(await verdict.getAttribute("class")).toBe("broken");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("verdict");
    const result = page.locator("#result");
    expect(await result.innerText()).toContain("has been blocked by CORS policy");
    expect(await result.innerText()).toContain("The database is gone.");
    expect(await result.innerText()).toContain("To mend it");
    await page.getByText("What was sent and answered").click();
    expect(await page.getByLabel("The whole report").innerText()).toContain("← 500");
    expect([seen.console, [...seen.hosts]]).toEqual([[], [waybill.api]]);
    await page.close();
  });

  test("reads a curl command, and takes the origin from it", async () => {
    const page = await open();
    await page.getByLabel("With a curl command").check();
    await page
      .getByLabel("curl command", { exact: true })
      .fill(`curl '${api.origin}/fine' -H 'origin: ${ORIGIN}' -H 'sec-fetch-mode: cors' --compressed`);
    await page.getByRole("button", { name: "Ask the server" }).click();
    await page.locator("#verdict.fine").waitFor();
    await page.getByLabel("curl command", { exact: true }).fill("curl --frobnicate x");
    await page.getByRole("button", { name: "Ask the server" }).click();
    await page.getByRole("alert").filter({ hasText: "--frobnicate" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("curl");
    await page.close();
  });

  test("names the field that is wrong", async () => {
    const page = await open();
    await askForm(page, `${api.origin}/v1`, "app.example");
    await page.getByRole("alert").filter({ hasText: "origin" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("origin");
    await page.close();
  });

  test.each([
    ["light", 1100],
    ["dark", 1100],
    ["light", 320],
    ["dark", 320],
  ] as const)(
    "is without fault for axe, %s, %i pixels wide, and nothing sticks out",
    async (colorScheme, width) => {
      const page = await open({ colorScheme, viewport: { width, height: 900 } });
      expect(await axeViolations({ page })).toEqual([]);
      await askForm(page, `${api.origin}/v1/${"long/".repeat(20)}`);
      await page.locator("#verdict").waitFor();
      await page.getByText("What was sent and answered").click();
      expect(await axeViolations({ page })).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await page.close();
    },
  );

  test("runs no script but its own", async () => {
    const response = await fetch(`${waybill.api}/doctor`);
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self';/);
    expect(await response.text()).not.toMatch(/<script>|<style|\son\w+=|style=/);
  });

  test("is asked by itself alone", async () => {
    const question = { origin: ORIGIN, url: `${api.origin}/fine` };
    expect(await answerOf(ask(waybill.api, question))).toMatchObject({
      status: 200,
      diagnosis: { outcome: "fine" },
    });
    for (const [headers, status] of [
      [{ origin: waybill.demo }, 403],
      [{ origin: "null" }, 403],
      [{ origin: "" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ "content-type": "text/plain" }, 415],
    ] as const) {
      expect([headers, (await ask(waybill.api, question, headers)).status]).toEqual([headers, status]);
    }
    expect((await fetch(`${waybill.api}/doctor/diagnose`)).status).toBe(405);
    expect((await fetch(`${waybill.api}/doctor`, { method: "POST" })).status).toBe(405);
  });

  test("refuses what is no question, without repeating it", async () => {
    for (const [question, status, path] of [
      ["s3cret", 400, undefined],
      ["null", 400, undefined],
      [{ origin: ORIGIN }, 400, "request.url"],
      [{ origin: ORIGIN, url: 7 }, 400, "url"],
      [{ origin: ORIGIN, url: api.origin, headers: "s3cret" }, 400, "headers"],
      [{ origin: ORIGIN, url: api.origin, mode: "navigate" }, 400, "mode"],
      [{ curl: `curl ${api.origin}` }, 400, "origin"],
      [{ origin: ORIGIN, url: api.origin, body: "x".repeat(300_000) }, 413, undefined],
    ] as const) {
      const answer = await answerOf(ask(waybill.api, question));
      expect([answer.status, answer.error?.details?.path]).toEqual([status, path]);
      expect(JSON.stringify(answer)).not.toContain("s3cret");
    }
  });

  test("asks four servers at once, and no fifth", async () => {
    const slow = { origin: ORIGIN, url: `${api.origin}/never` };
    const end = new AbortController();
    const asked = Array.from({ length: 4 }, () =>
      fetch(`${waybill.api}/doctor/diagnose`, {
        method: "POST",
        headers: { origin: waybill.api, "content-type": "application/json" },
        body: JSON.stringify(slow),
        signal: end.signal,
      }).catch(() => undefined),
    );
    await expect.poll(() => api.requests.filter((line) => line.endsWith("/never")).length).toBe(4);
    expect(await answerOf(ask(waybill.api, slow))).toMatchObject({
      status: 429,
      error: { code: "rate_limited" },
    });
    end.abort();
    await Promise.all(asked);
    await expect
      .poll(async () => (await ask(waybill.api, { origin: ORIGIN, url: `${api.origin}/fine` })).status)
      .toBe(200);
  });

  test("is not there for those who come through a proxy, nor where it is switched off", async () => {
    expect(
      (await fetch(`${waybill.api}/doctor`, { headers: { "x-forwarded-for": "192.0.2.1" } })).status,
    ).toBe(404);
    await using off = await startWaybill({ WAYBILL_DOCTOR: "off" });
    expect((await fetch(`${off.api}/doctor`)).status).toBe(404);
  });

  test("reaches public addresses alone for those who are elsewhere", async () => {
    const compiled = createCorsPolicy({ origins: "*" });
    if (!compiled.ok) throw new Error("The policy does not compile.");
    const app = { corsFor: () => compiled.policy, fetch: () => new Response("the application") };
    const server = await serve(withDoctorPage(app, { onlyLocal: false }), { port: 0 });
    const elsewhere = { "x-forwarded-for": "192.0.2.1" };
    for (const host of [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "10.0.0.1",
      "169.254.169.254",
      "0x7f.1",
      "[::ffff:127.0.0.1]",
    ]) {
      const { status, diagnosis } = await answerOf(
        ask(server.url, { origin: "http://app.example", url: `http://${host}:${api.port}/fine` }, elsewhere),
      );
      expect([host, status, diagnosis?.outcome === "fine"]).toEqual([host, 200, false]);
      const faults = diagnosis?.exchanges.map(({ outcome }) => outcome.fault);
      expect([host, new Set(faults)]).toEqual([host, new Set(["address-refused"])]);
    }
    expect(await answerOf(ask(server.url, { origin: ORIGIN, url: `${api.origin}/fine` }))).toMatchObject({
      diagnosis: { outcome: "fine" },
    });
    expect(await (await fetch(`${server.url}/else`)).text()).toBe("the application");
    await server.close({ drainTimeoutMs: 0 });
  });
});
