import { ChatError } from "@waybill/protocol";
import type { Respond, TurnContext, TurnEvent } from "@waybill/server";
import { afterEach, describe, expect, test } from "vitest";
import {
  eventsOf,
  readerOf,
  readUntil,
  startChatServer,
  type TestServer,
  textInput,
} from "./support/chat-server.ts";
import { create, items, threadIdOf, types } from "./support/turns.ts";

const TIME = "2026-01-02T03:04:05.678Z";
const FAILED = { type: "error", code: "stream.error", allow_retry: true };

let server: TestServer;
afterEach(() => server[Symbol.asyncDispose]());

/** Anything else than this text is answered at once. */
async function start(bad: Respond): Promise<void> {
  server = await startChatServer({
    async *respond(context, message) {
      if (message?.content[0]?.text === "bad") yield* bad(context, message);
      else yield* context.thread.streamText("fine");
    },
  });
}
const runState = async (threadId: string) =>
  ((await (await fetch(`${server.api}/v1/runs?thread_id=${threadId}`)).json()) as { state: string }).state;
const textsOf = async (threadId: string) =>
  (await items(server, threadId)).map(({ content }) => content?.map(({ text }) => text).join("|"));
const logged = () => server.logged.map(({ error }) => (error instanceof Error ? error.message : error));

/** Other threads are answered, and so is this one. */
async function expectOthersAnswered(threadId: string): Promise<void> {
  expect(await textsOf(threadIdOf(await eventsOf(await server.send(create("other")))))).toEqual([
    "other",
    "fine",
  ]);
  const params = { thread_id: threadId, input: textInput("again") };
  const again = await eventsOf(await server.send({ type: "threads.add_user_message", params }));
  expect(again.at(-1)).toMatchObject({ type: "thread.item.done" });
}

function message(thread_id: string, id: string, text?: string) {
  const content = text === undefined ? [] : [{ type: "output_text" as const, text, annotations: [] }];
  return { id, thread_id, created_at: TIME, type: "assistant_message" as const, content };
}
const begun = ({ thread }: TurnContext, id = "a"): TurnEvent => ({
  type: "thread.item.added",
  item: message(thread.id, id),
});
const finished = ({ thread }: TurnContext, id: string, text: string): TurnEvent => ({
  type: "thread.item.done",
  item: message(thread.id, id, text),
});
const delta = (delta: unknown, content_index: unknown = 0, item_id = "a") => ({
  type: "thread.item.updated",
  item_id,
  update: { type: "assistant_message.content_part.text_delta", content_index, delta },
});

describe("a responder that yields what is no event", () => {
  test.each<readonly [string, (context: TurnContext) => unknown, RegExp]>([
    ["an unknown type", () => ({ type: "thread.sang" }), /no event of the protocol: type: /],
    ["nothing", () => undefined, /no event of the protocol: /],
    ["a field of a wrong type", () => delta(7), /update\.delta: expected a string/],
    ["an index that no answer has", () => delta("x", 10_001), /update\.content_index: .*10000/],
    ["an index that is no whole number", () => delta("x", 0.5), /update\.content_index/],
    [
      "an item of a foreign thread",
      () => ({ type: "thread.item.done", item: message("thr_x", "b", "x") }),
      /of thread thr_x/,
    ],
    [
      "an item without its fields",
      ({ thread }) => ({ type: "thread.item.done", item: { ...message(thread.id, "b"), content: null } }),
      /item\.content/,
    ],
  ])(
    "%s: the person reads that it failed, the log why, and what was done before is kept",
    async (_name, bad, why) => {
      await start(async function* (context) {
        yield finished(context, "before", "kept");
        yield begun(context);
        yield delta("half") as TurnEvent;
        yield bad(context) as TurnEvent;
        yield finished(context, "after", "never");
      });
      const events = await eventsOf(await server.send(create("bad")));
      expect(types(events).slice(3)).toEqual([
        "thread.item.done",
        "thread.item.added",
        "thread.item.updated",
        "error",
      ]);
      expect(events.at(-1)).toEqual(FAILED);
      const threadId = threadIdOf(events);
      expect(await textsOf(threadId)).toEqual(["bad", "kept"]);
      expect(await runState(threadId)).toBe("failed");
      expect(logged()).toEqual([expect.stringMatching(why)]);
      await expectOthersAnswered(threadId);
    },
  );
});

describe("a responder that is out of order within the protocol", () => {
  test.each<readonly [string, (context: TurnContext) => readonly unknown[], readonly string[]]>([
    [
      "an item that is begun twice is begun anew",
      (context) => [begun(context), delta("lost"), begun(context), delta("b"), finished(context, "a", "b")],
      ["b"],
    ],
    [
      "an item that is done twice is there once, as it was last",
      (context) => [finished(context, "a", "1"), finished(context, "b", "2"), finished(context, "a", "3")],
      ["3", "2"],
    ],
    [
      "an update of an unknown item changes nothing",
      (context) => [delta("x", 0, "nobody"), finished(context, "a", "1")],
      ["1"],
    ],
    [
      "an update of an item that is done changes nothing that is kept",
      (context) => [finished(context, "a", "1"), delta("2")],
      ["1"],
    ],
    [
      "an update of a part that has not begun makes room for it",
      (context) => [begun(context), delta("x", 3), finished(context, "a", "1")],
      ["1"],
    ],
  ])("%s", async (_name, script, kept) => {
    await start(async function* (context) {
      yield* script(context) as TurnEvent[];
    });
    const events = await eventsOf(await server.send(create("bad")));
    expect(types(events)).not.toContain("error");
    const threadId = threadIdOf(events);
    expect(await textsOf(threadId)).toEqual(["bad", ...kept]);
    expect(await runState(threadId)).toBe("completed");
    expect(logged()).toEqual([]);
    await expectOthersAnswered(threadId);
  });
});

describe("a responder that fails", () => {
  const broken = () => {
    throw new Error("before anything");
  };
  test.each<readonly [string, Respond, readonly string[]]>([
    ["by throwing as it is called", broken, ["before anything"]],
    // Whoever writes JavaScript returns whatever they like.
    [
      "by returning what cannot be read",
      (() => 7) as unknown as Respond,
      [expect.stringMatching(/iterable|function/i)],
    ],
    [
      "by throwing what is no error",
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject("a word") }) }),
      ["a word"],
    ],
  ])("%s: one error event, the inside in the log", async (_name, bad, told) => {
    await start(bad);
    const events = await eventsOf(await server.send(create("bad")));
    expect(events.slice(3)).toEqual([FAILED]);
    expect(await runState(threadIdOf(events))).toBe("failed");
    expect(logged()).toEqual(told);
    await expectOthersAnswered(threadIdOf(events));
  });

  test("with words for the person: they are read, and nothing is logged", async () => {
    await start(async function* (context) {
      yield begun(context);
      throw new ChatError("custom", { message: "Not today." });
    });
    const events = await eventsOf(await server.send(create("bad")));
    expect(events.at(-1)).toEqual({
      type: "error",
      code: "custom",
      message: "Not today.",
      allow_retry: false,
    });
    expect(logged()).toEqual([]);
    await expectOthersAnswered(threadIdOf(events));
  });

  test("to say anything: others are answered meanwhile, and whoever leaves ends it", async () => {
    await start(() => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }));
    const leave = new AbortController();
    const reader = readerOf(await server.send(create("bad"), { signal: leave.signal }));
    const head = await readUntil(reader, "stream_options");
    const threadId = threadIdOf([JSON.parse(head.slice(6, head.indexOf("\n\n")))]);
    expect(await textsOf(threadIdOf(await eventsOf(await server.send(create("other")))))).toHaveLength(2);
    expect(await runState(threadId)).toBe("active");
    leave.abort();
    await expect.poll(() => runState(threadId)).toBe("stopped");
    expect(await textsOf(threadId)).toEqual(["bad"]);
    await expectOthersAnswered(threadId);
  });

  test("to listen when it is stopped: nothing that it yields later is sent or stored", async () => {
    const over = Promise.withResolvers<void>();
    await start(async function* (context) {
      yield finished(context, "before", "kept");
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      yield finished(context, "late", "never");
      over.resolve();
    });
    const leave = new AbortController();
    const reader = readerOf(await server.send(create("bad"), { signal: leave.signal }));
    const head = await readUntil(reader, "kept");
    const threadId = threadIdOf([JSON.parse(head.slice(6, head.indexOf("\n\n")))]);
    leave.abort();
    await expect.poll(() => runState(threadId)).toBe("stopped");
    expect(await textsOf(threadId)).toEqual(["bad", "kept"]);
    expect(logged()).toEqual([]);
    await expectOthersAnswered(threadId);
  });
});

describe("a responder that says very much", () => {
  test("100,000 events at once: all of them, in order, and others are answered meanwhile", async () => {
    const count = 100_000;
    await start(async function* (context) {
      yield begun(context);
      for (let n = 0; n < count; n += 1) yield delta("x") as TurnEvent;
      yield finished(context, "a", "x".repeat(count));
    });
    const response = await server.send(create("bad"));
    const reading = response.text();
    expect(await textsOf(threadIdOf(await eventsOf(await server.send(create("other")))))).toHaveLength(2);
    const text = await reading;
    expect(text.split("\n\n")).toHaveLength(3 + 1 + count + 1 + 1);
    const threadId = threadIdOf([JSON.parse(text.slice(6, text.indexOf("\n\n")))]);
    expect((await textsOf(threadId))[1]).toHaveLength(count);
    expect(await runState(threadId)).toBe("completed");
  });

  test("an item of 10 MB arrives, and is there again", async () => {
    const long = "0123456789".repeat(1_000_000);
    await start(async function* (context) {
      yield finished(context, "a", long);
    });
    const events = await eventsOf(await server.send(create("bad")));
    expect(events.at(-1)).toMatchObject({ item: { content: [{ text: long }] } });
    const threadId = threadIdOf(events);
    expect((await textsOf(threadId))[1]).toBe(long);
    await expectOthersAnswered(threadId);
  });
});
