import { ChatError } from "@waybill/protocol";
import type { Respond, TurnEvent } from "@waybill/server";
import { afterEach, describe, expect, test } from "vitest";
import { eventsOf, readerOf, readUntil, startChatServer, type TestServer } from "./support/chat-server.ts";
import { create, items, threadIdOf, types } from "./support/turns.ts";

let server: TestServer;
afterEach(() => server[Symbol.asyncDispose]());

async function turnOf(respond: Respond) {
  server = await startChatServer({ respond });
  const events = await eventsOf(await server.send(create("hi")));
  const threadId = threadIdOf(events);
  return { threadId, events: events.slice(3), all: events };
}
const threadOf = async (threadId: string) =>
  (await server.send({ type: "threads.get_by_id", params: { thread_id: threadId } })).json();
/** Until the newest run of the thread has ended. */
async function ended(threadId: string): Promise<void> {
  await expect
    .poll(async () => (await (await fetch(`${server.api}/v1/runs?thread_id=${threadId}`)).json()).state)
    .not.toBe("active");
}

describe("what an author makes", () => {
  test("steps of a workflow, told one by one, kept as they ended", async () => {
    const { events, threadId } = await turnOf(async function* ({ thread }) {
      const steps = thread.workflow({ type: "reasoning" });
      yield steps.start();
      yield steps.addTask({ type: "thought", content: "First" });
      yield steps.updateTask(0, { type: "thought", content: "First, really", status_indicator: "complete" });
      expect(() => steps.updateTask(1, { type: "image" })).toThrow(RangeError);
      yield steps.end();
      yield thread.task({ type: "web_search", queries: ["cats"], sources: [] });
    });
    expect(types(events)).toEqual([
      "thread.item.added",
      "thread.item.updated",
      "thread.item.updated",
      "thread.item.done",
      "thread.item.done",
    ]);
    expect(await items(server, threadId)).toMatchObject([
      { type: "user_message" },
      {
        id: expect.stringMatching(/^wf_/),
        workflow: {
          type: "reasoning",
          tasks: [{ type: "thought", content: "First, really", status_indicator: "complete" }],
          summary: { duration: expect.any(Number) },
          expanded: false,
        },
      },
      { id: expect.stringMatching(/^tsk_/), task: { queries: ["cats"], status_indicator: "none" } },
    ]);
  });

  test("a picture, told while it is made", async () => {
    const { events } = await turnOf(async function* ({ thread }) {
      const picture = thread.generatedImage();
      yield picture.start();
      yield picture.update("data:image/png;base64,AA==", 0.5);
      yield picture.done("https://img.example/cat.png");
    });
    expect(events).toMatchObject([
      { item: { type: "generated_image" } },
      { update: { type: "generated_image.updated", progress: 0.5 } },
      { item: { image: { url: "https://img.example/cat.png" } } },
    ]);
  });

  test("words beside the conversation, of which nothing is kept", async () => {
    const { events, threadId } = await turnOf(async function* ({ thread }) {
      yield thread.progress("Looking", "search");
      yield thread.effect("open", { at: [1, null] });
      yield thread.notice("warning", "Slow today", "Heads up");
      yield thread.hiddenContext({ mood: "curious" });
    });
    expect(events).toEqual([
      { type: "progress_update", icon: "search", text: "Looking" },
      { type: "client_effect", name: "open", data: { at: [1, null] } },
      { type: "notice", level: "warning", message: "Slow today", title: "Heads up" },
    ]);
    expect(await items(server, threadId)).toHaveLength(1);
  });
});

describe("what is set on the thread", () => {
  test("is there for the author at once, and told behind the next event, once", async () => {
    const { events, threadId } = await turnOf(async function* ({ thread }) {
      thread.setTitle("One");
      thread.setTitle("Two");
      expect(thread.title).toBe("Two");
      yield thread.progress("a");
      yield thread.progress("b");
      thread.setAllowedImageDomains(["img.example"]);
      thread.setMetadata({ secret: "s3" });
    });
    expect(types(events)).toEqual(["progress_update", "thread.updated", "progress_update", "thread.updated"]);
    expect(JSON.stringify(events)).not.toContain("s3");
    expect(await threadOf(threadId)).toMatchObject({ title: "Two", allowed_image_domains: ["img.example"] });
  });

  test("is told behind the error when the answer fails, and kept", async () => {
    const { events, threadId } = await turnOf(async function* ({ thread }) {
      yield thread.progress("a");
      thread.setTitle("Kept");
      throw new ChatError("custom", { message: "Sorry." });
    });
    expect(types(events)).toEqual(["progress_update", "error", "thread.updated"]);
    expect(await threadOf(threadId)).toMatchObject({ title: "Kept" });
  });

  test("does not undo a name that the person gives meanwhile", async () => {
    const renamed = Promise.withResolvers<void>();
    let seen: string | undefined;
    server = await startChatServer({
      async *respond({ thread }) {
        yield thread.progress("a");
        await renamed.promise;
        seen = thread.title;
        thread.setMetadata({ n: 1 });
      },
    });
    const response = await server.send(create("hi"));
    const reader = readerOf(response);
    const begun = await readUntil(reader, "progress_update");
    const threadId = /thr_\w+/.exec(begun)?.[0] ?? "";
    await server.send({ type: "threads.update", params: { thread_id: threadId, title: "Mine" } });
    renamed.resolve();
    expect(await readUntil(reader, "thread.updated")).toContain('"title":"Mine"');
    expect(seen).toBe("Mine");
    await ended(threadId);
    expect(await threadOf(threadId)).toMatchObject({ title: "Mine" });
  });
});

describe("what is no event of the protocol", () => {
  const base = { thread_id: "", created_at: "2026-01-01T00:00:00Z" };
  test.each<[string, (threadId: string) => unknown, string]>([
    ["nothing at all", () => undefined, "the event: expected an object"],
    ["an unknown type", () => ({ type: "thread.item.vanished" }), "type: expected one of"],
    ["a new thread", () => ({ type: "thread.created", thread: {} }), "type: expected one of"],
    [
      "an item without text",
      (thread_id) =>
        done({ ...base, thread_id, id: "a", type: "assistant_message", content: [{ type: "output_text" }] }),
      "item.content[0].text",
    ],
    [
      "an item of an unknown type",
      (thread_id) => done({ ...base, thread_id, id: "a", type: "poem" }),
      "item.type",
    ],
    [
      "an item of another thread",
      () => done({ ...base, thread_id: "thr_other", id: "a", type: "end_of_turn" }),
      "thr_other",
    ],
    [
      "a part far away",
      () => ({
        type: "thread.item.updated",
        item_id: "a",
        update: { type: "assistant_message.content_part.text_delta", content_index: 1e9, delta: "x" },
      }),
      "content_index",
    ],
    ["a number that JSON has not", () => ({ type: "client_effect", name: "x", data: { n: 1n } }), "BigInt"],
  ])("%s fails the answer, is logged, and leaves nothing half stored", async (_, event, logged) => {
    const { events, threadId } = await turnOf(async function* ({ thread }) {
      yield* thread.streamText("kept");
      yield event(thread.id) as TurnEvent;
      yield* thread.streamText("never heard");
    });
    expect(events.at(-1)).toEqual({ type: "error", code: "stream.error", allow_retry: true });
    expect(await items(server, threadId)).toHaveLength(2);
    expect(String(server.logged[0]?.error)).toContain(logged);
    expect(server.logged[0]?.request_id).toMatch(/^req_/);
    expect((await server.send(create("next"))).status).toBe(200);
    const run = await (await fetch(`${server.api}/v1/runs?thread_id=${threadId}`)).json();
    expect(run).toMatchObject({ state: "failed" });
  });

  const done = (item: object) => ({ type: "thread.item.done", item });

  test("a thread by hand is passed on without what is kept with the thread", async () => {
    const { events } = await turnOf(async function* ({ thread }) {
      thread.setMetadata({ secret: "s3" });
      yield thread.progress("a");
      const { id, created_at, metadata } = thread;
      const items = { data: [], has_more: false };
      yield { type: "thread.updated", thread: { id, created_at, metadata, items } } as unknown as TurnEvent;
    });
    expect(types(events)).toEqual(["progress_update", "thread.updated", "thread.updated"]);
    expect(JSON.stringify(events)).not.toContain("s3");
  });
});

describe("an answer that is stopped", () => {
  const stopped = async (config: Parameters<typeof startChatServer>[0]) => {
    server = await startChatServer(config);
    const leaving = new AbortController();
    const response = await server.send(create("hi"), { signal: leaving.signal });
    const begun = await readUntil(readerOf(response), "half");
    leaving.abort();
    const threadId = /thr_\w+/.exec(begun)?.[0] ?? "";
    await ended(threadId);
    return threadId;
  };
  const half: Respond = async function* ({ thread, signal }) {
    const steps = thread.workflow();
    yield steps.start();
    yield steps.addTask({ type: "custom", title: "step" });
    thread.setTitle("Kept");
    yield* thread.streamText(
      (async function* () {
        yield "half";
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      })(),
    );
  };

  test("keeps the text and what was set", async () => {
    const threadId = await stopped({ respond: half });
    expect(await items(server, threadId)).toMatchObject([
      { type: "user_message" },
      { type: "assistant_message", content: [{ text: "half" }] },
    ]);
    expect(await threadOf(threadId)).toMatchObject({ title: "Kept" });
  });

  test("keeps what onStopped chooses", async () => {
    const threadId = await stopped({
      respond: half,
      onStopped: ({ thread }, pending) => {
        expect(thread.title).toBe("Kept");
        return pending.filter((item) => item.type === "workflow");
      },
    });
    expect(await items(server, threadId)).toMatchObject([
      { type: "user_message" },
      { type: "workflow", workflow: { tasks: [{ title: "step" }] } },
    ]);
  });

  test("keeps the text if onStopped fails", async () => {
    const threadId = await stopped({
      respond: half,
      onStopped: () => {
        throw new Error("hook");
      },
    });
    expect((await items(server, threadId)).map(({ type }) => type)).toEqual([
      "user_message",
      "assistant_message",
    ]);
    expect(server.logged.map(({ error }) => String(error))).toContain("Error: hook");
  });
});

test("streamOptions are told before the answer; what they throw refuses the turn", async () => {
  server = await startChatServer({
    streamOptions: ({ principal }) => {
      if (principal.user === "nobody") throw new ChatError("rate_limited");
      return { allow_cancel: false };
    },
    authenticate: (request) => ({ tenant: "default", user: request.headers.get("x-user") ?? "ann" }),
  });
  const events = await eventsOf(await server.send(create("hi")));
  expect(events[2]).toEqual({ type: "stream_options", stream_options: { allow_cancel: false } });
  const headers = { "x-user": "nobody" };
  expect((await server.send(create("hi"), { headers })).status).toBe(429);
  const list = await server.send({ type: "threads.list", params: {} }, { headers });
  expect(await list.json()).toEqual({ data: [], has_more: false });
});
