import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Verdict } from "../src/index.ts";
import {
  allowing,
  bundleClient,
  HTML,
  launchBrowser,
  type Outcome,
  pageScript,
  sendFrom,
} from "./browser-page.ts";
import {
  failure,
  framesOf,
  type Script,
  type ScriptedServer,
  sendEvents,
  sendJson,
  startServer,
  TURN,
  WAYBILL,
} from "./scripted-server.ts";

let browser: Browser;
let client: string;
let context: BrowserContext;
let page: Page;
let site: ScriptedServer;

beforeAll(async () => {
  [browser, client] = await Promise.all([launchBrowser(), bundleClient()]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  site = await startServer(pageScript(client));
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await site[Symbol.asyncDispose]();
});

const ACAO = { "access-control-allow-origin": "*" };

async function outcome(script: Script, options?: Parameters<typeof sendFrom>[2]): Promise<Outcome> {
  await using api = await startServer(script);
  await page.goto(site.origin);
  // Awaited here: the server ends with this scope.
  return await sendFrom(page.mainFrame(), `${api.origin}/chatkit`, options);
}

/** The verdict, checked to be in words that a person can use. */
function plain({ verdict }: Outcome): Verdict {
  if (verdict === null) throw new Error("The turn did not fail.");
  expect(JSON.stringify(verdict)).not.toMatch(/Failed to fetch|CORS policy|!|undefined/);
  return verdict;
}

async function refusedUrl(): Promise<string> {
  const server = await startServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return `${server.origin}/chatkit`;
}

test("streams a turn from another origin", async () => {
  const { types, verdict } = await outcome(allowing((_, response) => sendEvents(response, TURN, ACAO)));
  expect(verdict).toBeNull();
  expect(types).toEqual(TURN.map(({ type }) => type));
});

test("tells in the server's words why an attachment cannot be used", async () => {
  const verdict = plain(
    await outcome(
      allowing((_, response) =>
        sendJson(response, 422, failure("import_status", "preview-url.com answered 404."), ACAO),
      ),
      { previewUrl: "https://preview-url.com" },
    ),
  );
  expect(verdict).toMatchObject({
    cause: "server_error",
    title: "The attachment test.png could not be used",
    userMessage: "preview-url.com answered 404. Nothing was sent.",
    code: "import_status",
  });
});

const strict: Script = (request, response) => {
  if (request.path === "/chatkit.js") {
    response.writeHead(200, { ...WAYBILL, ...ACAO, "access-control-expose-headers": "Waybill" });
    return response.end();
  }
  return sendJson(response, request.method === "GET" ? 200 : 403, {}, WAYBILL);
};

test("knows that a Waybill server does not list this page, and sends it no message", async () => {
  await using api = await startServer(strict);
  await page.goto(site.origin);
  const verdict = plain(await sendFrom(page.mainFrame(), `${api.origin}/chatkit`));
  expect(verdict).toMatchObject({
    cause: "origin_not_allowed",
    confidence: "certain",
    pageOrigin: site.origin,
    retry: "safe",
  });
  expect(verdict.userMessage).toContain("Your message was not sent.");
  expect(verdict.developerDetail).toContain(`WAYBILL_ALLOWED_ORIGINS (comma-separated): ${site.origin}`);
  expect(verdict.developerDetail).toContain("two different origins");
  expect(api.seen.filter(({ method }) => method === "POST")).toEqual([]);
});

test("says that a sandboxed page has no origin to list", async () => {
  await using api = await startServer(strict);
  await page.goto(`${site.origin}/frame`);
  const frame = page.frames()[1];
  if (frame === undefined) throw new Error("The page has no frame.");
  const verdict = plain(await sendFrom(frame, `${api.origin}/chatkit`));
  expect(verdict).toMatchObject({ cause: "origin_not_allowed", pageOrigin: "null" });
  expect(verdict.developerDetail).toContain("allow-same-origin");
});

test("suspects a masked failure behind a 500 without CORS headers", async () => {
  const verdict = plain(
    await outcome(allowing((_, response) => sendJson(response, 500, { message: "boom" }))),
  );
  expect(verdict).toMatchObject({
    cause: "cors_missing_or_masked",
    confidence: "likely",
    title: "The server answered, but this page may not read the answer",
    retry: "keyed",
  });
  expect(verdict.alternatives).toHaveLength(4);
});

test("suspects missing CORS headers of another's server, and does not offer to repeat the turn", async () => {
  const verdict = plain(
    await outcome((request, response) =>
      request.method === "OPTIONS"
        ? response.writeHead(204, { ...ACAO, "access-control-allow-headers": "*" }).end()
        : sendJson(response, request.path === "/v1" ? 404 : 500, {}),
    ),
  );
  expect(verdict).toMatchObject({ cause: "cors_missing_or_masked", confidence: "likely", retry: "never" });
  expect(verdict.developerDetail).toContain(`WAYBILL_ALLOWED_ORIGINS (comma-separated): ${site.origin}`);
});

test("says that a server which refuses connections could not be reached", async () => {
  await page.goto(site.origin);
  const verdict = plain(await sendFrom(page.mainFrame(), await refusedUrl()));
  expect(verdict).toMatchObject({ cause: "server_unreachable", confidence: "possible", retry: "safe" });
  expect(verdict.userMessage).toContain("Your own connection works.");
  expect(verdict.userMessage).toContain("Your message was not sent.");
});

test("says that the connection does not work when the page's own server is gone too", async () => {
  const own = await startServer(pageScript(client));
  await page.goto(own.origin);
  await page.waitForFunction("globalThis.client");
  await own[Symbol.asyncDispose]();
  const verdict = plain(await sendFrom(page.mainFrame(), await refusedUrl()));
  expect(verdict).toMatchObject({ cause: "network_down", confidence: "likely" });
});

test("says that the answer broke off", async () => {
  let lose = (): void => undefined;
  await page.exposeFunction("onEvent", (count: number) => {
    if (count === 4) lose();
  });
  const { types, verdict } = await outcome(
    allowing((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", ...ACAO });
      response.write(framesOf(TURN.slice(0, 4)));
      lose = () => response.destroy();
    }),
  );
  expect(types).toHaveLength(4);
  expect(plain({ types, verdict })).toMatchObject({
    cause: "stream_broken",
    confidence: "certain",
    retry: "never",
  });
});

test("says that the device is offline", async () => {
  await page.goto(site.origin);
  await page.waitForFunction("globalThis.client");
  await context.setOffline(true);
  const verdict = plain(await sendFrom(page.mainFrame(), await refusedUrl()));
  expect(verdict).toMatchObject({
    cause: "offline",
    confidence: "certain",
    userMessage: "Your message is kept and was not sent.",
    retry: "safe",
  });
});

test("names the page's own policy and the address that it lacks", async () => {
  await using api = await startServer(allowing((_, response) => sendEvents(response, TURN, ACAO)));
  await page.goto(`${site.origin}/?csp='self'`);
  const verdict = plain(await sendFrom(page.mainFrame(), `${api.origin}/chatkit`));
  expect(verdict).toMatchObject({ cause: "csp_blocked", confidence: "certain", retry: "safe" });
  expect(verdict.developerDetail).toContain(`Add ${api.origin} to connect-src.`);
  expect(api.seen).toEqual([]);
});

test("does not blame the policy for an address that was asked for, and led on to one that it forbids", async () => {
  await using elsewhere = await startServer((_, response) => sendJson(response, 200, {}, ACAO));
  await using api = await startServer(
    allowing((_, response) =>
      response.writeHead(307, { ...ACAO, location: `${elsewhere.origin}/chatkit` }).end(),
    ),
  );
  await page.goto(`${site.origin}/?csp='self' ${api.origin}`);
  const verdict = plain(await sendFrom(page.mainFrame(), `${api.origin}/chatkit`));
  expect(verdict).toMatchObject({ cause: "cors_missing_or_masked", confidence: "likely", retry: "keyed" });
  expect(verdict.developerDetail).not.toContain(`Add ${api.origin}`);
});

test("does not take a probe that the policy blocks for a broken network", async () => {
  const url = await refusedUrl();
  await page.goto(`${site.origin}/?csp=${new URL(url).origin}`);
  const verdict = plain(await sendFrom(page.mainFrame(), url));
  expect(verdict).toMatchObject({ cause: "server_unreachable", confidence: "possible" });
  expect(verdict.developerDetail).toContain("the page's own server skipped");
});

/** Pages on public names, which need no server. */
const publicPages = (): Promise<unknown> =>
  context.route(/^https?:\/\/app\.example\//, (route) =>
    route.fulfill(
      route.request().url().endsWith("/client.js")
        ? { contentType: "text/javascript", body: client }
        : { contentType: "text/html", body: HTML },
    ),
  );

test("says that a secure page may not use an http address", async () => {
  await publicPages();
  await page.goto("https://app.example/");
  const verdict = plain(await sendFrom(page.mainFrame(), "http://api.example/chatkit"));
  expect(verdict).toMatchObject({ cause: "mixed_content", confidence: "certain", retry: "safe" });
});

test.each(["http", "https"])(
  "says that an %s page on a public name has no permission for a local server",
  async (scheme) => {
    await using api = await startServer(allowing((_, response) => sendEvents(response, TURN, ACAO)));
    await publicPages();
    await page.goto(`${scheme}://app.example/`);
    const verdict = plain(await sendFrom(page.mainFrame(), `${api.origin}/chatkit`));
    expect(verdict).toMatchObject({ cause: "local_network_access", confidence: "likely", retry: "safe" });
  },
);

test("says that the server took too long", async () => {
  const verdict = plain(
    await outcome(
      allowing(() => undefined),
      { timeoutMs: 300 },
    ),
  );
  expect(verdict).toMatchObject({ cause: "timeout", confidence: "certain", retry: "keyed" });
});
