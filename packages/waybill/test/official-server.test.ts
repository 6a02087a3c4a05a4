import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./support/browser.ts";
import { chatPage, errorCard } from "./support/chat-page.ts";
import { ChatUser } from "./support/chat-user.ts";
import { type OfficialServer, officialPython, startOfficialServer } from "./support/official-server.ts";
import { png } from "./support/png.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const BUNDLE = new URL("../../element/dist/chatkit.js", import.meta.url);
const cat = { name: "cat.png", mimeType: "image/png", buffer: png(37, 23) };
const HIDDEN_CAUSE = /Failed to fetch|\[object|undefined/;

const PAGE_OPTIONS = `{
    header: { title: { enabled: true } },
    threadItemActions: { feedback: true, retry: true },
    onClientTool: ({ name, params }) => ({ tool: name, precise: params.precise, latitude: 54.18 }),
    composer: { attachments: { enabled: true } },
  `;

/** A page's way of naming its user, where the server asks for a header of its own. */
const asUser = (user: string) =>
  `fetch: (url, init) => { const headers = new Headers(init.headers); headers.set("x-golden-user", ${JSON.stringify(user)}); return fetch(url, { ...init, headers }); }`;

describe.skipIf(officialPython === undefined)("the official Python server behind the element", () => {
  let browser: Browser;
  let app: WebServer;
  let twoPhase: OfficialServer;
  let direct: OfficialServer;
  let user: ChatUser;
  let names = 0;

  beforeAll(async () => {
    const bundle = await readFile(BUNDLE);
    [browser, twoPhase, direct, app] = await Promise.all([
      launchChromium(),
      startOfficialServer("two_phase"),
      startOfficialServer("direct"),
      startWebServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://app");
        if (url.pathname === "/chatkit.js")
          return void response.writeHead(200, { "content-type": "text/javascript" }).end(bundle);
        const uploads = url.searchParams.has("direct")
          ? `uploadStrategy: { type: "direct", uploadUrl: "${direct.origin}/v1/files" },`
          : "";
        const name = url.searchParams.get("user");
        const thread = url.searchParams.get("thread");
        const options = `${PAGE_OPTIONS} initialThread: ${JSON.stringify(thread)}, api: { ${uploads} ${name === null ? "" : asUser(name)} } }`;
        const server = uploads === "" ? twoPhase : direct;
        response
          .writeHead(200, { "content-type": "text/html" })
          .end(chatPage(server.origin, { bundle: "/chatkit.js", options }));
      }),
    ]);
  });
  afterEach(() => user?.close());
  afterAll(async () => {
    await browser?.close();
    await Promise.all([twoPhase, direct, app].map((server) => server?.[Symbol.asyncDispose]()));
  });

  function newName(): string {
    names += 1;
    return `user-${names}`;
  }

  async function open(name = newName()): Promise<string> {
    user = await ChatUser.open(browser, `${app.origin}/?user=${name}`);
    return name;
  }

  /** As another of the user's devices. */
  async function ask(name: string, body: object): Promise<string> {
    const response = await fetch(`${twoPhase.origin}/chatkit`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-golden-user": name },
      body: JSON.stringify(body),
    });
    return response.text();
  }

  const beginThread = (name: string, text: string) =>
    ask(name, {
      type: "threads.create",
      params: { input: { content: [{ type: "input_text", text }], attachments: [], inference_options: {} } },
    });

  test("streams an answer, and shows the thread again after a reload", async () => {
    const name = await open();
    await user.say("script:chunks");
    await user.answer.getByText("one two three").waitFor();
    const thread = await user.threadId();
    await user.page.reload();
    expect(await user.openThread(String(thread))).toBeNull();
    await user.answer.getByText("one two three").waitFor();
    await user.page.goto(`${app.origin}/?user=${name}&thread=${thread}`);
    await user.answer.getByText("one two three").waitFor();
    await user.say("script:text");
    await user.answer.getByText("Hello").waitFor();
    expect(await user.part("user-message").count()).toBe(2);
    expect(await user.part("error-card").count()).toBe(0);
  });

  test("shows what has come while it comes, and keeps it when the person stops", async () => {
    await open();
    await user.write("script:cancel_text");
    await user.answer.getByText("partial answer").waitFor();
    await user.field.press("Control+.");
    await user.answer.getByText("You stopped this answer.").waitFor();
    const thread = await user.threadId();
    await expect
      .poll(async () => {
        await user.page.reload();
        await user.openThread(thread);
        return user.part("assistant-message").allInnerTexts();
      })
      .toEqual([expect.stringContaining("partial answer")]);
  });

  test.each(["two_phase", "direct"])(
    "uploads from the composer (%s) and sends the file's id",
    async (way) => {
      user = await ChatUser.open(browser, `${app.origin}/${way === "direct" ? "?direct" : ""}`);
      await user.upload(cat, { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Notes") });
      await user.say("script:echo");
      await user.answer.getByText('attachments=["cat.png","notes.txt"]').waitFor();
      // The reference application keeps no bytes: its preview addresses lead nowhere.
      await user.part("user-message").getByText("cat.png cannot be shown").waitFor();
      expect((await user.part("user-message").innerText()).replaceAll("\n", "")).toContain("notes.txt");
      await user.upload(cat);
      await user.button("Remove cat.png").click();
      expect(await user.states()).toEqual([]);
    },
  );

  test("lists conversations, finds, opens, renames and deletes them", async () => {
    const name = newName();
    for (let index = 0; index < 35; index += 1) await beginThread(name, `script:title`);
    await beginThread(name, "script:title_last");
    await open(name);
    await user.openHistory();
    await expect.poll(() => user.titles()).toHaveLength(30);
    expect(await user.part("history").locator("h3").allInnerTexts()).toEqual(["Today"]);
    await user.button("Show more").click();
    await expect.poll(() => user.titles()).toHaveLength(36);
    await user.part("history-search").fill("late");
    await expect.poll(() => user.titles()).toEqual(["Late"]);
    await user.button("Late").click();
    await user.answer.getByText("x").waitFor();
    await user.button("Late").focus();
    await user.page.keyboard.press("F2");
    await user.page.keyboard.type("Later");
    await user.page.keyboard.press("Enter");
    await expect.poll(() => user.part("title").innerText()).toBe("Later");
    await user.page.keyboard.press("Delete");
    await user.part("history").getByRole("button", { name: "Delete", exact: true }).click();
    await expect.poll(() => user.titles()).toEqual([]);
    await user.part("greeting").waitFor();
    expect(await ask(name, { type: "threads.list", params: { limit: 1 } })).not.toContain("Later");
  });

  test("opens a long conversation at its end, and loads what came before", async () => {
    await open();
    for (let turn = 0; turn < 3; turn += 1) await user.say("script:items_45");
    const thread = await user.threadId();
    await user.page.reload();
    await user.openThread(thread);
    await user.answer.getByText("item 45").waitFor();
    expect(await user.part("user-message").count()).toBe(2);
    await user.button("Show older messages").click();
    await expect.poll(() => user.part("user-message").count()).toBe(3);
    expect(await user.button("Show older messages").count()).toBe(0);
  });

  test("answers again, and takes feedback", async () => {
    await open();
    await user.say("script:history");
    await user.button("Good answer").click();
    await expect.poll(() => user.button("Good answer").getAttribute("aria-pressed")).toBe("true");
    const before = await user.ended();
    await user.button("Answer again").click();
    await expect.poll(() => user.ended()).toBeGreaterThan(before);
    expect(await user.part("assistant-message").count()).toBe(1);
    // The first answer is no longer among what the responder finds.
    await user.answer.getByText("user_message", { exact: true }).waitFor();
  });

  test("carries out a tool of the page and goes on with its result", async () => {
    await open();
    await user.write("script:tool");
    await user.answer
      .getByText('outputs=[{"tool":"get_location","precise":true,"latitude":54.18}]')
      .waitFor();
  });

  test("asks the person, and goes on with the answers", async () => {
    await open();
    await user.say("script:form_one");
    await user.answer.getByLabel("M", { exact: true }).check();
    await user.button("Send answers").click();
    await user.answer.getByText('answers=[{"values":["M"],"skipped":false}]').waitFor();
  });

  test("says of a widget what it is, without losing the rest", async () => {
    await open();
    await user.say("script:widget");
    await user.answer.getByText("This version cannot show a widget.").waitFor();
    await user.say("script:text");
    await user.answer.getByText("Hello").waitFor();
  });

  test.each([
    ["script:err_custom", /Quota used up\./],
    ["script:err_after_partial", /could not finish the answer/],
    // A code that its table lacks fails in its own error handler, and the body breaks off.
    ["script:err_stream_code", /broke off/],
  ])("tells a failure of the responder in its words: %s", async (text, words) => {
    await open();
    await user.write(text);
    const card = await errorCard(user.page);
    expect(card).toMatch(words);
    expect(card).not.toMatch(HIDDEN_CAUSE);
    await user.say("script:text");
    await user.answer.getByText("Hello").waitFor();
  });

  test("says that the browser hides a 500 of an unknown thread, and names the way to see it", async () => {
    await open();
    const rejection = await user.openThread("thr_unknown");
    const card = await errorCard(user.page);
    for (const text of [rejection, card]) {
      expect(text).toMatch(/this page may not read the answer/);
      expect(text).not.toMatch(HIDDEN_CAUSE);
    }
    expect(card).toContain("Likely");
    await user.part("error-card").locator("summary").click();
    const details = await errorCard(user.page);
    expect(details).toContain(`${twoPhase.origin} lets this page read other answers`);
    await user.openThread(null);
    await user.say("script:text");
    await user.answer.getByText("Hello").waitFor();
  });

  test("tells that an answer broke off, where the server does not know an attachment", async () => {
    await open();
    const rejection = await user.page.evaluate(
      `app.chatKit.sendUserMessage({ text: "what is this a picture of?", attachments: [{ id: "123", mime_type: "image/png", name: "test.png", preview_url: "https://preview-url.com", type: "image" }] }).then(() => null, (error) => error.message)`,
    );
    const card = await errorCard(user.page);
    for (const text of [rejection, card]) {
      expect(text).toMatch(/broke off/);
      expect(text).not.toMatch(HIDDEN_CAUSE);
    }
  });
});
