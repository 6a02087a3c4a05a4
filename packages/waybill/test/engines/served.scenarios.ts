import { once } from "node:events";
import type { WaybillChat } from "@waybill/element";
import { expect } from "vitest";
import type { EnginePage } from "../../../element/test/engines/engine-page.ts";
import { chatPage } from "../support/chat-page.ts";
import { png } from "../support/png.ts";
import { startWaybill, type WaybillProcess } from "../support/waybill-process.ts";
import { startWebServer, type WebServer } from "../support/web-server.ts";

/** What the page of `chatPage` has. */
declare const app: {
  readonly chatKit: WaybillChat;
  readonly events: readonly { readonly name: string; readonly detail: unknown }[];
};

const ANSWER = "[part~=assistant-message]";
const ENGINES_OWN_WORDS = /Failed to fetch|NetworkError when|Load failed|CORS policy|TypeError|undefined/i;

/** Three origins: a page, `waybill serve` with its files beside it, and a host of pictures. */
export interface ThreeOrigins extends AsyncDisposable {
  readonly app: WebServer;
  readonly pictures: WebServer;
  readonly waybill: WaybillProcess;
}

/** Starts all of them. The page shows the server that `?api=` names, else this one. */
export async function startThreeOrigins(): Promise<ThreeOrigins> {
  const pictures = await startWebServer((request, response) => {
    if (request.url === "/missing.png") response.writeHead(404).end("none");
    else response.writeHead(200, { "content-type": "image/png" }).end(png(37, 23));
  });
  let api = "";
  const app = await startWebServer((request, response) => {
    const other = new URL(request.url ?? "/", "http://app").searchParams.get("api");
    response.writeHead(200, { "content-type": "text/html" }).end(chatPage(other ?? api));
  });
  const waybill = await startWaybill({
    WAYBILL_ALLOWED_ORIGINS: app.origin,
    WAYBILL_IMPORT_ALLOW: `127.0.0.1:${pictures.port}`,
  });
  api = waybill.api;
  return {
    app,
    pictures,
    waybill,
    async [Symbol.asyncDispose]() {
      await waybill[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
      await pictures[Symbol.asyncDispose]();
    },
  };
}

/** The snippet, as an application calls it; the rejection's message, or null. */
const runSnippet = (page: EnginePage, previewUrl: string, text = "what is this a picture of?") =>
  page.evaluate(
    (preview_url, text) =>
      app.chatKit
        .sendUserMessage({
          text,
          attachments: [{ id: "123", mime_type: "image/png", name: "test.png", preview_url, type: "image" }],
        })
        .then(
          () => null,
          (error: Error) => error.message,
        ),
    previewUrl,
    text,
  );

/** The card's title, its text, and its details for developers. */
async function readCard(page: EnginePage) {
  const title = await page.see("[part~=error-card] h3");
  const text = await page.see("[part~=error-card]");
  expect(text).not.toMatch(ENGINES_OWN_WORDS);
  await page.click("[part~=error-card] summary");
  return { title, text, details: await page.see("[part~=error-card] dl") };
}

/** Waits for the picture of the message; the origin that it came from. */
const pictureShown = (page: EnginePage) =>
  page.until(() => {
    const image = window.tools.all("[part~=user-message] img")[0];
    return image instanceof HTMLImageElement && image.naturalWidth === 37 && new URL(image.src).origin;
  });

/** Things that must hold in every engine against the real server, by the sentence that says so. */
export const served: Readonly<Record<string, (page: EnginePage, at: ThreeOrigins) => Promise<void>>> = {
  "the snippet gets an answer about its picture, which is shown, also after a reload": async (page, at) => {
    await page.open(at.app.origin);
    expect(await runSnippet(page, `${at.pictures.origin}/cat.png`)).toBeNull();
    await page.until(() => app.events.some(({ name }) => name === "chatkit.response.end"));
    const answer = await page.see(ANSWER);
    expect(answer).toContain("37 × 23");
    expect(answer).toContain("image/png");
    expect(await pictureShown(page)).toBe(at.waybill.files);
    const threadId = await page.evaluate(() => {
      const change = app.events.find(({ name }) => name === "chatkit.thread.change");
      return (change?.detail as { readonly threadId: string } | undefined)?.threadId ?? null;
    });
    await page.open(at.app.origin);
    await page.evaluate((id) => app.chatKit.setThreadId(id), threadId);
    await page.read(ANSWER, "37 × 23");
    expect(await pictureShown(page)).toBe(at.waybill.files);
    expect(page.driver.console?.filter((line) => /cors|uncaught/i.test(line)) ?? []).toEqual([]);
  },

  "a picture that is not there is told in the server's words": async (page, at) => {
    await page.open(at.app.origin);
    expect(await runSnippet(page, `${at.pictures.origin}/missing.png`)).toMatch(/404/);
    const { title, text } = await readCard(page);
    expect(title).toContain("test.png");
    expect(text).toMatch(/404/);
  },

  "a request that is too large for the server is refused readably": async (page, at) => {
    await page.open(at.app.origin);
    const rejection = await page.evaluate(() =>
      app.chatKit.sendUserMessage({ text: "hello", toolChoice: { id: "x".repeat(5_000_000) } }).then(
        () => null,
        (error: Error) => error.message,
      ),
    );
    expect(rejection).not.toMatch(ENGINES_OWN_WORDS);
    const { title, details } = await readCard(page);
    expect(title).toBe("The request is too large");
    expect(details).toContain("413");
  },

  "a page that is not on the server's list reads which variable to change": async (page, at) => {
    const origin = at.app.origin.replace("127.0.0.1", "localhost");
    await page.open(origin);
    const rejection = await runSnippet(page, `${at.pictures.origin}/cat.png`);
    expect(rejection).not.toMatch(ENGINES_OWN_WORDS);
    const { title, details } = await readCard(page);
    expect(title).toBe("This page is not on the chat server's list");
    expect(details).toContain(`WAYBILL_ALLOWED_ORIGINS (comma-separated): ${origin}`);
  },

  "a server that is killed in mid-answer leaves what had come, and a card": async (page, at) => {
    await using other = await startWaybill({ WAYBILL_ALLOWED_ORIGINS: at.app.origin });
    await page.open(`${at.app.origin}/?api=${encodeURIComponent(other.api)}`);
    await page.evaluate(() => {
      app.chatKit.sendUserMessage({ text: "hello" }).catch(() => undefined);
    });
    await page.read(ANSWER, "Your message arrived");
    const killed = once(other.child, "exit");
    other.child.kill("SIGKILL");
    await killed;
    expect((await readCard(page)).title).toBe("The answer broke off");
    await page.read(ANSWER, "Your message arrived");
  },
};
