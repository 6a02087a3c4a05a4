import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatError } from "@waybill/protocol";
import { createChatKitServer } from "@waybill/server";
import { describe as describeResponder } from "@waybill/server/responders/describe";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { afterEach, describe, expect, test } from "vitest";
import {
  ALLOWED_ORIGIN,
  eventsOf,
  readerOf,
  readUntil,
  startChatServer,
  type TestServer,
  textInput,
} from "./support/chat-server.ts";
import { create, items, threadIdOf, types } from "./support/turns.ts";

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function runState(api: TestServer, threadId: string) {
  const response = await fetch(`${api.api}/v1/runs?thread_id=${threadId}`);
  return ((await response.json()) as { state: string } | null)?.state;
}

describe("a turn", () => {
  test("streams upstream's events in upstream's order and bytes", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText("Hello");
      },
    });
    const response = await server.send(create("hi"));
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const text = await response.text();
    expect(text).toMatch(/^(?:data: \{.*\}\n\n)+$/);
    const events = text
      .split("\n\n")
      .filter(Boolean)
      .map((frame) => JSON.parse(frame.slice(6)) as Record<string, unknown>);
    expect(types(events)).toEqual([
      "thread.created",
      "thread.item.done",
      "stream_options",
      "thread.item.added",
      "thread.item.updated",
      "thread.item.updated",
      "thread.item.updated",
      "thread.item.done",
    ]);
    expect(events[0]).toMatchObject({
      thread: { status: { type: "active" }, metadata: {}, items: { data: [], has_more: false } },
    });
    expect(events[1]).toMatchObject({
      item: {
        type: "user_message",
        content: [{ type: "input_text", text: "hi" }],
        attachments: [],
        inference_options: {},
      },
    });
    expect(await runState(server, threadIdOf(events))).toBe("completed");
  });

  test("continues a thread, and hands its history to the responder", async () => {
    const seen: string[][] = [];
    server = await startChatServer({
      async *respond({ thread }) {
        seen.push((await thread.history()).map((item) => item.type));
        yield* thread.streamText("ok");
      },
    });
    const threadId = threadIdOf(await eventsOf(await server.send(create("one"))));
    const second = await eventsOf(
      await server.send({
        type: "threads.add_user_message",
        params: { thread_id: threadId, input: textInput("two") },
      }),
    );
    expect(types(second)[0]).toBe("thread.item.done");
    expect(seen).toEqual([["user_message"], ["user_message", "assistant_message", "user_message"]]);
    expect((await items(server, threadId)).map((item) => item.type)).toEqual([
      "user_message",
      "assistant_message",
      "user_message",
      "assistant_message",
    ]);
  });

  test("reports a responder's failure as one event, keeps nothing of the unfinished answer, and logs the inside", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        for await (const event of thread.streamText(["half"])) {
          if (event.type === "thread.item.done") throw new Error("secret inside");
          yield event;
        }
      },
    });
    const events = await eventsOf(await server.send(create("hi")));
    expect(events.at(-1)).toEqual({ type: "error", code: "stream.error", allow_retry: true });
    const threadId = threadIdOf(events);
    expect((await items(server, threadId)).map((item) => item.type)).toEqual(["user_message"]);
    expect(await runState(server, threadId)).toBe("failed");
    expect(
      server.logged.some((entry) => entry.error instanceof Error && entry.error.message === "secret inside"),
    ).toBe(true);
  });

  test("tells a responder's own words", async () => {
    server = await startChatServer({
      respond: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new ChatError("custom", { message: "The model is asleep." })),
        }),
      }),
    });
    const events = await eventsOf(await server.send(create("hi")));
    expect(events.at(-1)).toEqual({
      type: "error",
      code: "custom",
      message: "The model is asleep.",
      allow_retry: false,
    });
  });

  test("is stopped when the client leaves: the text so far is kept, and a hidden note that is never listed", async () => {
    const waiting = Promise.withResolvers<void>();
    let aborted = false;
    server = await startChatServer({
      async *respond({ thread, signal }) {
        yield* thread.streamText(
          (async function* () {
            yield "partial ";
            yield "answer";
            waiting.resolve();
            await new Promise((resolve) => {
              signal.addEventListener("abort", resolve);
            });
            aborted = true;
            yield " never sent";
          })(),
        );
      },
    });
    const leave = new AbortController();
    const response = await server.send(create("hi"), { signal: leave.signal });
    const reader = readerOf(response);
    let text = await readUntil(reader, '"delta":"answer"');
    await waiting.promise;
    leave.abort();
    const threadId = (JSON.parse(text.slice(6, text.indexOf("\n\n"))) as { thread: { id: string } }).thread
      .id;
    await expect.poll(() => server && runState(server, threadId)).toBe("stopped");
    const stored = await items(server, threadId);
    expect(stored.map((item) => item.type)).toEqual(["user_message", "assistant_message"]);
    expect(stored[1]?.content?.[0]?.text).toBe("partial answer");
    await expect.poll(() => aborted).toBe(true);
  });

  test("a responder that never listens does not keep a stopped run open", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText(
          (async function* () {
            yield "so far";
            await new Promise(() => {});
          })(),
        );
      },
    });
    const leave = new AbortController();
    const response = await server.send(create("hi"), { signal: leave.signal });
    const reader = readerOf(response);
    let text = await readUntil(reader, "so far");
    leave.abort();
    const threadId = (JSON.parse(text.slice(6, text.indexOf("\n\n"))) as { thread: { id: string } }).thread
      .id;
    await expect.poll(() => server && runState(server, threadId)).toBe("stopped");
  });

  test("ends the responder's work when the journal can no longer be written, and tells the reader", async () => {
    const folder = await mkdtemp(join(tmpdir(), "waybill-journal-"));
    const store = sqlite(join(folder, "waybill.db"));
    const aborted = Promise.withResolvers<void>();
    server = await startChatServer({
      store: {
        ...store,
        open: () => store.open(),
        close: () => store.close(),
        runs: {
          ...store.runs,
          append: (runId, entries) =>
            entries.some(({ data }) => data.includes("so far"))
              ? Promise.reject(new Error("disk full"))
              : store.runs.append(runId, entries),
        },
      },
      async *respond({ thread, signal }) {
        signal.addEventListener("abort", () => aborted.resolve());
        yield* thread.streamText(
          (async function* () {
            yield "so far";
            await new Promise(() => {});
          })(),
        );
      },
    });
    const events = await eventsOf(await server.send(create("hi")));
    expect(events.at(-1)).toMatchObject({ type: "error", code: "stream.error" });
    await aborted.promise;
    await rm(folder, { recursive: true, force: true });
  });

  test("one at a time: a second turn in a thread is refused while the first runs", async () => {
    const release = Promise.withResolvers<void>();
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText("begun");
        await release.promise;
      },
    });
    const first = await server.send(create("one"));
    const reader = readerOf(first);
    let text = await readUntil(reader, "begun");
    const threadId = (JSON.parse(text.slice(6, text.indexOf("\n\n"))) as { thread: { id: string } }).thread
      .id;
    const second = await server.send({
      type: "threads.add_user_message",
      params: { thread_id: threadId, input: textInput("two") },
    });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ error: { code: "thread_busy" } });
    release.resolve();
    for (let part = await reader.read(); !part.done; part = await reader.read());
    expect((await items(server, threadId)).map((item) => item.type)).toEqual([
      "user_message",
      "assistant_message",
    ]);
  });

  test("answering a message again takes back what came after it", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread }) {
        answers += 1;
        yield* thread.streamText(`answer ${answers}`);
      },
    });
    const first = await eventsOf(await server.send(create("hi")));
    const threadId = threadIdOf(first);
    const message = first[1]?.["item"] as { id: string };
    const again = await eventsOf(
      await server.send({
        type: "threads.retry_after_item",
        params: { thread_id: threadId, item_id: message.id },
      }),
    );
    expect(types(again)[0]).toBe("stream_options");
    const stored = await items(server, threadId);
    expect(stored.map((item) => item.content?.[0]?.text)).toEqual(["hi", "answer 2"]);
    const answerId = ((again.at(-1)?.["item"] as { id: string }) ?? {}).id;
    const wrong = await server.send({
      type: "threads.retry_after_item",
      params: { thread_id: threadId, item_id: answerId },
    });
    expect(await wrong.json()).toMatchObject({ error: { code: "wrong_item_type" } });
  });

  test("a hidden item is stored for the model and never sent", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        yield {
          type: "thread.item.done",
          item: {
            id: "msg_hidden",
            thread_id: thread.id,
            created_at: "2026-01-01T00:00:00Z",
            type: "hidden_context_item",
            content: "for the model",
          },
        };
        yield* thread.streamText((await thread.history()).map((item) => item.type).join(","));
      },
    });
    const response = await server.send(create("hi"));
    const text = await response.text();
    expect(text).not.toContain("for the model");
    expect(text).toContain("user_message,hidden_context_item");
  });

  test("a shutdown ends what is running as interrupted, and says so in the stream", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText(
          (async function* () {
            yield "so far";
            await new Promise(() => {});
          })(),
        );
      },
    });
    const response = await server.send(create("hi"));
    const reader = readerOf(response);
    let text = await readUntil(reader, "so far");
    await server.chat.close({ drainTimeoutMs: 0 });
    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += new TextDecoder().decode(part.value);
    expect(text).toContain("The chat server is restarting.");
  });
});

describe("a turn that is refused stores nothing", () => {
  const refusals: [string, unknown, number, string][] = [
    [
      "an unknown thread",
      { type: "threads.add_user_message", params: { thread_id: "thr_none", input: textInput("x") } },
      404,
      "not_found",
    ],
    ["an unknown attachment", create("x", ["123"]), 404, "not_found"],
    [
      "eleven attachments",
      create(
        "x",
        Array.from({ length: 11 }, (_, index) => `atc_${index}`),
      ),
      400,
      "invalid_request",
    ],
    [
      "a retry in an unknown thread",
      { type: "threads.retry_after_item", params: { thread_id: "thr_none", item_id: "msg_1" } },
      404,
      "not_found",
    ],
    ["a message without content", { type: "threads.create", params: { input: {} } }, 400, "invalid_request"],
  ];
  test.each(refusals)("%s", async (_name, body, status, code) => {
    server = await startChatServer();
    const json = await server.send(body);
    expect(json.status).toBe(status);
    expect(await json.json()).toMatchObject({
      error: { code, request_id: json.headers.get("x-request-id") },
    });

    const streamed = await server.send(body, { headers: { accept: "text/event-stream" } });
    expect(streamed.status).toBe(200);
    expect(streamed.headers.get("waybill-error")).toBe(code);
    const events = await eventsOf(streamed);
    expect(events).toEqual([expect.objectContaining({ type: "error", code: "custom", allow_retry: false })]);

    const list = await server.send({ type: "threads.list", params: {} });
    expect(await list.json()).toEqual({ data: [], has_more: false });
  });
});

describe("what is refused first", () => {
  test("a list that is too long before a thread that is not there", async () => {
    server = await startChatServer();
    const ids = Array.from({ length: 11 }, (_, index) => `atc_${index}`);
    const answer = await server.send({
      type: "threads.add_user_message",
      params: { thread_id: "thr_none", input: textInput("x", ids) },
    });
    expect(answer.status).toBe(400);
  });

  test("an attachment of somebody else's before a thread that is locked", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText("so far, so good");
        thread.setStatus({ type: "locked", reason: "The case is closed." });
      },
    });
    const threadId = threadIdOf(await eventsOf(await server.send(create("hi"))));
    const next = (attachments: string[]) => ({
      type: "threads.add_user_message",
      params: { thread_id: threadId, input: textInput("x", attachments) },
    });
    expect((await server.send(next(["atc_none"]))).status).toBe(404);
    const locked = await server.send(next([]));
    expect(await locked.json()).toMatchObject({
      error: { code: "thread_locked" },
      message: "The case is closed.",
    });
  });
});

test("a server whose store cannot be opened answers, with the policy's headers", async () => {
  server = await startChatServer();
  const { chat } = server;
  const broken = createChatKitServer({
    cors: { origins: [ALLOWED_ORIGIN], credentials: true },
    store: sqlite("/dev/null/waybill.db"),
    files: disk("/dev/null/files"),
    respond: describeResponder(),
    log: () => {},
  });
  const answer = await broken.fetch(
    new Request("http://localhost/v1", { headers: { origin: ALLOWED_ORIGIN } }),
  );
  expect(answer.status).toBe(500);
  expect(answer.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
  expect(await answer.json()).toMatchObject({ error: { code: "internal_error" } });
  expect((await chat.fetch(new Request("http://localhost/v1"))).status).toBe(200);
});
