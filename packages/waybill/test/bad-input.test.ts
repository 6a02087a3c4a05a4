import { deflateSync } from "node:zlib";
import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchChromium, watch } from "./support/browser.ts";
import { chatPage } from "./support/chat-page.ts";
import { ChatUser } from "./support/chat-user.ts";
import { png, pngOf } from "./support/png.ts";
import { type ToldResponder, tellResponder } from "./support/told-responder.ts";
import { startWaybill, type WaybillProcess } from "./support/waybill-process.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

/** Turns at the end of the long conversation; the rest of it is one answer of many messages. */
const TURNS = 200;

describe("a page and its server bear", () => {
  let browser: Browser;
  let app: WebServer;
  let responder: ToldResponder;
  let waybill: WaybillProcess;
  let user: ChatUser;

  beforeAll(async () => {
    app = await startWebServer((request, response) => {
      const thread = new URL(request.url ?? "/", "http://app").searchParams.get("thread");
      const options = `{ initialThread: ${JSON.stringify(thread)}, composer: { attachments: { enabled: true } } }`;
      response.writeHead(200, { "content-type": "text/html" }).end(chatPage(waybill.api, { options }));
    });
    responder = await tellResponder();
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

  const open = async (query = "") => {
    user = await ChatUser.open(browser, `${app.origin}/${query}`);
  };

  /** One turn without a page; the thread's id. */
  async function turn(text: string, threadId: string | null): Promise<string> {
    const input = { content: [{ type: "input_text", text }], attachments: [], inference_options: {} };
    const response = await fetch(`${waybill.api}/chatkit`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(
        threadId === null
          ? { type: "threads.create", params: { input } }
          : { type: "threads.add_user_message", params: { thread_id: threadId, input } },
      ),
    });
    const body = await response.text();
    return threadId ?? /"thread":\{"id":"([^"]+)"/.exec(body)?.[1] ?? "";
  }

  test("a conversation of 5,000 messages: it opens at its end, and loading older keeps the line being read", async () => {
    const thread = await turn("many 4600", null);
    for (let index = 1; index <= TURNS; index += 1) await turn(`Question ${index}`, thread);
    await open(`?thread=${thread}`);
    const log = user.part("transcript");
    const fromEnd = () => log.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight);
    await user.answer.getByText(`You said: Question ${TURNS}`).waitFor();
    await expect.poll(fromEnd).toBeLessThan(2);
    expect(await user.part("user-message").count()).toBe(50);

    const topOf = (line: Locator) => line.evaluate((node) => node.getBoundingClientRect().top);
    const older = user.button("Show older messages");
    let shown = 50;
    for (let page = 0; page < 4; page += 1) {
      await log.evaluate((node) => {
        node.scrollTop = 0;
      });
      const line = user.page.locator("#chat").getByText(`Question ${TURNS - shown + 1}`, { exact: true });
      const before = await topOf(line);
      await older.click();
      shown += 25;
      await expect.poll(() => user.part("user-message").count()).toBe(shown);
      await expect.poll(async () => Math.abs((await topOf(line)) - before)).toBeLessThan(2);
    }
    await user.say("At the end");
    await user.answer.getByText("You said: At the end").waitFor();
    expect(await user.part("user-message").count()).toBe(shown + 1);
  }, 240_000);

  test("200 kB of broken Markdown with scripts and a giant table, streamed", async () => {
    await open();
    const seen = watch(user.page);
    await user.write("wait for the worst");
    const answer = await responder.next();
    const hostile = [
      '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"><svg onload="window.hacked=3">\n\n',
      "**never closed _nor this `nor that [a](javascript:window.hacked=4) ![b](x\n\n",
      "> > > - 1. * \n# # #\n\n[ref]: javascript:window.hacked=5\n[ref] &#x6a;avascript: &notAnEntity;\n\n",
    ].join("");
    const row = `|${" x |".repeat(20)}\n`;
    const table = `${row}|${"---|".repeat(20)}\n${row.repeat(1_000)}\n`;
    const nested = `${">".repeat(500)} deep\n\n${"- ".repeat(500)}deep\n\n${"[".repeat(2_000)}${"*a ".repeat(2_000)}\n\n`;
    const whole = `${`${hostile}${table}${nested}`.padEnd(200_000, hostile)}\n\n~~~ \`\`\` never closed\nThe very end.`;
    for (let at = 0; at < whole.length; at += 4_096) answer.write(whole.slice(at, at + 4_096));
    answer.end();
    await expect.poll(() => user.ended(), { timeout: 45_000 }).toBe(1);
    await user.answer.getByText("The very end.").waitFor();
    expect(await user.page.evaluate("window.hacked ?? null")).toBeNull();
    expect(await user.answer.locator("script, iframe, object, [onerror], [onload]").count()).toBe(0);
    expect(await user.answer.locator('[href^="javascript:"], [src^="javascript:"]').count()).toBe(0);
    expect(await user.answer.locator("tr").count()).toBe(1_001);
    expect(await user.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(seen.console.filter((line) => line.startsWith("uncaught"))).toEqual([]);
    const thread = await user.threadId();
    await user.page.goto(`${app.origin}/?thread=${thread}`);
    await user.answer.getByText("The very end.").waitFor({ timeout: 20_000 });
  });

  test("options on each of 300 frames, and the element being taken away and put back, in the middle of an answer", async () => {
    await open();
    await user.write("wait");
    const answer = await responder.next();
    answer.write("First");
    await user.answer.getByText("First").waitFor();
    const frames = user.page.evaluate(
      `new Promise((resolve) => {
        let left = 300;
        const frame = () => {
          app.chatKit.setOptions({ ...app.options, theme: left % 2 ? "dark" : "light", api: { url: "${waybill.api}/chatkit", fetch: (input, init) => fetch(input, init) } });
          left -= 1;
          if (left === 0) resolve(); else requestAnimationFrame(frame);
        };
        frame();
      })`,
    );
    for (let index = 0; index < 20; index += 1) {
      answer.write(` ${index}`);
      await user.answer.getByText(new RegExp(`First.* ${index}$`)).waitFor();
    }
    await frames;
    await user.page.evaluate("app.parent = app.chatKit.parentNode; app.chatKit.remove()");
    answer.end(" last");
    await expect.poll(() => user.ended()).toBe(1);
    await user.page.evaluate("app.parent.append(app.chatKit)");
    await user.answer.getByText(/^First 0 1 .* 19 last$/).waitFor();
    expect(await user.page.evaluate('app.events.filter(({ name }) => name === "chatkit.error")')).toEqual([]);
  });

  test("two elements with two servers on one page, each with its own thread", async () => {
    await using second = await startWaybill({ WAYBILL_ALLOWED_ORIGINS: app.origin }, { cwd: responder.cwd });
    await open();
    await user.page.evaluate(
      `(() => {
        const other = document.createElement("waybill-chat");
        other.id = "other";
        other.style.cssText = "display: block; block-size: 50vh";
        document.body.append(other);
        other.setOptions({ api: { url: "${second.api}/chatkit" } });
      })()`,
    );
    const other = user.page.locator("#other");
    await user.write("wait here");
    const first = await responder.next();
    await other.locator("[part~=field]").fill("wait there");
    await other.locator("[part~=field]").press("Enter");
    const there = await responder.next();
    there.end("From there");
    first.end("From here");
    await user.answer.getByText("From here").waitFor();
    await other.locator("[part~=assistant-message]").getByText("From there").waitFor();
    const idAt = async (api: string) => {
      const response = await fetch(`${api}/chatkit`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ type: "threads.list", params: { limit: 1 } }),
      });
      return ((await response.json()) as { data: { id: string }[] }).data[0]?.id;
    };
    expect(await user.threadId()).toBe(await idAt(waybill.api));
    expect(await idAt(second.api)).not.toBe(await idAt(waybill.api));
    expect(await other.getByText("From here").count()).toBe(0);
  });

  test("names with paths, control, bidi and zero-width characters, of 300 bytes, and none", async () => {
    await open();
    const names = [
      "../../etc/passwd.txt",
      "a\u0000b\nc.txt",
      "cat\u202Egnp.txt",
      "z\u200Be\u2066ro\uFEFF.txt",
      `${"ä".repeat(150)}.txt`,
      "",
    ];
    await user.page.evaluate((names) => {
      const transfer = new DataTransfer();
      for (const name of names) transfer.items.add(new File(["Notes\n"], name, { type: "text/plain" }));
      const init = { bubbles: true, cancelable: true, composed: true, dataTransfer: transfer };
      document.getElementById("chat")?.dispatchEvent(new DragEvent("drop", init));
    }, names);
    await user.ready(names.length);
    await user.say("Look");
    const files = user.part("user-message").locator("li .name");
    const shown = async () => (await files.allTextContents()).map((name) => name.trim());
    expect(await shown()).toEqual([
      "passwd.txt",
      "abc.txt",
      "catgnp.txt",
      "zero.txt",
      `${"ä".repeat(125)}.txt`,
      "file.txt",
    ]);
    expect(await user.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("a picture of 10,000 × 10,000 pixels, and a type that the bytes contradict: both are refused in words", async () => {
    await open();
    // One bit for each pixel, all of one colour: 12.5 MB that are 12 kB to send.
    const rows = deflateSync(Buffer.alloc(10_000 * (1 + 10_000 / 8)));
    const huge = pngOf({ width: 10_000, height: 10_000, bits: 1, colorType: 0, data: rows });
    expect(huge.length).toBeLessThan(50_000);
    await user.attach(
      { name: "huge.png", mimeType: "image/png", buffer: huge },
      { name: "odd.pdf", mimeType: "application/pdf", buffer: png(3, 3) },
      { name: "fine.png", mimeType: "image/png", buffer: png(3, 3) },
    );
    await expect.poll(() => user.states()).toEqual(["failed", "failed", "ready"]);
    expect(await user.chip("huge").innerText()).toContain("10000 × 10000 pixels");
    expect(await user.chip("odd").innerText()).toMatch(/image\/png/);
    expect(await user.button("Upload huge.png again").count()).toBe(0);
    await user.button("Remove huge.png").click();
    await user.button("Remove odd.pdf").click();
    await user.say("Look");
    await user.part("user-message").locator("img").waitFor();
  });
});
