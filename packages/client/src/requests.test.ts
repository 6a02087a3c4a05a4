import { expect, test } from "vitest";
import {
  failure,
  type Script,
  sendEvents,
  sendJson,
  startServer,
  THREAD,
  TURN,
  WAYBILL,
} from "../test/scripted-server.ts";
import { type ChatClient, ChatFailure, createChatClient } from "./index.ts";

const CAPABILITIES = {
  name: "waybill",
  version: "0.1.0",
  attachments: { ways: ["import"], max_count: 10, max_bytes: { "*/*": 1024 }, accept: ["*/*"] },
  resume: false,
};

const waybill =
  (script: Script): Script =>
  (request, response, incoming) => {
    for (const [name, value] of Object.entries(WAYBILL)) response.setHeader(name, value);
    if (request.path === "/v1") sendJson(response, 200, CAPABILITIES);
    else script(request, response, incoming);
  };

const clientOf = ({ origin }: { origin: string }): ChatClient =>
  createChatClient({ url: `${origin}/chatkit` });

async function drain(events: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

const THREAD_ID = { thread_id: "thr_1" };
const answers = { q1: { values: ["yes"], skipped: false } };

test.each<[string, object, unknown, (client: ChatClient) => Promise<unknown>, unknown]>([
  [
    "threads.update",
    { ...THREAD_ID, title: "T" },
    THREAD,
    (client) => client.renameThread("thr_1", "T"),
    THREAD,
  ],
  ["threads.delete", THREAD_ID, {}, (client) => client.deleteThread("thr_1"), undefined],
  [
    "attachments.delete",
    { attachment_id: "atc_1" },
    {},
    (client) => client.deleteAttachment("atc_1"),
    undefined,
  ],
  [
    "items.feedback",
    { ...THREAD_ID, item_ids: ["a", "b"], kind: "negative" },
    {},
    (client) => client.sendFeedback("thr_1", ["a", "b"], "negative"),
    undefined,
  ],
  [
    "input.transcribe",
    { audio_base64: "AP/+", mime_type: "audio/webm;codecs=opus" },
    { text: "hello" },
    (client) =>
      client.transcribe(new Blob([new Uint8Array([0, 255, 254])], { type: "audio/webm;codecs=opus" })),
    "hello",
  ],
])("%s is asked as the protocol has it", async (type, params, answer, call, result) => {
  await using server = await startServer((_, response) => sendJson(response, 200, answer));
  expect(await call(clientOf(server))).toEqual(result);
  expect(server.seen.map(({ body }) => JSON.parse(body))).toEqual([{ type, params }]);
});

test.each<[string, object, (client: ChatClient) => AsyncIterable<unknown>]>([
  [
    "threads.add_client_tool_output",
    { ...THREAD_ID, result: null },
    (client) => client.sendToolOutput("thr_1", null),
  ],
  [
    "threads.add_structured_input",
    { ...THREAD_ID, item_id: "msg_1", input: { status: "answered", answers } },
    (client) => client.sendAnswers("thr_1", "msg_1", answers),
  ],
  [
    "threads.add_structured_input",
    { ...THREAD_ID, item_id: "msg_1", input: { status: "skipped", answers: {} } },
    (client) => client.sendAnswers("thr_1", "msg_1", "skipped"),
  ],
  [
    "threads.custom_action",
    { ...THREAD_ID, action: { type: "go" } },
    (client) => client.sendAction("thr_1", { type: "go" }),
  ],
  [
    "threads.custom_action",
    { ...THREAD_ID, item_id: "msg_1", action: { type: "go", payload: { a: null } } },
    (client) => client.sendAction("thr_1", { type: "go", payload: { a: null } }, "msg_1"),
  ],
])("%s is streamed, with a key that a repetition keeps", async (type, params, call) => {
  let fails = true;
  await using server = await startServer(
    waybill((_, response) =>
      fails
        ? sendJson(response, 503, failure("shutting_down", "The chat server is restarting."))
        : sendEvents(response, TURN),
    ),
  );
  const client = clientOf(server);
  await expect(drain(call(client))).rejects.toBeInstanceOf(ChatFailure);
  fails = false;
  expect(await drain(call(client))).toBe(TURN.length);
  const [, first, second] = server.seen;
  expect(JSON.parse(first?.body ?? "")).toEqual({ type, params });
  expect(second?.body).toBe(first?.body);
  expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
});

test("what a server can do is asked once, also where a turn has asked before", async () => {
  await using server = await startServer(waybill((_, response) => sendEvents(response, TURN)));
  const client = clientOf(server);
  await drain(client.send({ text: "hello" }));
  expect(await client.capabilities()).toEqual(CAPABILITIES);
  expect(await client.capabilities()).toEqual(CAPABILITIES);
  expect(server.seen.filter(({ path }) => path === "/v1")).toHaveLength(1);
});

test("a Waybill server that was known by another answer is still asked what it can do", async () => {
  await using server = await startServer(waybill((_, response) => sendJson(response, 200, THREAD)));
  const client = clientOf(server);
  await client.getThread("thr_1");
  expect(await client.capabilities()).toEqual(CAPABILITIES);
});

test("another's server has no capabilities", async () => {
  await using server = await startServer((_, response) => sendJson(response, 404, {}));
  expect(await clientOf(server).capabilities()).toBeNull();
});

test("capabilities that cannot be understood are a failure that names the field", async () => {
  await using server = await startServer((_, response) =>
    sendJson(response, 200, { name: "waybill" }, WAYBILL),
  );
  const error = await clientOf(server)
    .capabilities()
    .catch((reason: unknown) => reason);
  expect((error as ChatFailure).verdict).toMatchObject({ cause: "protocol_error" });
  expect((error as ChatFailure).verdict.developerDetail).toContain("version");
});
