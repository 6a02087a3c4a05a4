import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as breath } from "node:timers/promises";
import { type ChatKitServer, createChatKitServer, type TurnThread } from "@waybill/server";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ALLOWED_ORIGIN, eventsOf, textInput } from "./support/chat-server.ts";
import { type FaultyStore, faultyStore } from "./support/faulty-store.ts";
import { create, threadIdOf } from "./support/turns.ts";

let folder: string;
let faulty: FaultyStore;
let server: ChatKitServer;
const rejections: unknown[] = [];
let look: (thread: TurnThread) => Promise<void> = async () => {};
const onRejection = (reason: unknown) => rejections.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", onRejection);
  folder = await mkdtemp(join(tmpdir(), "waybill-faults-"));
  faulty = faultyStore(sqlite(join(folder, "waybill.db")));
  server = createChatKitServer({
    cors: { origins: [ALLOWED_ORIGIN] },
    authenticate: () => ({ tenant: "acme", user: "ann" }),
    store: faulty.store,
    files: disk(join(folder, "attachments")),
    async *respond({ thread, continues }, message) {
      const words = message?.content.map(({ text }) => text).join("");
      yield* thread.streamText(["first ", "answer"]);
      if (words === "look") await look(thread);
      thread.setTitle("named");
      if (words === "ask") yield thread.structuredInput([{ type: "freeform", id: "q", question: "?" }]);
      else if (words === "call") yield thread.clientToolCall({ name: "locate" });
      else yield* thread.streamText(continues === undefined ? "second" : "went on");
    },
    async *action({ thread }) {
      yield* thread.streamText("acted");
    },
    syncAction: ({ thread }) => {
      thread.setTitle("at once");
      return undefined;
    },
    log: () => {},
  });
  await server.open();
});
afterEach(() => {
  faulty.disarm();
  expect(rejections).toEqual([]);
});
afterAll(async () => {
  await server.close();
  process.off("unhandledRejection", onRejection);
  await rm(folder, { recursive: true });
});

const send = (body: unknown) =>
  server.fetch(
    new Request("https://chat.example/chatkit", {
      method: "POST",
      headers: { "content-type": "application/json", origin: ALLOWED_ORIGIN },
      body: JSON.stringify(body),
    }),
  );
const get = (path: string) =>
  server.fetch(new Request(`https://chat.example/${path}`, { headers: { origin: ALLOWED_ORIGIN } }));

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
}
async function listed(thread_id: string): Promise<readonly Listed[]> {
  const response = await send({ type: "items.list", params: { thread_id, order: "asc", limit: 100 } });
  return ((await response.json()) as { data: Listed[] }).data;
}
const runState = async (threadId: string) =>
  ((await (await get(`v1/runs?thread_id=${threadId}`)).json()) as { state: string } | null)?.state;

/** What is asked of a fresh thread, which has a message, an answer, and what `text` leads to. */
const requests: readonly (readonly [
  type: string,
  text: string,
  params: (threadId: string, items: readonly Listed[]) => Record<string, unknown>,
])[] = [
  ["threads.create", "hi", () => ({ input: textInput("new") })],
  ["threads.add_user_message", "hi", (thread_id) => ({ thread_id, input: textInput("next") })],
  ["threads.retry_after_item", "hi", (thread_id, [first]) => ({ thread_id, item_id: first?.id })],
  ["threads.add_client_tool_output", "call", (thread_id) => ({ thread_id, result: { n: 1 } })],
  [
    "threads.add_structured_input",
    "ask",
    (thread_id, items) => ({
      thread_id,
      item_id: items.at(-1)?.id,
      input: { status: "answered", answers: { q: { values: ["yes"], skipped: false } } },
    }),
  ],
  ["threads.custom_action", "hi", (thread_id) => ({ thread_id, action: { type: "do" } })],
  ["threads.sync_custom_action", "hi", (thread_id) => ({ thread_id, action: { type: "do" } })],
  ["threads.get_by_id", "hi", (thread_id) => ({ thread_id })],
  ["threads.list", "hi", () => ({})],
  ["threads.update", "hi", (thread_id) => ({ thread_id, title: "renamed" })],
  ["threads.delete", "hi", (thread_id) => ({ thread_id })],
  ["items.list", "hi", (thread_id) => ({ thread_id })],
  ["items.feedback", "hi", (thread_id, items) => ({ thread_id, item_ids: [items[1]?.id], kind: "positive" })],
  ["attachments.create", "hi", () => ({ name: "a.txt", size: 1, mime_type: "text/plain" })],
];

/** The thread takes the next turn, whatever became of the last. */
async function goesOn(threadId: string, where: string): Promise<void> {
  const next = { thread_id: threadId, input: textInput("after") };
  const answered = await eventsOf(await send({ type: "threads.add_user_message", params: next }));
  expect(answered.at(-1)?.["type"], where).toBe("thread.item.done");
  while ((await runState(threadId)) === "active") await breath();
  expect(await runState(threadId), where).toBe("completed");
}

/** Sends one request in a fresh thread, whose `call`-th call of the store fails; how many calls there were. */
async function failing(index: number, call: number, lasting: boolean): Promise<number> {
  const [type, text, params] = requests[index] ?? ["", "", () => ({})];
  const threadId = threadIdOf(await eventsOf(await send(create(text))));
  const before = await listed(threadId);
  faulty.arm(call, { lasting });
  const response = await send({ type, params: params(threadId, before) });
  const body = await response.text();
  const calls = faulty.calls.length;
  faulty.disarm();
  const failed = calls >= call;
  const where = `${type}, call ${call} of ${faulty.calls.join(", ")}`;

  expect(response.headers.get("access-control-allow-origin"), where).toBe(ALLOWED_ORIGIN);
  expect(response.headers.get("x-request-id"), where).toMatch(/^req_/);
  if (response.headers.get("content-type") === "text/event-stream") {
    const events = body
      .split("\n\n")
      .filter(Boolean)
      .map((frame) => JSON.parse(frame.slice(6)));
    const errors = events.filter((event) => event.type === "error");
    expect(errors, where).toEqual(failed ? [{ type: "error", code: "stream.error", allow_retry: true }] : []);
  } else if (failed && response.status !== 200) {
    expect(response.status, where).toBe(500);
    expect(JSON.parse(body), where).toMatchObject({ error: { code: "internal_error" } });
  } else expect(response.status, where).toBe(200);

  if (type === "threads.delete" && response.status === 200) return calls;
  const after = await listed(threadId);
  // A turn that was stored is whole: its thread, with the message and a run that goes on below.
  if (type === "threads.create" && body.includes('"thread.created"')) {
    const created = threadIdOf([JSON.parse(body.slice(6, body.indexOf("\n\n")))]);
    expect((await listed(created))[0]?.type, where).toBe("user_message");
    await goesOn(created, where);
  }
  if (response.status === 500 || response.headers.get("content-type") !== "text/event-stream")
    expect(after, where).toEqual(before);
  await goesOn(threadId, where);
  return calls;
}

describe("a store that fails", () => {
  test.each(requests.map(([type], index) => [type, index] as const))(
    "once, at any call of %s: a typed answer with CORS and an id, nothing half stored, and the thread goes on",
    async (_type, index) => {
      const whole = await failing(index, Number.POSITIVE_INFINITY, false);
      for (let call = 1; call <= whole; call += 1) await failing(index, call, false);
    },
  );

  test.each(requests.map(([type], index) => [type, index] as const))(
    "from any call of %s on, until it recovers: the same",
    async (_type, index) => {
      const whole = await failing(index, Number.POSITIVE_INFINITY, false);
      for (let call = 1; call <= whole; call += 1) await failing(index, call, true);
    },
  );

  test("while an answer looks for what it has yielded: the look ends, and the run fails", async () => {
    const looked = Promise.withResolvers<readonly string[]>();
    look = async (thread) => {
      faulty.arm(1, { lasting: false });
      looked.resolve((await thread.history()).map((item) => item.type));
    };
    const threadId = threadIdOf(await eventsOf(await send(create("hi"))));
    const before = await listed(threadId);
    const params = { thread_id: threadId, input: textInput("look") };
    const events = await eventsOf(await send({ type: "threads.add_user_message", params }));
    expect(await looked.promise).toEqual([...before.map((item) => item.type), "user_message"]);
    expect(events.at(-1)).toEqual({ type: "error", code: "stream.error", allow_retry: true });
    expect(await runState(threadId)).toBe("failed");
    await goesOn(threadId, "look");
  });
});

test("an answer that nothing is waited for is stored by two calls: its beginning, and all of it with its end", async () => {
  faulty.arm(Number.POSITIVE_INFINITY, { lasting: false });
  await eventsOf(await send(create("hi")));
  expect(faulty.calls.filter((call) => /begin|append|finish/.test(call))).toEqual([
    "runs.begin",
    "runs.finish",
  ]);
});
