import { ChatError, type ThreadItem } from "@waybill/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  agentTurn,
  answered,
  functionCall,
  guide,
  saying,
  streamAnswers,
  toolOf,
} from "./support/agent-turn.ts";
import { eventsOf, readerOf, readUntil, startChatServer, textInput } from "./support/chat-server.ts";
import { kinds } from "./support/model-turn.ts";
import {
  answer,
  framesOf,
  message,
  type ResponsesApi,
  responseOf,
  type Step,
  sendError,
  startResponsesApi,
} from "./support/responses-api.ts";

let api: ResponsesApi;
beforeEach(async () => {
  api = await startResponsesApi(() => undefined);
});
afterEach(() => api[Symbol.asyncDispose]());

test("an answer that an output guardrail refuses is taken back, also from the thread", async () => {
  streamAnswers(api, saying("A secret."));
  const respond = guide(api, {
    outputGuardrails: [
      { name: "no secrets", execute: async () => ({ tripwireTriggered: true, outputInfo: {} }) },
    ],
  });
  const { events, error } = await agentTurn(respond);
  expect((error as Error).constructor.name).toBe("OutputGuardrailTripwireTriggered");
  const added = events.find((event) => event.type === "thread.item.added");
  expect(events.at(-1)).toEqual({ type: "thread.item.removed", item_id: added?.item.id });

  streamAnswers(api, saying("A secret."));
  await using server = await startChatServer({
    async *respond(context, asked) {
      try {
        yield* respond(context, asked);
      } catch (cause) {
        throw new ChatError("custom", { message: "I may not say that.", cause });
      }
    },
  });
  const told = await eventsOf(
    await server.send({ type: "threads.create", params: { input: textInput("tell me") } }),
  );
  expect(told.at(-1)).toMatchObject({ type: "error", message: "I may not say that.", allow_retry: false });
  const { thread } = told[0] as { thread: { id: string } };
  const kept = await server.send({ type: "threads.get_by_id", params: { thread_id: thread.id } });
  const { items } = (await kept.json()) as { items: { data: ThreadItem[] } };
  expect(items.data.map(({ type }) => type)).toEqual(["user_message"]);
});

test("an input guardrail that refuses before the model is asked leaves nothing", async () => {
  const { events, error } = await agentTurn(
    guide(api, {
      inputGuardrails: [
        {
          name: "no",
          runInParallel: false,
          execute: async () => ({ tripwireTriggered: true, outputInfo: {} }),
        },
      ],
    }),
  );
  expect((error as Error).constructor.name).toBe("InputGuardrailTripwireTriggered");
  expect(events).toEqual([]);
  expect(api.seen).toEqual([]);
});

test("what fails at the model's server is told in plain words", async () => {
  api.script = (_, response) => sendError(response, 401, "invalid_api_key");
  const { events, error } = await agentTurn(guide(api));
  expect(events).toEqual([]);
  expect(error).toMatchObject({ code: "upstream_failed", details: { reason: "auth_failed", status: 401 } });
  expect(String(error)).not.toContain("sk-secret");
});

const begun = [...answer().slice(0, 2), ...message(["Half of "]).slice(0, 3)];
test.each<[string, Step[], string]>([
  [
    "fails",
    [
      {
        type: "response.failed",
        response: responseOf({ status: "failed", error: { code: "rate_limit_exceeded", message: "x" } }),
      },
    ],
    "rate_limited",
  ],
  ["ends in an error", [{ type: "error", code: "server_error", message: "x", param: null }], "failed"],
  ["just ends", [], "connection_lost"],
])("an answer that %s after its beginning is a failure, behind what had arrived", async (_, end, reason) => {
  streamAnswers(api, [...begun, ...end]);
  const { events, error } = await agentTurn(guide(api));
  expect(kinds(events).at(-1)).toBe("assistant_message.content_part.text_delta");
  expect(error).toMatchObject({ code: "upstream_failed", details: { reason } });
});

const incomplete = (reason: "max_output_tokens" | "content_filter"): Step => ({
  type: "response.incomplete",
  response: responseOf({ status: "incomplete", incomplete_details: { reason } }),
});

test.each([
  ["max_output_tokens", "longest length"],
  ["content_filter", "withheld"],
] as const)("an answer that ends by %s is kept, and the person is told", async (reason, words) => {
  streamAnswers(api, [...begun, incomplete(reason)]);
  const used: unknown[] = [];
  const { events, error } = await agentTurn(guide(api, {}, { onUsage: (usage) => used.push(usage) }));
  expect(error).toBeUndefined();
  expect(events.slice(-2)).toMatchObject([
    { type: "thread.item.done", item: { content: [{ text: "Half of " }] } },
    { type: "notice", level: "warning", message: expect.stringContaining(words) },
  ]);
  expect(used).toHaveLength(1);
});

test("an answer that is withheld as a whole is a failure", async () => {
  streamAnswers(api, [...begun.slice(0, 4), incomplete("content_filter")]);
  expect((await agentTurn(guide(api))).error).toMatchObject({
    code: "upstream_failed",
    retryable: false,
    details: { reason: "content_filter" },
  });
});

test("an answer whose connection is cut is a failure", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(framesOf(begun), () => response.destroy());
  };
  expect((await agentTurn(guide(api))).error).toMatchObject({
    code: "upstream_failed",
    details: { reason: "connection_lost" },
  });
});

test("a failure of a tool's own is the run's as it is", async () => {
  streamAnswers(api, answered(...functionCall("broken")));
  const fails = () => {
    throw new RangeError("off by one");
  };
  const broken = toolOf("broken", fails, { errorFunction: null });
  const { error } = await agentTurn(guide(api, { tools: [broken] }));
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(ChatError);
});

test("a page that leaves ends the run and its request to the model", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(framesOf(begun));
  };
  await using server = await startChatServer({ respond: guide(api) });
  const reader = readerOf(
    await server.send({ type: "threads.create", params: { input: textInput("hello") } }),
  );
  await readUntil(reader, "Half of ");
  await reader.cancel();
  await api.seen[0]?.closed;
});

test("stopping ends the answer with the turn's own reason", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(framesOf(begun));
  };
  const stop = new AbortController();
  const reason = new DOMException("The answer was stopped.", "AbortError");
  const { error } = await agentTurn(guide(api), { signal: stop.signal }, (event) => {
    if (event.type === "thread.item.updated" && event.update.type.endsWith("text_delta")) stop.abort(reason);
  });
  expect(error).toBe(reason);
  await api.seen[0]?.closed;
});
