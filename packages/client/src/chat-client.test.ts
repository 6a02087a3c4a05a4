import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  answerItem,
  failure,
  framesOf,
  QUESTION,
  type Script,
  sendEvents,
  sendJson,
  startServer,
  THREAD,
  TURN,
  WAYBILL,
} from "../test/scripted-server.ts";
import { type ChatClientOptions, ChatFailure, createChatClient } from "./index.ts";

const clientOf = (server: { origin: string }, options: Partial<ChatClientOptions> = {}) =>
  createChatClient({ url: `${server.origin}/base/chatkit`, ...options });

/** Answers `GET v1` as Waybill does, everything else by the script. */
const waybill =
  (script: Script): Script =>
  (request, response, incoming) => {
    for (const [name, value] of Object.entries(WAYBILL)) response.setHeader(name, value);
    if (request.path === "/base/v1") sendJson(response, 200, { name: "waybill" });
    else script(request, response, incoming);
  };

const foreign =
  (script: Script): Script =>
  (request, response, incoming) =>
    request.path === "/base/v1" ? sendJson(response, 404, {}) : script(request, response, incoming);

async function collect<T>(events: AsyncIterable<T>): Promise<{ events: T[]; error: unknown }> {
  const seen: T[] = [];
  try {
    for await (const event of events) seen.push(event);
    return { events: seen, error: undefined };
  } catch (error) {
    return { events: seen, error };
  }
}

const verdictOf = (error: unknown) => {
  expect(error).toBeInstanceOf(ChatFailure);
  return (error as ChatFailure).verdict;
};

test("yields the events of a turn and sends what upstream's protocol asks for", async () => {
  await using server = await startServer(foreign((_, response) => sendEvents(response, TURN)));
  const client = clientOf(server, { headers: async () => ({ authorization: "Bearer t" }) });
  const { events, error } = await collect(
    client.send({ text: "hello", quotedText: "q", model: "m", toolChoice: { id: "t" } }),
  );
  expect(error).toBeUndefined();
  expect(events).toEqual(TURN);
  const [contact, turn] = server.seen;
  expect(contact).toMatchObject({ method: "GET", path: "/base/v1" });
  expect(contact?.headers.authorization).toBeUndefined();
  expect(turn?.headers).toMatchObject({
    accept: "text/event-stream",
    "content-type": "application/json",
    authorization: "Bearer t",
  });
  expect(turn?.headers["idempotency-key"]).toBeUndefined();
  expect(JSON.parse(turn?.body ?? "")).toEqual({
    type: "threads.create",
    params: {
      input: {
        content: [{ type: "input_text", text: "hello" }],
        attachments: [],
        quoted_text: "q",
        inference_options: { tool_choice: { id: "t" }, model: "m" },
      },
    },
  });
});

test("yields the same events however the bytes are cut", async () => {
  const bytes = Buffer.from(framesOf([...TURN, { type: "notice", level: "info", message: "naïve 🧾" }]));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let i = 1; i < at.length; i++) {
            const piece = bytes.subarray(at[i - 1], at[i]);
            if (piece.length > 0) controller.enqueue(new Uint8Array(piece));
          }
          controller.close();
        },
      });
      const client = createChatClient({
        url: "http://127.0.0.1/chatkit",
        fetch: async (input) =>
          String(input).endsWith("/v1")
            ? new Response(null, { status: 404 })
            : new Response(body, { headers: { "content-type": "text/event-stream" } }),
      });
      const { events, error } = await collect(client.send({ text: "x" }));
      expect(error).toBeUndefined();
      expect(events).toHaveLength(TURN.length + 1);
      expect(events.at(-1)).toEqual({ type: "notice", level: "info", message: "naïve 🧾" });
    }),
    { numRuns: 40 },
  );
});

test("asks the server what it is only once, and continues a thread", async () => {
  await using server = await startServer(waybill((_, response) => sendEvents(response, TURN)));
  const client = clientOf(server);
  await collect(client.send({ text: "a" }));
  await collect(client.send({ text: "b", threadId: "thr_1" }));
  expect(server.seen.map(({ path }) => path)).toEqual(["/base/v1", "/base/chatkit", "/base/chatkit"]);
  expect(JSON.parse(server.seen[2]?.body ?? "")).toMatchObject({
    type: "threads.add_user_message",
    params: { thread_id: "thr_1" },
  });
});

test("gives each turn a key of its own, and a repeated failed turn the key and body it had", async () => {
  let fail = true;
  await using server = await startServer(
    waybill((request, response) => {
      if (request.path === "/base/v1/files")
        sendJson(response, 201, {
          id: `atc_${server.seen.length}`,
          name: "a",
          mime_type: "a/b",
          type: "file",
        });
      else if (fail) sendJson(response, 500, failure("internal_error", "It broke."));
      else sendEvents(response, TURN);
    }),
  );
  const client = clientOf(server);
  const input = {
    text: "again",
    attachments: [
      { id: "1", name: "a", mime_type: "a/b", type: "file" as const, preview_url: "https://a.example/a" },
    ],
  };
  const first = verdictOf((await collect(client.send(input))).error);
  expect(first).toMatchObject({ cause: "server_error", retry: "keyed", code: "internal_error" });
  fail = false;
  expect((await collect(client.send(input))).error).toBeUndefined();
  expect((await collect(client.send(input))).error).toBeUndefined();
  const turns = server.seen.filter(({ path }) => path === "/base/chatkit");
  const keys = turns.map(({ headers }) => headers["idempotency-key"]);
  expect(keys[0]).toMatch(/^\S{16,}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(turns[1]?.body).toBe(turns[0]?.body);
  expect(keys[2]).not.toBe(keys[0]);
});

test("keeps the key of a turn over an attempt that was surely not sent", async () => {
  const answers = [
    () => Response.json({}, { headers: WAYBILL }),
    () => new Response(null, { status: 502 }),
    () => Response.json({}, { status: 429 }),
    () => new Response(framesOf(TURN), { headers: { "content-type": "text/event-stream" } }),
  ];
  const keys: (string | null)[] = [];
  const client = createChatClient({
    url: "http://127.0.0.1/chatkit",
    fetch: async (_, init) => {
      keys.push(new Headers(init?.headers).get("idempotency-key"));
      return answers[keys.length - 1]?.() ?? Response.error();
    },
  });
  for (let attempt = 0; attempt < 3; attempt++) await collect(client.send({ text: "x" }));
  expect(keys).toEqual([null, keys[1], keys[1], keys[1]]);
  expect(keys[1]).not.toBeNull();
});

test("takes a message that is sent again after a failed answer for another turn", async () => {
  const failed = [{ type: "error", code: "stream.error", allow_retry: true }];
  await using server = await startServer(waybill((_, response) => sendEvents(response, failed)));
  const client = clientOf(server);
  for (let attempt = 0; attempt < 2; attempt++) await collect(client.send({ text: "x" }));
  const [, first, second] = server.seen.map(({ headers }) => headers["idempotency-key"]);
  expect(first).toBeDefined();
  expect(second).not.toBe(first);
});

test("retries after an item", async () => {
  await using server = await startServer(waybill((_, response) => sendEvents(response, TURN.slice(2))));
  const { error } = await collect(clientOf(server).retry("thr_1", "msg_1"));
  expect(error).toBeUndefined();
  expect(JSON.parse(server.seen[1]?.body ?? "")).toEqual({
    type: "threads.retry_after_item",
    params: { thread_id: "thr_1", item_id: "msg_1" },
  });
});

test("opens a long thread at its end and a short one with one request", async () => {
  const newest = { data: [answerItem("new"), QUESTION], has_more: true, after: "msg_1" };
  let hasMore = true;
  await using server = await startServer((request, response) => {
    const long = {
      ...THREAD,
      items: { data: [QUESTION], has_more: hasMore, ...(hasMore && { after: "x" }) },
    };
    sendJson(response, 200, request.body.includes("items.list") ? newest : long);
  });
  const client = clientOf(server);
  const thread = await client.getThread("thr_1");
  expect(thread.items).toEqual({ ...newest, data: [QUESTION, answerItem("new")] });
  expect(JSON.parse(server.seen[1]?.body ?? "")).toEqual({
    type: "items.list",
    params: { thread_id: "thr_1", limit: 100, order: "desc" },
  });
  hasMore = false;
  expect((await client.getThread("thr_1")).items.data).toEqual([QUESTION]);
  expect(server.seen).toHaveLength(3);
});

test("lists threads and items", async () => {
  await using server = await startServer((_, response) =>
    sendJson(response, 200, { data: [], has_more: false }),
  );
  const client = clientOf(server);
  expect(await client.listThreads({ limit: 5 })).toEqual({ data: [], has_more: false });
  expect(await client.listItems("thr_1", { after: "msg_9" })).toEqual({ data: [], has_more: false });
  expect(server.seen.map(({ body }) => JSON.parse(body))).toEqual([
    { type: "threads.list", params: { limit: 5 } },
    { type: "items.list", params: { thread_id: "thr_1", after: "msg_9" } },
  ]);
});

test("tells the newest run of a Waybill server, and null of another", async () => {
  const run = { id: "run_1", thread_id: "thr 1", state: "active" };
  await using ours = await startServer(waybill((_, response) => sendJson(response, 200, run)));
  expect(await clientOf(ours).newestRun("thr 1")).toEqual(run);
  expect(ours.seen[1]?.path).toBe("/base/v1/runs?thread_id=thr+1");
  await using other = await startServer(foreign((_, response) => sendJson(response, 200, run)));
  expect(await clientOf(other).newestRun("thr 1")).toBeNull();
  expect(other.seen).toHaveLength(1);
});

test("throws the caller's own reason when the caller stops, and the server sees the connection close", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await startServer(
    foreign((_, response) => {
      response.on("close", closed.resolve);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(framesOf(TURN.slice(0, 2)));
    }),
  );
  const caller = new AbortController();
  const reason = new Error("enough");
  const seen: string[] = [];
  const run = async () => {
    for await (const event of clientOf(server).send({ text: "x" }, { signal: caller.signal })) {
      seen.push(event.type);
      if (seen.length === 2) caller.abort(reason);
    }
  };
  await expect(run()).rejects.toBe(reason);
  await closed.promise;
});

test("closes the connection when the reader leaves the iteration", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await startServer(
    foreign((_, response) => {
      response.on("close", closed.resolve);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(framesOf(TURN.slice(0, 2)));
    }),
  );
  for await (const _ of clientOf(server).send({ text: "x" })) break;
  await closed.promise;
});

test("refuses an empty message without asking anybody", async () => {
  await using server = await startServer(() => undefined);
  const verdict = verdictOf((await collect(clientOf(server).send({ text: "" }))).error);
  expect(verdict).toMatchObject({ cause: "invalid_request", retry: "never" });
  expect(server.seen).toHaveLength(0);
});

test("blames the page for headers that cannot be made", async () => {
  const client = createChatClient({
    url: "http://127.0.0.1:9/chatkit",
    headers: () => Promise.reject(new Error("no token")),
  });
  const error = await client.listThreads().catch((e: unknown) => e);
  expect(verdictOf(error)).toMatchObject({ cause: "invalid_request", retry: "never" });
  expect(verdictOf(error).developerDetail).toContain("no token");
});

test.each(["chatkit", "ftp://a.example/chatkit", "http://u:p@a.example/chatkit"])(
  "does not take %s for the address of a server",
  (url) => {
    expect(() => createChatClient({ url })).toThrow(TypeError);
  },
);
