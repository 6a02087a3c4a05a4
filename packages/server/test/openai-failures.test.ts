import { ChatError } from "@waybill/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds, turn } from "./support/model-turn.ts";
import {
  answer,
  framesOf,
  message,
  type ResponsesApi,
  responseOf,
  type Step,
  sendError,
  sendStream,
  startResponsesApi,
} from "./support/responses-api.ts";

let api: ResponsesApi;
beforeEach(async () => {
  api = await startResponsesApi((_, response) => sendStream(response, answer(...message(["Hello."]))));
});
afterEach(() => api[Symbol.asyncDispose]());

const streamed = (steps: Step[]) => {
  api.script = (_, response) => sendStream(response, steps);
};

test.each([
  [401, "invalid_api_key", {}, "auth_failed", false, "does not accept this server's key"],
  [404, "model_not_found", {}, "model_unknown", false, "does not know the model test-model"],
  [429, "rate_limit_exceeded", { "retry-after": "7" }, "rate_limited", true, "Try again in 7 seconds."],
  [429, "insufficient_quota", {}, "quota", false, "is used up"],
  [400, "context_length_exceeded", {}, "context_too_long", false, "too long for the model"],
  [400, "invalid_value", {}, "refused", false, "refused the request (400)"],
  [500, null, {}, "failed", true, "failed (500)"],
] as const)(
  "%i %s is told in plain words, without the server's own",
  async (status, code, headers, reason, retryable, words) => {
    api.script = (_, response) => sendError(response, status, code, headers);
    const { events, error, logged } = await turn(api);
    expect(events).toEqual([]);
    expect(error).toBeInstanceOf(ChatError);
    expect(error).toMatchObject({ code: "upstream_failed", retryable, details: { reason, status } });
    expect((error as ChatError).message).toContain(words);
    expect((error as ChatError).message).not.toContain("sk-secret");
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: "warning", request_id: "req_1" });
    expect("error" in (logged[0] ?? {})).toBe(reason !== "auth_failed");
  },
);

test("a server that is not there is told from one that fails", async () => {
  await api[Symbol.asyncDispose]();
  expect((await turn(api)).error).toMatchObject({
    code: "upstream_failed",
    details: { reason: "unreachable" },
  });
  api = await startResponsesApi(() => undefined);
});

const begun = message(["Half of "]).slice(0, 3);
test.each<[string, Step[], string, boolean]>([
  [
    "fails",
    [
      {
        type: "response.failed",
        response: responseOf({ status: "failed", error: { code: "server_error", message: "x" } }),
      },
    ],
    "failed",
    true,
  ],
  [
    "is limited",
    [
      {
        type: "response.failed",
        response: responseOf({ status: "failed", error: { code: "rate_limit_exceeded", message: "x" } }),
      },
    ],
    "rate_limited",
    true,
  ],
  ["ends in an error", [{ type: "error", code: "server_error", message: "x", param: null }], "failed", true],
  ["just ends", [], "connection_lost", true],
])(
  "an answer that %s after its beginning is a failure, behind what had arrived",
  async (_, end, reason, retryable) => {
    streamed([...answer().slice(0, 2), ...begun, ...end]);
    const { events, error, logged } = await turn(api);
    expect(kinds(events).at(-1)).toBe("assistant_message.content_part.text_delta");
    expect(error).toMatchObject({ code: "upstream_failed", retryable, details: { reason } });
    expect(logged).toHaveLength(1);
  },
);

test("an answer whose connection is cut is a failure", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(framesOf([...answer().slice(0, 2), ...begun]), () => response.destroy());
  };
  const { error } = await turn(api);
  expect(error).toMatchObject({
    code: "upstream_failed",
    retryable: true,
    details: { reason: "connection_lost" },
  });
});

const incomplete = (reason: "max_output_tokens" | "content_filter"): Step => ({
  type: "response.incomplete",
  response: responseOf({ status: "incomplete", incomplete_details: { reason } }),
});
const head = answer().slice(0, 2);

test.each([
  ["max_output_tokens", "longest length"],
  ["content_filter", "withheld"],
] as const)("an answer that ends by %s is kept, and the person is told", async (reason, words) => {
  const cutCall = {
    type: "function_call" as const,
    id: "fc_1",
    call_id: "call_1",
    name: "locate",
    arguments: '{"pre',
    status: "incomplete" as const,
  };
  // With what was begun and not ended: thoughts, a picture, a message without words, a call.
  const reasoning = { id: "rs_0", type: "reasoning" as const, summary: [] };
  const picture = {
    id: "ig_1",
    type: "image_generation_call" as const,
    status: "in_progress" as const,
    result: null,
  };
  streamed([
    ...head,
    { type: "response.output_item.added", output_index: 1, item: reasoning },
    {
      type: "response.reasoning_summary_text.delta",
      item_id: "rs_0",
      output_index: 1,
      summary_index: 0,
      delta: "Hm.",
    },
    ...begun,
    { type: "response.output_item.added", output_index: 2, item: picture },
    ...message([""], 3).slice(0, 2),
    { type: "response.output_item.added", output_index: 4, item: { ...cutCall, status: "in_progress" } },
    { type: "response.output_item.done", output_index: 4, item: cutCall },
    incomplete(reason),
  ]);
  const { events, error, logged } = await turn(api);
  expect(error).toBeUndefined();
  const done = events.flatMap((event) => (event.type === "thread.item.done" ? [event.item] : []));
  expect(done).toMatchObject([
    { type: "workflow", workflow: { tasks: [{ content: "Hm.", status_indicator: "complete" }] } },
    { type: "assistant_message", content: [{ text: "Half of " }] },
  ]);
  const added = events.flatMap((event) => (event.type === "thread.item.added" ? [event.item.id] : []));
  const removed = events.flatMap((event) => (event.type === "thread.item.removed" ? [event.item_id] : []));
  expect([...done.map(({ id }) => id), ...removed].toSorted()).toEqual(added.toSorted());
  expect(events.at(-1)).toMatchObject({ type: "notice", level: "warning" });
  expect(JSON.stringify(events.at(-1))).toContain(words);
  expect(logged).toMatchObject([{ level: "info" }]);
});

test.each([
  ["max_output_tokens", true],
  ["content_filter", false],
] as const)("an answer of which nothing arrived before %s is a failure", async (reason, retryable) => {
  streamed([...head, incomplete(reason)]);
  expect((await turn(api)).error).toMatchObject({ code: "upstream_failed", retryable, details: { reason } });
});

test("a message without a word is no answer", async () => {
  streamed(answer(...message([""])));
  const { events, error } = await turn(api);
  expect(events.some(({ type }) => type === "thread.item.done")).toBe(false);
  expect(error).toMatchObject({ code: "upstream_failed", details: { reason: "empty" } });
});

test("an answer without anything in it is a failure", async () => {
  streamed(answer());
  expect((await turn(api)).error).toMatchObject({
    code: "upstream_failed",
    message: "The model gave no answer.",
  });
});

test("stopping a slow answer ends the request to the model, with the turn's own reason", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(framesOf([...answer().slice(0, 2), ...begun]));
  };
  const stop = new AbortController();
  const reason = new DOMException("The answer was stopped.", "AbortError");
  const { error, logged } = await turn(api, { signal: stop.signal }, (event) => {
    if (event.type === "thread.item.updated" && event.update.type.endsWith("text_delta")) stop.abort(reason);
  });
  expect(error).toBe(reason);
  await api.seen[0]?.closed;
  expect(logged).toEqual([]);
});
