import { createHash } from "node:crypto";
import { createId } from "@waybill/protocol";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  eventsOf,
  readerOf,
  readUntil,
  startChatServer,
  type TestServer,
  textInput,
} from "./support/chat-server.ts";
import { create, items, threadIdOf, types } from "./support/turns.ts";

const LOCAL = { tenant: "default", user: "local" };

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

describe("a turn that is sent again with its key", () => {
  const keyed = { headers: { "idempotency-key": "once" } };

  test("is told again when it was answered, and not carried out twice", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread }) {
        answers += 1;
        yield* thread.streamText("Hello");
      },
    });
    const first = await eventsOf(await server.send(create("hi"), keyed));
    const second = await eventsOf(await server.send(create("hi"), keyed));
    expect(second).toEqual(first);
    expect(answers).toBe(1);
    expect((await items(server, threadIdOf(first))).length).toBe(2);
  });

  test("joins the answer that is still running", async () => {
    const release = Promise.withResolvers<void>();
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText(
          (async function* () {
            yield "begun";
            await release.promise;
            yield " done";
          })(),
        );
      },
    });
    const first = await server.send(create("hi"), keyed);
    const second = await server.send(create("hi"), keyed);
    release.resolve();
    const [one, two] = await Promise.all([eventsOf(first), eventsOf(second)]);
    expect(two).toEqual(one);
  });

  test("answers the stored message anew when the first answer did not come to its end", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread }) {
        answers += 1;
        if (answers === 1) throw new Error("first time");
        yield* thread.streamText("second time");
      },
    });
    const failed = await eventsOf(await server.send(create("hi"), keyed));
    const threadId = threadIdOf(failed);
    const again = await eventsOf(await server.send(create("hi"), keyed));
    expect(types(again).slice(0, 3)).toEqual(["thread.created", "thread.item.done", "stream_options"]);
    expect(threadIdOf(again)).toBe(threadId);
    expect((await items(server, threadId)).map((item) => item.content?.[0]?.text)).toEqual([
      "hi",
      "second time",
    ]);
  });

  test("is refused when the key belongs to another request", async () => {
    server = await startChatServer();
    await (await server.send(create("hi"), keyed)).text();
    const other = await server.send(create("something else"), keyed);
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({
      error: { code: "invalid_request", details: { header: "Idempotency-Key" } },
    });
  });
});

describe("a turn that is sent again without a key", () => {
  const threads = async (api: TestServer) => {
    const list = await (await api.send({ type: "threads.list", params: {} })).json();
    return (list as { data: { id: string }[] }).data;
  };
  const texts = async (api: TestServer, threadId: string) =>
    (await items(api, threadId)).map((item) => item.content?.[0]?.text);
  const add = (thread_id: string, text: string) => ({
    type: "threads.add_user_message",
    params: { thread_id, input: textInput(text) },
  });
  /** Sends a turn and leaves when `seen` has come, and the store knows it. */
  const leave = async (api: TestServer, body: unknown, seen: string) => {
    const left = new AbortController();
    const reader = readerOf(await api.send(body, { signal: left.signal }));
    await readUntil(reader, seen);
    const [thread] = await threads(api);
    left.abort();
    await reader.closed.catch(() => {});
    await vi.waitFor(async () => {
      const run = await api.store.runs.newest(LOCAL, thread?.id ?? "");
      expect(run?.state).toBe("stopped");
    });
    return thread?.id ?? "";
  };

  test.each([
    ["was answered", false],
    ["failed, which was its answer", true],
  ])("is another turn when the first one %s", async (_, fails) => {
    server = await startChatServer({
      async *respond({ thread }) {
        if (fails) throw new Error("no");
        yield* thread.streamText("Hello");
      },
    });
    await (await server.send(create("ok"))).text();
    await (await server.send(create("ok"))).text();
    expect((await threads(server)).length).toBe(2);
  });

  test("is answered anew when the first one broke off before a word of its answer", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread, signal }) {
        answers += 1;
        if (answers === 1) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        yield* thread.streamText("Hello");
      },
    });
    const threadId = await leave(server, create("hi"), "stream_options");
    const again = await eventsOf(await server.send(create("hi")));
    expect(threadIdOf(again)).toBe(threadId);
    expect(await texts(server, threadId)).toEqual(["hi", "Hello"]);
    expect((await threads(server)).length).toBe(1);
  });

  test("is another turn when a person had words of the first one and left", async () => {
    server = await startChatServer({
      async *respond({ thread, signal }) {
        yield* thread.streamText(
          (async function* () {
            yield "words";
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
          })(),
        );
      },
    });
    const threadId = await leave(server, create("hi"), "words");
    await leave(server, create("hi"), "words");
    expect((await threads(server)).length).toBe(2);
    expect(await texts(server, threadId)).toEqual(["hi", "words"]);
  });

  test("is answered anew when the server died over the first one, unless the conversation has gone on", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread }) {
        answers += 1;
        yield* thread.streamText(`answer ${answers}`);
      },
    });
    const { store } = server;
    const threadId = threadIdOf(await eventsOf(await server.send(create("one"))));
    const dead = async (text: string) => {
      const fingerprint = createHash("sha256")
        .update(JSON.stringify(add(threadId, text)))
        .digest("base64url");
      const started_at = new Date().toISOString();
      const run_id = createId("run");
      await store.runs.begin({
        run_id,
        thread_id: threadId,
        owner: LOCAL,
        started_at,
        key: { key: `\n${fingerprint}`, fingerprint },
        message: {
          id: createId("message"),
          thread_id: threadId,
          created_at: started_at,
          type: "user_message",
          content: [{ type: "input_text", text }],
          attachments: [],
          inference_options: {},
        },
      });
      await store.runs.finish(run_id, "interrupted", []);
    };
    await dead("two");
    await (await server.send(add(threadId, "two"))).text();
    await dead("three");
    await (await server.send(add(threadId, "four"))).text();
    await (await server.send(add(threadId, "three"))).text();
    expect(await texts(server, threadId)).toEqual([
      "one",
      "answer 1",
      "two",
      "answer 2",
      "three",
      "four",
      "answer 3",
      "three",
      "answer 4",
    ]);
  });

  test("joins the answer that is being written in its thread; a new thread is each one's own", async () => {
    const release = Promise.withResolvers<void>();
    server = await startChatServer({
      async *respond({ thread }, message) {
        const [part] = message?.content ?? [];
        if (part?.text === "wait") await release.promise;
        yield* thread.streamText("Hello");
      },
    });
    const threadId = threadIdOf(await eventsOf(await server.send(create("hi"))));
    const begun: Response[] = [];
    for (const body of [add(threadId, "wait"), add(threadId, "wait"), create("wait"), create("wait")])
      begun.push(await server.send(body));
    release.resolve();
    const [one, two, three, four] = await Promise.all(begun.map(eventsOf));
    expect(two).toEqual(one);
    expect(threadIdOf(three ?? [])).not.toBe(threadIdOf(four ?? []));
    expect((await items(server, threadId)).length).toBe(4);
  });
});
