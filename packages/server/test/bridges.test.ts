import { ChatError } from "@waybill/protocol";
import type { Respond, TurnEvent } from "@waybill/server";
import { chatCompletions } from "@waybill/server/responders/chat-completions";
import { jsonSchema } from "ai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bridgeTurn, byAiSdk, byChatCompletions, compatible } from "./support/bridge-turn.ts";
import {
  beginChat,
  type ChatCompletionsApi,
  type ChatStep,
  completion,
  framesOf,
  sendChat,
  sendCompletion,
  startChatCompletionsApi,
  text,
} from "./support/chat-completions-api.ts";
import { answerIn, attachment, base, kinds, type Situation, said } from "./support/model-turn.ts";
import { sendError } from "./support/responses-api.ts";

let api: ChatCompletionsApi;
beforeEach(async () => {
  api = await startChatCompletionsApi((_, response) => sendChat(response, completion(text("Hello."))));
});
afterEach(() => api[Symbol.asyncDispose]());

const streamed = (steps: readonly ChatStep[]) => {
  api.script = (_, response) => sendChat(response, steps);
};
const items = (events: readonly TurnEvent[]) =>
  events.flatMap((event) => (event.type === "thread.item.done" ? [event.item] : []));
const call = (given: string, more: Record<string, unknown> = {}): ChatStep[] => [
  {
    delta: {
      tool_calls: [
        { index: 0, id: "call_1", type: "function", function: { name: "locate", arguments: "" }, ...more },
      ],
    },
  },
  ...[given.slice(0, 3), given.slice(3)].map((piece) => ({
    delta: { tool_calls: [{ index: 0, function: { arguments: piece } }] },
  })),
];
const PARAMETERS = { type: "object" as const, properties: {}, additionalProperties: true };

interface Bridge {
  readonly name: string;
  /** With a tool of the page, `locate`. */
  make(log?: Parameters<Parameters<typeof bridgeTurn>[0]>[0]): Respond;
}
const bridges: Bridge[] = [
  {
    name: "the openai package",
    make: (log = () => undefined) =>
      byChatCompletions(api, {
        log,
        instructions: "Be brief.",
        models: ["other-model"],
        tools: [{ type: "function", function: { name: "locate", parameters: PARAMETERS } }],
      }),
  },
  {
    name: "the AI SDK",
    make: (log = () => undefined) =>
      byAiSdk(api, {
        log,
        instructions: "Be brief.",
        models: { "other-model": compatible(api, "other-model") },
        tools: { locate: { inputSchema: jsonSchema<Record<string, unknown>>(PARAMETERS) } },
      }),
  },
];

describe.each(bridges)("by $name", ({ make }) => {
  const turn = (situation: Situation = {}, onEvent?: (event: TurnEvent) => void) =>
    bridgeTurn(make, situation, onEvent);

  test("an answer arrives as it is written, and its use is logged", async () => {
    streamed(completion(text("Hel", "lo.")));
    const { events, error, logged } = await turn();
    expect(error).toBeUndefined();
    expect(kinds(events)).toEqual([
      "thread.item.added",
      "assistant_message.content_part.added",
      "assistant_message.content_part.text_delta",
      "assistant_message.content_part.text_delta",
      "assistant_message.content_part.done",
      "thread.item.done",
    ]);
    expect(answerIn(events)).toMatchObject({
      thread_id: "thr_1",
      created_at: base.created_at,
      content: [{ type: "output_text", text: "Hello.", annotations: [] }],
    });
    expect(logged).toEqual([
      {
        level: "info",
        message: "test-model answered: 12 tokens in (4 cached), 7 out (3 reasoning)",
        request_id: "req_1",
      },
    ]);
    expect(api.seen[0]?.headers.authorization).toBe("Bearer sk-secret");
    expect(api.seen[0]?.body).toMatchObject({
      model: "test-model",
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "system", content: "Be brief." }, { role: "user" }],
    });
    expect(JSON.stringify(api.seen[0]?.body.messages[1])).toContain("hello");
  });

  test.each(["reasoning_content", "reasoning"])(
    "thoughts in %s are a workflow above the answer",
    async (field) => {
      streamed(
        completion([{ delta: { [field]: "Hm, " } }, { delta: { [field]: "a cat?" } }, ...text("A cat.")]),
      );
      const { events } = await turn();
      expect(items(events)).toMatchObject([
        {
          type: "workflow",
          workflow: {
            type: "reasoning",
            tasks: [{ type: "thought", content: "Hm, a cat?", status_indicator: "complete" }],
            summary: { duration: 1 },
          },
        },
        { type: "assistant_message", content: [{ text: "A cat." }] },
      ]);
    },
  );

  test("a refusal is an answer", async () => {
    streamed(completion([{ delta: { refusal: "I will not." } }]));
    expect(answerIn((await turn()).events)?.content[0]?.text).toBe("I will not.");
  });

  test("a call that the page carries out ends the run, and its result goes back to the model", async () => {
    const given = { what: "cat" };
    streamed(completion([...text("One moment."), ...call(JSON.stringify(given))], "tool_calls"));
    const { events, error } = await turn();
    expect(error).toBeUndefined();
    const [message, pending] = items(events);
    expect(message).toMatchObject({ content: [{ text: "One moment." }] });
    expect(pending).toMatchObject({
      type: "client_tool_call",
      status: "pending",
      call_id: "call_1",
      name: "locate",
      arguments: given,
    });
    if (message === undefined || pending?.type !== "client_tool_call") throw new Error("No call.");
    streamed(completion(text("Found.")));
    const done = { ...pending, status: "completed" as const, output: { at: [1, 2] } };
    await turn({ history: [said(), message, done] });
    const messages = api.seen.at(-1)?.body.messages.slice(2);
    expect(messages).toMatchObject([
      {
        role: "assistant",
        content: "One moment.",
        tool_calls: [{ id: "call_1", function: { name: "locate", arguments: JSON.stringify(given) } }],
      },
      { role: "tool", tool_call_id: "call_1", content: JSON.stringify({ at: [1, 2] }) },
    ]);
  });

  test("pictures are handed over as data, files of text as text", async () => {
    const attachments = [attachment("a", "image/png", "PNG"), attachment("b", "text/plain", "words")];
    const stubs = attachments.map(({ id, name, mime_type }) => ({
      id,
      name,
      mime_type,
      type: "file" as const,
    }));
    await turn({ attachments, history: [said({ attachments: stubs })] });
    expect(api.seen[0]?.body.messages[1]?.content).toEqual([
      { type: "text", text: "hello" },
      { type: "image_url", image_url: { url: `data:image/png;base64,${btoa("PNG")}` } },
      { type: "text", text: "The file b:\nwords" },
    ]);
  });

  test("a conversation without a title gets one", async () => {
    api.script = ({ body }, response) =>
      body.stream ? sendChat(response, completion(text("A cat."))) : sendCompletion(response, "“A cat”");
    expect((await turn({ title: "" })).title).toBe("A cat");
    expect(api.seen).toHaveLength(2);
  });

  test.each([
    ["length", "longest length"],
    ["content_filter", "withheld"],
  ])("an answer that ends by %s is kept, and the person is told", async (reason, words) => {
    streamed(completion(text("Half of"), reason));
    const { events, error } = await turn();
    expect(error).toBeUndefined();
    expect(answerIn(events)?.content[0]?.text).toBe("Half of");
    expect(events.at(-1)).toMatchObject({ type: "notice", level: "warning" });
    expect(JSON.stringify(events.at(-1))).toContain(words);
  });

  test("an answer that is withheld as a whole is a failure", async () => {
    streamed(completion([], "content_filter"));
    expect((await turn()).error).toMatchObject({
      code: "upstream_failed",
      retryable: false,
      details: { reason: "content_filter" },
    });
  });

  test("an answer without anything in it is a failure", async () => {
    streamed(completion([]));
    expect((await turn()).error).toMatchObject({ code: "upstream_failed", details: { reason: "empty" } });
  });

  test.each([
    [401, "invalid_api_key", {}, "auth_failed", false, "does not accept this server's key"],
    [404, "model_not_found", {}, "model_unknown", false, "does not know the model test-model."],
    [404, null, {}, "model_unknown", false, "or not the API by which it is asked"],
    [429, "rate_limit_exceeded", { "retry-after": "7" }, "rate_limited", true, "Try again in 7 seconds."],
    [429, "insufficient_quota", {}, "quota", false, "is used up"],
    [400, "context_length_exceeded", {}, "context_too_long", false, "too long for the model"],
    [500, null, {}, "failed", true, "failed (500)"],
  ] as const)("%i %s is told in plain words", async (status, code, headers, reason, retryable, words) => {
    api.script = (_, response) => sendError(response, status, code, headers);
    const { events, error, logged } = await turn();
    expect(events).toEqual([]);
    expect(error).toBeInstanceOf(ChatError);
    expect(error).toMatchObject({ code: "upstream_failed", retryable, details: { reason, status } });
    expect((error as ChatError).message).toContain(words);
    expect((error as ChatError).message).not.toContain("sk-secret");
    expect(logged).toHaveLength(1);
    expect("error" in (logged[0] ?? {})).toBe(reason !== "auth_failed");
  });

  test("a server that is not there is told from one that fails", async () => {
    await api[Symbol.asyncDispose]();
    expect((await turn()).error).toMatchObject({
      code: "upstream_failed",
      details: { reason: "unreachable" },
    });
    api = await startChatCompletionsApi(() => undefined);
  });

  const half = completion(text("Half of ")).slice(0, 2);
  test.each<[string, string, string]>([
    ["is not JSON", "data: {no\n\n", "unreadable"],
    ["is an error", 'data: {"error":{"message":"x","code":"rate_limit_exceeded"}}\n\n', "rate_limited"],
    ["is the end", "", "connection_lost"],
    ["is the end of the stream", "data: [DONE]\n\n", "connection_lost"],
  ])("what follows a beginning and %s is a failure that may be tried again", async (_, frame, reason) => {
    api.script = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(framesOf(half) + frame);
    };
    const { events, error, logged } = await turn();
    expect(error).toMatchObject({ code: "upstream_failed", retryable: true, details: { reason } });
    expect(events.some(({ type }) => type === "thread.item.done")).toBe(false);
    expect(logged).toHaveLength(1);
    // The next turn is a new one.
    streamed(completion(text("Hello.")));
    expect((await turn()).error).toBeUndefined();
  });

  test("a connection that is cut is a failure", async () => {
    api.script = (_, response) => beginChat(response, half, () => response.destroy());
    expect((await turn()).error).toMatchObject({
      code: "upstream_failed",
      details: { reason: "connection_lost" },
    });
  });

  test("a call whose arguments nobody understands is a failure", async () => {
    streamed(completion(call("[1, 2"), "tool_calls"));
    const { events, error } = await turn();
    expect(error).toMatchObject({ code: "upstream_failed" });
    expect(items(events)).toEqual([]);
  });

  test("stopping a slow answer ends the request to the model, with the turn's own reason", async () => {
    api.script = (_, response) => beginChat(response, half);
    const stop = new AbortController();
    const reason = new DOMException("The answer was stopped.", "AbortError");
    const { error, logged } = await turn({ signal: stop.signal }, (event) => {
      if (event.type === "thread.item.updated" && event.update.type.endsWith("text_delta"))
        stop.abort(reason);
    });
    expect(error).toBe(reason);
    await api.seen[0]?.closed;
    expect(logged).toEqual([]);
  });

  test.each([
    ["other-model", "other-model"],
    ["unlisted", "test-model"],
  ])("a message that asks for the model %s is answered by %s", async (model, answering) => {
    await turn({ history: [said({ inference_options: { model } })] });
    expect(api.seen[0]?.body.model).toBe(answering);
  });

  test("a message chooses the tool for its own turn, not for what follows", async () => {
    const asked = said({ inference_options: { tool_choice: { id: "locate" } } });
    await turn({ history: [asked] });
    expect(api.seen[0]?.body.tool_choice).toEqual({ type: "function", function: { name: "locate" } });
    const done = {
      ...base,
      id: "tc_1",
      type: "client_tool_call" as const,
      status: "completed" as const,
      call_id: "call_1",
      name: "locate",
      arguments: {},
      output: null,
    };
    await turn({ history: [asked, done] });
    expect(api.seen[1]?.body.tool_choice ?? "auto").toBe("auto");
  });
});

test("a key and an address are enough, and what else is asked for is the author's", async () => {
  const used: unknown[] = [];
  const respond = chatCompletions({
    baseURL: api.baseURL,
    apiKey: "sk-other",
    model: "m",
    parameters: { temperature: 0, stream_options: null },
    titleModel: null,
    log: () => undefined,
    onUsage: (usage) => used.push(usage),
  });
  const { error, title } = await bridgeTurn(() => respond, { title: "" });
  expect([error, title]).toEqual([undefined, undefined]);
  expect(api.seen).toHaveLength(1);
  expect(api.seen[0]?.headers.authorization).toBe("Bearer sk-other");
  expect(api.seen[0]?.body).toEqual({
    model: "m",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
    stream_options: null,
    temperature: 0,
  });
  expect(used).toEqual([{ inputTokens: 12, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 3 }]);
});

test("what a guard refuses is taken back, if the author says so", async () => {
  class Refused extends Error {}
  streamed(completion(text("Fine. ", "A secret.")));
  const respond = byChatCompletions(api, {
    async *guard(chunks) {
      for await (const chunk of chunks) {
        if (chunk.choices[0]?.delta.content?.includes("secret")) throw new Refused("no secrets");
        yield chunk;
      }
    },
    takeBack: (error) => error instanceof Refused,
  });
  const { events, error } = await bridgeTurn(() => respond);
  expect(error).toBeInstanceOf(Refused);
  const [first] = events;
  expect(events.at(-1)).toEqual({
    type: "thread.item.removed",
    item_id: first?.type === "thread.item.added" ? first.item.id : "",
  });
});
