import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { accepted, begun, done, said, threadOf, words } from "./support/events.ts";
import { useChat } from "./support/fixture.ts";

const fixture = useChat();
const failure = (code: string, message: string) => ({
  error: { code, message, request_id: "req_8f2c41d09be7" },
  message,
});

async function openWith(text: string) {
  const page = await fixture.open();
  await page.setOptions();
  await page.send({ text });
  return { page, turn: await fixture.chat.nextTurn() };
}

describe("a message that was not taken", () => {
  test("is kept with a card, and sent again under the same key", async () => {
    const { page, turn } = await openWith("What is this?");
    turn.refuse(500, failure("internal_error", "The server failed."));
    const card = page.part("error-card");
    await card.waitFor();
    expect(await page.outcome()).toMatch(/^ChatFailure: /);
    expect(await page.heard("error")).toHaveLength(1);
    await page.part("user-message").getByText("What is this?").waitFor();
    await card.locator("summary").click();
    const details = await card.locator("dl").innerText();
    for (const value of [
      "server_error",
      `POST ${fixture.chat.origin}/chatkit`,
      "500",
      "internal_error",
      "req_8f2c41d09be7",
    ])
      expect(details).toContain(value);
    expect(await card.locator("code").innerText()).toContain(
      `--origin '${fixture.chat.origin}' '${fixture.chat.origin}`,
    );

    await card.getByText("Send again", { exact: true }).click();
    const again = await fixture.chat.nextTurn();
    expect(again.headers["idempotency-key"]).toBe(turn.headers["idempotency-key"]);
    expect(again.request).toEqual(turn.request);
    again.send(...accepted(said("What is this?")), ...begun(), done("A lighthouse."));
    again.end();
    await page.seen("A lighthouse.").waitFor();
    expect(await card.count()).toBe(0);
    expect(await page.part("user-message").count()).toBe(1);
  });

  test("goes back into the composer to be edited, its files too", async () => {
    const { chat } = fixture;
    chat.refuseFiles = { status: 422, body: failure("import_unreachable", "The address did not answer.") };
    const page = await fixture.open();
    await page.setOptions();
    await page.field.fill("Meanwhile");
    await page.send({
      text: "Look",
      attachments: [
        { id: "1", name: "film.mp4", mime_type: "video/mp4", type: "file", preview_url: `${chat.origin}/x` },
      ],
    });
    await page.part("error-card").getByText("Edit the message").click();
    expect(await page.written()).toBe("Look\n\nMeanwhile");
    expect(await page.page.getByLabel("Files of this message").innerText()).toContain("film");
    expect(await page.part("user-message").count()).toBe(0);
    expect(chat.asked).not.toContain("POST /chatkit");
    await page.page.getByLabel("Remove film.mp4").click();
    expect(await page.page.getByLabel("Files of this message").count()).toBe(0);
  });

  test("survives a reload", async () => {
    const { page, turn } = await openWith("Do not lose me");
    turn.refuse(503, failure("shutting_down", "The server is going down."));
    await page.part("error-card").waitFor();
    await page.load(`${fixture.chat.origin}/`);
    await page.setOptions();
    await expect.poll(() => page.written()).toBe("Do not lose me");
  });

  test("does not disappear when another one is sent", async () => {
    const { page, turn } = await openWith("First");
    turn.refuse(500, failure("internal_error", "The server failed."));
    await page.part("error-card").waitFor();
    await page.send({ text: "Second" });
    const second = await fixture.chat.nextTurn();
    second.send(...accepted(said("Second")));
    second.end();
    await expect.poll(() => page.outcome()).toBe("resolved");
    await page.part("user-message").getByText("First").waitFor();
    expect(await page.part("error-card").count()).toBe(1);
  });
});

test("says that the browser hides the answer, where a server sends no CORS headers", async () => {
  const server = createServer((_, response) => response.writeHead(500).end("failed"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const page = await fixture.open();
    await page.setOptions({ api: { url: `http://127.0.0.1:${port}/chatkit` } });
    await page.send({ text: "What is this?" });
    const card = page.part("error-card");
    await card.waitFor();
    expect(await card.innerText()).toMatch(/CORS/);
    await card.locator("summary").click();
    expect(await card.locator("dl").innerText()).toContain("cors_missing_or_masked");
    expect(await page.outcome()).toMatch(/^ChatFailure: /);
    // The browser's own complaint is no fault of the page.
    page.faults.length = 0;
  } finally {
    server.close();
  }
});

describe("an answer that failed", () => {
  test("shows the server's own words, and answers the same message anew", async () => {
    const { page, turn } = await openWith("Export it");
    turn.send(...accepted(said("Export it")), ...begun(), words("Half an an"), {
      type: "error",
      code: "custom",
      message: "The export has no space left.",
      allow_retry: true,
    });
    turn.end();
    const card = page.part("error-card");
    await card.getByText(/^The export has no space left\./).waitFor();
    expect(await page.outcome()).toBe("resolved");
    expect((await page.heard("response.end")).length).toBe(1);
    await card.getByText("Try again").click();
    const retry = await fixture.chat.nextTurn();
    expect(retry.request.type).toBe("threads.retry_after_item");
    await card.waitFor({ state: "detached" });
    expect(await page.seen("Half an an").isVisible()).toBe(true);
    retry.send({ type: "stream_options", stream_options: { allow_cancel: true } });
    await page.seen("Half an an").waitFor({ state: "detached" });
    retry.end();
  });

  test("offers to look again where the connection broke", async () => {
    const { chat } = fixture;
    const { page, turn } = await openWith("Tell me");
    turn.send(...accepted(said("Tell me")), ...begun(), words("Once upon"));
    await page.seen("Once upon").waitFor();
    turn.cut();
    const card = page.part("error-card");
    await card.waitFor();
    await page.seen("Once upon").waitFor();
    chat.threads.set("thr_1", threadOf("thr_1", [said("Tell me")]));
    chat.runs.set("thr_1", { id: "run_1", thread_id: "thr_1", state: "interrupted" });
    await card.getByText("Check the conversation").click();
    await page.seen("The server stopped before the answer was complete.").waitFor();
    await page.seen("Answer again").click();
    const retry = await chat.nextTurn();
    expect(retry.request).toEqual({
      type: "threads.retry_after_item",
      params: { thread_id: "thr_1", item_id: "msg_user" },
    });
    retry.send(...begun("msg_2"), done("Once upon a time.", "msg_2"));
    retry.end();
    await page.seen("Once upon a time.").waitFor();
  });
});

test.each([
  ["interrupted", "The server stopped before the answer was complete."],
  ["stopped", "You stopped this answer."],
  ["failed", "This answer failed before it was complete."],
] as const)("a thread whose last run is %s says so", async (state, sentence) => {
  const { chat } = fixture;
  chat.threads.set("thr_1", threadOf("thr_1", [said("Hi")]));
  chat.runs.set("thr_1", { id: "run_1", thread_id: "thr_1", state });
  const page = await fixture.open();
  await page.setOptions({ initialThread: "thr_1" });
  await page.seen(sentence).waitFor();
  await page.seen("Answer again").waitFor();
});

test("a thread that cannot be loaded is a card, an event and a rejection", async () => {
  const page = await fixture.open();
  await page.setOptions();
  const rejected = await page.page.evaluate(() =>
    window.chat.setThreadId("thr_none").then(
      () => "resolved",
      (error: Error) => error.name,
    ),
  );
  expect(rejected).toBe("ChatFailure");
  await page.part("error-card").waitFor();
  expect((await page.heard()).map(({ name }) => name.replace("chatkit.", ""))).toEqual([
    "ready",
    "thread.change",
    "thread.load.start",
    "error",
    "thread.load.end",
  ]);
});

test.each([
  [{}, /api\.url is missing/],
  [{ url: "ftp://x" }, /not an http address: ftp/],
])("settings without a server are a card: %j", async (api, sentence) => {
  const page = await fixture.open();
  await page.setOptions({ api });
  await expect.poll(() => page.part("error-card").innerText()).toMatch(sentence);
  expect(await page.heard("error")).toHaveLength(1);
  expect(await page.heard("ready")).toEqual([]);
  await page.setOptions();
  await page.part("greeting").waitFor();
  expect(await page.part("error-card").count()).toBe(0);
});

test("the hosted service is refused in words", async () => {
  const page = await fixture.open();
  await page.page.evaluate(() => window.chat.setOptions({ api: { getClientSecret: async () => "x" } }));
  await expect.poll(() => page.part("error-card").innerText()).toMatch(/hosted service/);
});

test("copies all details of a failure", async () => {
  const { page, turn } = await openWith("Hi");
  await page.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  turn.refuse(500, failure("internal_error", "The server failed."));
  await page.part("error-card").locator("summary").click();
  await page.seen("Copy all details").click();
  await expect
    .poll(() => page.page.evaluate(() => navigator.clipboard.readText()))
    .toContain("npx waybill doctor --origin");
  await page.seen("Copied").first().waitFor();
});
