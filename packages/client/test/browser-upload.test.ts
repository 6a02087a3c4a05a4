import type { Attachment } from "@waybill/protocol";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { UploadProgress, Verdict } from "../src/index.ts";
import { allowing, bundleClient, launchBrowser, pageScript } from "./browser-page.ts";
import { type EarlyScript, failure, type ScriptedServer, sendJson, startServer } from "./scripted-server.ts";

const MB = 1024 ** 2;
/** More than sockets hold, so that an upload stands still where nobody reads. */
const LARGE = 64 * MB;
const ACAO = { "access-control-allow-origin": "*", "access-control-expose-headers": "X-Request-Id" };
const STORED = { id: "atc_1", name: "film.mp4", mime_type: "video/mp4", type: "file" };
const POLICY = {
  name: "waybill",
  version: "0.1.0",
  attachments: { ways: ["direct"], max_count: 10, max_bytes: { "*/*": 512 * MB }, accept: ["*/*"] },
  resume: false,
};

let browser: Browser;
let client: string;
let page: Page;
let site: ScriptedServer;

beforeAll(async () => {
  [browser, client] = await Promise.all([launchBrowser(), bundleClient()]);
});
afterAll(() => browser.close());
beforeEach(async () => {
  site = await startServer(pageScript(client));
  page = await browser.newPage();
  await page.goto(site.origin);
  await page.waitForFunction("globalThis.client");
});
afterEach(async () => {
  await page.close();
  await site[Symbol.asyncDispose]();
});

interface Uploaded {
  readonly attachment: Attachment | null;
  readonly verdict: Verdict | null;
  /** What an upload that the page stopped ended with. */
  readonly reason: string | null;
  readonly progress: readonly UploadProgress[];
}

/** Uploads from the page. `onHalf` is called once, when some of the bytes have left and some have not. */
async function upload(
  url: string,
  { sizeBytes = LARGE, onHalf = () => undefined as unknown, stopAtHalf = false, twoPhase = false },
): Promise<Uploaded> {
  await page.exposeFunction("onHalf", onHalf);
  return page.evaluate(
    async ({ url, sizeBytes, stopAtHalf, twoPhase }) => {
      const { client, onHalf } = globalThis as unknown as {
        client: typeof import("../src/index.ts");
        onHalf: () => unknown;
      };
      const progress: UploadProgress[] = [];
      const stop = new AbortController();
      let half = false;
      const result = { attachment: null, verdict: null, reason: null, progress };
      try {
        const chat = client.createChatClient({ url, headers: { authorization: "Bearer t" } });
        const file = new File([new Uint8Array(sizeBytes)], "film.mp4", { type: "video/mp4" });
        const attachment = await chat.upload(file, {
          signal: stop.signal,
          ...(twoPhase ? { strategy: { type: "two_phase" } } : {}),
          onProgress: (at) => {
            progress.push(at);
            if (half || at.sentBytes === 0 || at.sentBytes === at.totalBytes) return;
            half = true;
            if (stopAtHalf) stop.abort(new Error("enough"));
            onHalf();
          },
        });
        return { ...result, attachment };
      } catch (error) {
        if (error instanceof client.ChatFailure) return { ...result, verdict: error.verdict };
        return { ...result, reason: String(error) };
      }
    },
    { url, sizeBytes, stopAtHalf, twoPhase },
  );
}

/** A server whose uploads are taken by `receive`, before their bytes are read. */
const receiving = (receive: (...request: Parameters<EarlyScript>) => void): Promise<ScriptedServer> =>
  startServer(
    allowing((_, response) => sendJson(response, 404, {}, ACAO), POLICY),
    "127.0.0.1",
    (incoming, response) => {
      if (incoming.method === "OPTIONS" || incoming.url !== "/v1/files") return false;
      receive(incoming, response);
      return true;
    },
  );

test("tells how far an upload is while its bytes leave", async () => {
  let read = (): void => undefined;
  let receivedBytes = 0;
  let authorization: string | undefined;
  await using api = await receiving((incoming, response) => {
    authorization = incoming.headers.authorization;
    read = () => {
      incoming.on("data", (piece: Buffer) => {
        receivedBytes += piece.length;
      });
      incoming.on("end", () => sendJson(response, 201, STORED, ACAO));
    };
  });
  const { attachment, verdict, progress } = await upload(`${api.origin}/chatkit`, { onHalf: () => read() });
  expect(verdict).toBeNull();
  expect(attachment).toEqual(STORED);
  expect(authorization).toBe("Bearer t");
  expect(receivedBytes).toBeGreaterThan(LARGE);
  expect(progress[0]).toEqual({ sentBytes: 0, totalBytes: LARGE });
  expect(progress.at(-1)).toEqual({ sentBytes: LARGE, totalBytes: LARGE });
  const sent = progress.map(({ sentBytes }) => sentBytes);
  expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  expect(sent.some((bytes) => bytes > 0 && bytes < LARGE)).toBe(true);
});

test("puts the bytes where the server has told it to, with that server's headers alone", async () => {
  await using store = await startServer(allowing((_, response) => response.writeHead(204, ACAO).end()));
  const upload_descriptor = { url: `${store.origin}/bytes`, method: "PUT", headers: { "x-signed": "1" } };
  await using api = await startServer(
    allowing((_, response) => sendJson(response, 200, { ...STORED, upload_descriptor }, ACAO), POLICY),
  );
  const { attachment, verdict } = await upload(`${api.origin}/chatkit`, { sizeBytes: 7, twoPhase: true });
  expect(verdict).toBeNull();
  expect(attachment).toEqual(STORED);
  const put = store.seen.find(({ method }) => method === "PUT");
  expect(put?.body).toHaveLength(7);
  expect(put?.headers).toMatchObject({ "x-signed": "1", "content-type": "video/mp4" });
  expect(put?.headers.authorization).toBeUndefined();
});

test("ends with the page's own reason when it stops an upload, and the server sees it end", async () => {
  const ended = Promise.withResolvers<void>();
  let read = (): void => undefined;
  await using api = await receiving((incoming) => {
    incoming.on("close", () => ended.resolve());
    incoming.on("error", () => undefined);
    // Who does not read does not see a connection end.
    read = () => void incoming.resume();
  });
  const { reason, verdict } = await upload(`${api.origin}/chatkit`, {
    stopAtHalf: true,
    onHalf: () => read(),
  });
  expect(verdict).toBeNull();
  expect(reason).toBe("Error: enough");
  await ended.promise;
});

test("concludes from probes what a connection that is cut in the middle can mean", async () => {
  let waiting: (() => void) | null = null;
  let down = false;
  await using api = await receiving((incoming) => {
    waiting = () => void incoming.destroy();
    // Chromium sends again what a connection that it had used before has lost.
    if (down) waiting();
  });
  const onHalf = () => {
    down = true;
    waiting?.();
  };
  const { verdict } = await upload(`${api.origin}/chatkit`, { onHalf });
  expect(verdict).toMatchObject({ cause: "cors_missing_or_masked", confidence: "likely", retry: "safe" });
  expect(verdict?.alternatives).toContain("a connection that was lost on the way");
  expect(verdict?.request).toMatchObject({ method: "POST", url: `${api.origin}/v1/files` });
});

test("does not send what the published policy refuses", async () => {
  const attachments = { ...POLICY.attachments, max_bytes: { "*/*": MB } };
  await using api = await startServer(allowing(() => undefined, { ...POLICY, attachments }));
  const { verdict, progress } = await upload(`${api.origin}/chatkit`, {});
  expect(verdict).toMatchObject({
    cause: "server_error",
    confidence: "certain",
    code: "attachment_too_large",
    title: "This file is too large for the server",
    userMessage: "film.mp4 is 64 MB; the limit is 1 MB. Nothing was sent.",
  });
  expect(progress).toEqual([]);
  expect(api.seen.filter(({ method }) => method === "POST")).toEqual([]);
});

test("reads a refusal that comes while the bytes are still leaving", async () => {
  await using api = await receiving((incoming, response) => {
    sendJson(response, 413, failure("attachment_too_large", "film.mp4 is 64 MB; the limit is 1 MB."), {
      ...ACAO,
      connection: "close",
    });
    incoming.resume();
  });
  const { verdict } = await upload(`${api.origin}/chatkit`, {});
  expect(verdict).toMatchObject({
    cause: "server_error",
    status: 413,
    code: "attachment_too_large",
    userMessage: "film.mp4 is 64 MB; the limit is 1 MB.",
    advice: "Send a smaller one, or remove it.",
    retry: "never",
  });
});

test("gives up an upload that stands still for the whole timeout", async () => {
  await using api = await receiving(() => undefined);
  const timeoutMs = 300;
  const verdict = await page.evaluate(
    async ({ url, timeoutMs, sizeBytes }) => {
      const { client } = globalThis as unknown as { client: typeof import("../src/index.ts") };
      const chat = client.createChatClient({ url, timeoutMs });
      try {
        await chat.upload(new File([new Uint8Array(sizeBytes)], "film.mp4"));
        return null;
      } catch (error) {
        return error instanceof client.ChatFailure ? error.verdict : null;
      }
    },
    { url: `${api.origin}/chatkit`, timeoutMs, sizeBytes: LARGE },
  );
  expect(verdict).toMatchObject({ cause: "timeout", userMessage: "No answer within 300 milliseconds." });
});
