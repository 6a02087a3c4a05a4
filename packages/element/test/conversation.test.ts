import { describe, expect, test } from "vitest";
import { accepted, answered, begun, done, said, threadOf, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();
const picture = (origin: string) => ({
  id: "123",
  name: "test.png",
  mime_type: "image/png",
  preview_url: `${origin}/picture.svg`,
  type: "image" as const,
});

describe("a page with one script tag", () => {
  test.each(["?tag=waybill-chat", "?tag=openai-chatkit", "?tag=openai-chatkit&script=module"])(
    "gets an answer about a picture (%s)",
    async (query) => {
      const { chat } = fixture;
      const page = await fixture.open(query);
      await page.setOptions();
      await page.send({ text: "what is this a picture of?", attachments: [picture(chat.origin)] });
      const turn = await chat.nextTurn();
      expect(turn.request).toEqual({
        type: "threads.create",
        params: {
          input: {
            content: [{ type: "input_text", text: "what is this a picture of?" }],
            attachments: ["atc_123"],
            inference_options: {},
          },
        },
      });
      // Shown before the server has said a word.
      await page.part("user-message").getByText("what is this a picture of?").waitFor();
      expect(await page.part("attachment").count()).toBe(1);
      expect(await page.outcome()).toBe("pending");

      const shown = await page.part("user-message").elementHandle();
      turn.send(...accepted(said("what is this a picture of?", { attachments: [picture(chat.origin)] })));
      await expect.poll(() => page.outcome()).toBe("resolved");
      expect(await shown?.evaluate((element) => element.isConnected)).toBe(true);
      turn.send(...begun(), words("A **light"), words("house**."));
      await page.part("assistant-message").getByText("lighthouse").waitFor();
      expect(await page.part("assistant-message").getAttribute("aria-busy")).toBe("true");
      turn.send(done("A **lighthouse**."));
      turn.end();
      await page.part("actions").waitFor();
      expect(await page.part("prose").locator("strong").textContent()).toBe("lighthouse");
      expect((await page.heard()).map((event) => event.name)).toEqual([
        "chatkit.ready",
        "chatkit.thread.change",
        "chatkit.response.start",
        "chatkit.response.end",
      ]);
      expect(page.asked.filter((url) => !url.startsWith(chat.origin))).toEqual([]);
    },
  );

  test("can name its server in the markup alone", async () => {
    const page = await fixture.open();
    await page.page.evaluate(() => window.chat.setAttribute("url", "/chatkit"));
    await page.field.fill("Hello");
    await page.field.press("Enter");
    expect((await fixture.chat.nextTurn()).request.type).toBe("threads.create");
  });

  test("sees something before there are options", async () => {
    const page = await fixture.open();
    await page.seen("This chat is waiting for its settings.").waitFor();
    expect(await page.part("send").getAttribute("aria-disabled")).toBe("true");
    await page.send({ text: "Too early" });
    await expect.poll(() => page.outcome()).toMatch(/no server yet/);
  });
});

test("a prompt of the start screen is sent when it is chosen", async () => {
  const page = await fixture.open();
  await page.setOptions({
    startScreen: {
      greeting: "Hello there",
      prompts: [{ label: "Plan", prompt: "Plan a route", icon: "map-pin" }],
    },
  });
  await page.part("greeting").getByText("Hello there").waitFor();
  await page.part("prompt").click();
  const turn = await fixture.chat.nextTurn();
  expect(JSON.stringify(turn.request.params)).toContain("Plan a route");
  // The prompt is gone, so the field has the focus.
  expect(await page.page.evaluate(() => window.chat.shadowRoot?.activeElement?.getAttribute("part"))).toBe(
    "field",
  );
});

test("sends on in the same thread, with everything a page can say of a message", async () => {
  const { chat } = fixture;
  chat.threads.set("thr_1", threadOf("thr_1", [said("Hi"), answered("Hello")], { title: "Greetings" }));
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.seen("Hello").waitFor();
  expect(await page.part("title").textContent()).toBe("Greetings");
  await page.send({
    content: [{ type: "input_tag", id: "e1", text: "Holm Point" }],
    reply: "Hello",
    toolChoice: { id: "search" },
    model: "big",
  });
  const turn = await chat.nextTurn();
  expect(turn.request).toEqual({
    type: "threads.add_user_message",
    params: {
      thread_id: "thr_1",
      input: {
        content: [{ type: "input_tag", id: "e1", text: "Holm Point", data: {}, interactive: false }],
        attachments: [],
        quoted_text: "Hello",
        inference_options: { tool_choice: { id: "search" }, model: "big" },
      },
    },
  });
  await page.part("tag").getByText("Holm Point").waitFor();
  await page.part("quote").getByText("Hello").waitFor();
});

test("refuses a second message while an answer is written", async () => {
  const page = await fixture.open();
  await page.setOptions();
  await page.send({ text: "One" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("One")), ...begun());
  await expect.poll(() => page.outcome()).toBe("resolved");
  await page.send({ text: "Two" });
  await expect.poll(() => page.outcome()).toMatch(/still being written/);
  await page.seen("Two").waitFor({ state: "detached" });
});

test("goes on with an answer while the element is moved about the page", async () => {
  const page = await fixture.open();
  await page.setOptions();
  await page.send({ text: "One" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("One")), ...begun(), words("First"));
  await page.seen("First").waitFor();
  await page.page.evaluate(() => {
    window.chat.remove();
  });
  turn.send(words(" second"));
  await page.page.evaluate(() => document.querySelector("main")?.append(window.chat));
  turn.send(words(" third"), done("First second third"));
  turn.end();
  await page.part("prose").getByText("First second third").waitFor();
  expect(await page.heard("response.end")).toHaveLength(1);
});

test("two elements of one page keep to themselves", async () => {
  const page = await fixture.open();
  await page.setOptions();
  await page.page.evaluate(() => {
    const other = document.createElement("openai-chatkit") as typeof window.chat;
    other.id = "other";
    document.body.append(other);
    other.setOptions({ api: { url: "/chatkit" } });
  });
  const other = page.page.locator("#other");
  await other.locator("[part=field]").fill("From the other");
  expect(await page.written()).toBe("");
  await page.send({ text: "From the first" });
  const turn = await fixture.chat.nextTurn();
  turn.send(...accepted(said("From the first")));
  turn.end();
  await page.part("user-message").waitFor();
  expect(await other.locator("article").count()).toBe(0);
  expect(await other.locator("[part=field]").innerText()).toBe("From the other");
});

test("tells the page of effects, and of what it cannot show", async () => {
  const page = await fixture.open();
  await page.setOptions({ commands: { enabled: true } });
  await page.send({ text: "Go" });
  const turn = await fixture.chat.nextTurn();
  turn.send(
    ...accepted(said("Go")),
    { type: "client_effect", name: "highlight", data: { id: 7 } },
    {
      type: "thread.item.done",
      item: {
        type: "widget",
        id: "w_1",
        thread_id: "thr_1",
        created_at: "2026-01-01T00:00:00Z",
        widget: { type: "Card" },
        copy_text: "Read 40 pages",
      },
    },
  );
  turn.end();
  await page.seen("Read 40 pages").waitFor();
  expect(await page.heard("effect")).toEqual([
    { name: "chatkit.effect", detail: { name: "highlight", data: { id: 7 } } },
  ]);
  await expect
    .poll(async () => (await page.heard("log")).map(({ detail }) => detail))
    .toEqual([
      { name: "option.not_offered", data: { option: "commands" } },
      { name: "item.not_offered", data: { type: "widget", id: "w_1" } },
    ]);
});

test("loads older messages on demand, and the thread again when asked to", async () => {
  const { chat } = fixture;
  const items = [said("Newer question"), answered("Newer answer")];
  chat.threads.set("thr_1", {
    ...threadOf("thr_1"),
    items: { data: items, has_more: true, after: "msg_answer" },
  });
  chat.itemsAfter = (after) =>
    after === undefined
      ? { data: items.toReversed(), has_more: true, after: "msg_user" }
      : { data: [said("Older question", { id: "msg_0" })], has_more: false };
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.seen("Newer answer").waitFor();
  expect((await page.heard()).map(({ name }) => name)).toEqual([
    "chatkit.ready",
    "chatkit.thread.change",
    "chatkit.thread.load.start",
    "chatkit.thread.load.end",
  ]);
  const gate = Promise.withResolvers<void>();
  await page.page.route("**/chatkit", async (route) => {
    await gate.promise;
    await route.continue();
  });
  const button = page.page.getByRole("button", { name: "Show older messages" });
  await button.click();
  await expect.poll(() => button.getAttribute("aria-busy")).toBe("true");
  expect(await button.getAttribute("aria-disabled")).toBe("true");
  expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
  gate.resolve();
  await page.part("user-message").getByText("Older question").waitFor();
  expect(await page.seen("Show older messages").count()).toBe(0);
  expect(await page.part("user-message").first().innerText()).toContain("Older question");
  chat.threads.set("thr_1", threadOf("thr_1", [...items, answered("Written elsewhere", "msg_3")]));
  await page.page.evaluate(() => window.chat.fetchUpdates());
  await page.seen("Written elsewhere").waitFor();
});
