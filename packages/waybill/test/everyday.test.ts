import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./support/browser.ts";
import { chatPage, errorCard } from "./support/chat-page.ts";
import { ChatUser } from "./support/chat-user.ts";
import { png } from "./support/png.ts";
import { type ToldResponder, tellResponder } from "./support/told-responder.ts";
import { startWaybill, type WaybillProcess } from "./support/waybill-process.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const MEBIBYTE = 1024 ** 2;
const cat = { name: "cat.png", mimeType: "image/png", buffer: png(37, 23) };
const dog = { name: "dog.png", mimeType: "image/png", buffer: png(29, 31) };
const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Notes\n") };
const log = { name: "log.txt", mimeType: "text/plain", buffer: Buffer.alloc(6 * MEBIBYTE, "line\n") };

/** Everything of the page is slow to leave from now on, or as fast as it can again. */
async function throttle(user: ChatUser, bytesPerSecond: number): Promise<void> {
  const session = await user.page.context().newCDPSession(user.page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

describe("every day, across three origins", () => {
  let browser: Browser;
  let app: WebServer;
  let responder: ToldResponder;
  let waybill: WaybillProcess;
  let user: ChatUser;

  beforeAll(async () => {
    app = await startWebServer((request, response) => {
      const query = new URL(request.url ?? "/", "http://app").searchParams;
      const thread = query.get("thread");
      const options = `{ initialThread: ${JSON.stringify(thread)}, header: { title: { enabled: true } }, composer: { attachments: { enabled: true } } }`;
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(chatPage(query.get("api") ?? waybill.api, { options }));
    });
    responder = await tellResponder(
      `attachmentLimits: { maxBytesByType: { "application/pdf": ${MEBIBYTE} }, accept: ["image/*", "text/plain", "application/pdf"] },`,
    );
    [browser, waybill] = await Promise.all([
      launchChromium(),
      startWaybill({ WAYBILL_ALLOWED_ORIGINS: app.origin }, { cwd: responder.cwd }),
    ]);
  });
  afterEach(() => user?.close());
  afterAll(async () => {
    await browser?.close();
    await Promise.all([waybill, app, responder].map((part) => part?.[Symbol.asyncDispose]()));
  });

  async function open(): Promise<ChatUser> {
    user = await ChatUser.open(browser, app.origin);
    return user;
  }

  /** How far an upload has come, in percent, as the page says. */
  const progress = async (name: string) =>
    Number(await user.chip(name).getByRole("progressbar").getAttribute("aria-valuenow"));

  /** Asks the server as another of the user's devices. */
  async function ask(body: object): Promise<string> {
    const response = await fetch(`${waybill.api}/chatkit`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.text();
  }

  describe("files", () => {
    test("several that are chosen, dropped and pasted go with one message, and are there after a reload", async () => {
      await open();
      await user.upload(cat, notes);
      const give = (event: "drop" | "paste", file: typeof dog) =>
        user.page.evaluate(
          ([event, name, type, base64]) => {
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
            transfer.items.add(new File([bytes], name, { type }));
            const init = { bubbles: true, cancelable: true, composed: true };
            const chat = document.getElementById("chat");
            const field = chat?.shadowRoot?.querySelector("[part~=field]");
            if (event === "drop")
              chat?.dispatchEvent(new DragEvent(event, { ...init, dataTransfer: transfer }));
            else field?.dispatchEvent(new ClipboardEvent(event, { ...init, clipboardData: transfer }));
          },
          [event, file.name, file.mimeType, file.buffer.toString("base64")] as const,
        );
      await give("drop", dog);
      await give("paste", { ...dog, name: "shot.png" });
      await user.ready(4);
      await user.say("Look at these");
      expect(await user.states()).toEqual([]);
      const thread = await user.threadId();
      await user.page.goto(`${app.origin}/?thread=${thread}`);
      const widths = () =>
        user
          .part("user-message")
          .locator("img")
          .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
      await expect.poll(widths).toEqual([37, 29, 29]);
      const source = await user.part("user-message").locator("img").first().getAttribute("src");
      expect(new URL(String(source)).origin).toBe(waybill.files);
      await user.button("Open image: dog.png").click();
      await user.part("lightbox").getByText("2 of 3").waitFor();
      const large = user.part("lightbox").locator("img");
      await expect.poll(() => large.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(29);
      await user.page.keyboard.press("Escape");
      expect(await user.part("lightbox").count()).toBe(0);
    });

    test("the way of a large one is seen, it can be cancelled, and the rest goes on", async () => {
      await open();
      await throttle(user, 1_500_000);
      await user.attach(log, { ...log, name: "second.txt", buffer: log.buffer.subarray(0, MEBIBYTE) });
      const seen = new Set<number>();
      await expect
        .poll(async () => seen.add(await progress("log")).size, { timeout: 30_000 })
        .toBeGreaterThan(2);
      expect([...seen]).toEqual([...seen].toSorted((a, b) => a - b));
      expect(Math.max(...seen)).toBeLessThan(100);
      expect(await user.chip("log").innerText()).toMatch(/[\d.]+ [KM]B of 6 MB/);
      await user.button("Cancel log.txt").click();
      expect(await user.chip("log").count()).toBe(0);
      await throttle(user, -1);
      await user.ready(1);
      await user.button("Remove second.txt").click();
      expect(await user.states()).toEqual([]);
    });

    test("one that failed says why, and can be tried again", async () => {
      await open();
      await user.page.context().setOffline(true);
      await user.attach(cat);
      await expect.poll(() => user.states()).toEqual(["failed"]);
      expect(await user.chip("cat").innerText()).toContain("You are offline");
      await user.page.context().setOffline(false);
      await user.button("Upload cat.png again").click();
      await user.ready(1);
      await user.say("Look");
      await user.part("user-message").locator("img").waitFor();
    });

    test("one that broke off because the server died can be tried again when it is back", async () => {
      const first = await startWaybill({ WAYBILL_ALLOWED_ORIGINS: app.origin });
      user = await ChatUser.open(browser, `${app.origin}/?api=${encodeURIComponent(first.api)}`);
      await throttle(user, 1_500_000);
      await user.attach(log);
      await expect.poll(() => progress("log"), { timeout: 30_000 }).toBeGreaterThan(0);
      await first.end("SIGKILL");
      await expect.poll(() => user.states(), { timeout: 30_000 }).toEqual(["failed"]);
      expect(await user.chip("log").innerText()).toContain("The server could not be reached");
      await using _second = await startWaybill(
        { WAYBILL_ALLOWED_ORIGINS: app.origin, PORT: new URL(first.api).port },
        { dataDir: first.dataDir },
      );
      await throttle(user, -1);
      await user.button("Upload log.txt again").click();
      await user.ready(1);
    }, 120_000);

    test("those that the server would refuse are refused before they are sent, in its own words", async () => {
      await open();
      const heavy = { name: "heavy.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(2 * MEBIBYTE) };
      const page = { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") };
      await user.attach(heavy, page, notes);
      const note = user.page.locator("#chat").getByRole("note");
      await note.getByText("2 files were not added.").waitFor();
      expect(await note.innerText()).toContain("heavy.pdf is 2 MB; the limit is 1 MB.");
      expect(await note.innerText()).toContain("page.html is not a type that this chat accepts.");
      await user.ready(1);
      expect(await user.chips.allInnerTexts()).toEqual([expect.stringContaining("notes")]);
      expect(app.requests.length).toBeGreaterThan(0);
    });

    test("one whose bytes contradict its name is refused by the server, in words", async () => {
      await open();
      await user.attach({
        name: "cat.png",
        mimeType: "image/png",
        buffer: Buffer.from("<!doctype html><p>no"),
      });
      await expect.poll(() => user.states()).toEqual(["failed"]);
      const words = await user.chip("cat").innerText();
      expect(words).not.toMatch(/undefined|Failed to fetch|\[object/);
      expect(await user.button("Upload cat.png again").count()).toBe(0);
    });
  });

  describe("conversations", () => {
    test("a page that is loaded again in the middle of an answer shows what has come, and goes on", async () => {
      await open();
      await user.write("wait for it");
      const answer = await responder.next();
      answer.write("The first half");
      await user.answer.getByText("The first half").waitFor();
      const thread = await user.threadId();
      await user.page.goto(`${app.origin}/?thread=${thread}`);
      await user.part("user-message").getByText("wait for it").waitFor();
      answer.end();
      await expect
        .poll(async () => {
          const again = user.button(/^Check again$/);
          if ((await again.count()) > 0) await again.click();
          return user.part("assistant-message").allInnerTexts();
        })
        .toEqual([expect.stringContaining("The first half")]);
      await user.say("And then?");
      await user.answer.getByText("You said: And then?").waitFor();
    });

    test("one that another tab deletes is told as gone, and what is written is kept", async () => {
      await open();
      await user.say("Soon gone");
      const thread = String(await user.threadId());
      const other = await user.tab(`${app.origin}/?thread=${thread}`);
      await other.openHistory();
      const row = other.page.locator(`#chat [data-thread="${thread}"] .open`);
      await row.focus();
      await other.page.keyboard.press("Delete");
      await other.part("history").getByRole("button", { name: "Delete", exact: true }).click();
      await expect.poll(() => row.count()).toBe(0);
      await user.write("Still there?");
      const card = await errorCard(user.page);
      expect(card).toMatch(/not found|does not exist|no longer|gone/i);
      expect(card).not.toMatch(/undefined|Failed to fetch|\[object/);
      expect(await user.part("user-message").last().innerText()).toContain("Still there?");
      expect(await user.openThread(thread)).toMatch(/./);
      await user.openThread(null);
      await user.say("Anew");
      await user.answer.getByText("You said: Anew").waitFor();
    });

    test("sixty are listed page by page, found by title, opened, renamed and deleted", async () => {
      for (let index = 1; index <= 60; index += 1) {
        const begun = await ask({
          type: "threads.create",
          params: {
            input: {
              content: [{ type: "input_text", text: `Number ${index}` }],
              attachments: [],
              inference_options: {},
            },
          },
        });
        const id = /"thread":\{"id":"([^"]+)"/.exec(begun)?.[1];
        await ask({ type: "threads.update", params: { thread_id: id, title: `Voyage ${index}` } });
      }
      await open();
      await user.openHistory();
      await expect.poll(() => user.titles()).toHaveLength(30);
      expect((await user.titles())[0]).toBe("Voyage 60");
      await user.button("Show more").click();
      await expect.poll(() => user.titles()).toHaveLength(60);
      await user.part("history-search").fill("voyage 1");
      const ones = ["Voyage 1", ...Array.from({ length: 10 }, (_, index) => `Voyage ${index + 10}`)];
      await expect.poll(async () => (await user.titles()).toSorted()).toEqual(ones.toSorted());
      await user.button("Voyage 17").click();
      await user.answer.getByText("You said: Number 17").waitFor();
      await user.button("Voyage 17").focus();
      await user.page.keyboard.press("F2");
      await user.page.keyboard.type("Voyage 1, the second");
      await user.page.keyboard.press("Enter");
      await expect.poll(() => user.part("title").innerText()).toBe("Voyage 1, the second");
      await user.page.reload();
      await user.openHistory();
      await user.part("history-search").fill("the second");
      await expect.poll(() => user.titles()).toEqual(["Voyage 1, the second"]);
      await user.button("Voyage 1, the second").focus();
      await user.page.keyboard.press("Delete");
      await user.part("history").getByRole("button", { name: "Delete", exact: true }).click();
      await expect.poll(() => user.titles()).toEqual([]);
      expect(await ask({ type: "threads.list", params: { limit: 100 } })).not.toContain("the second");
    });
  });
});
