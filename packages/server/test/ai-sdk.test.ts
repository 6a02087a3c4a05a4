import type { ThreadItem } from "@waybill/protocol";
import type { TurnEvent } from "@waybill/server";
import { type AiSdkOptions, fromTextStreamParts } from "@waybill/server/responders/ai";
import { isStepCount, jsonSchema, streamText, type TextStreamPart, type ToolSet, tool } from "ai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bridgeTurn, byAiSdk, compatible } from "./support/bridge-turn.ts";
import {
  type ChatCompletionsApi,
  type ChatStep,
  completion,
  sendChat,
  startChatCompletionsApi,
  text,
} from "./support/chat-completions-api.ts";
import { contextOf, said } from "./support/model-turn.ts";

let api: ChatCompletionsApi;
beforeEach(async () => {
  api = await startChatCompletionsApi((_, response) => sendChat(response, completion(text("Hello."))));
});
afterEach(() => api[Symbol.asyncDispose]());

const answering = (...answers: ChatStep[][]) => {
  const left = [...answers];
  api.script = (_, response) => sendChat(response, left.shift() ?? []);
};
const call = (name: string): ChatStep => ({
  delta: {
    tool_calls: [{ index: 0, id: `call_${name}`, type: "function", function: { name, arguments: "{}" } }],
  },
});
const turn = (options: Partial<AiSdkOptions>, situation = {}) =>
  bridgeTurn((log) => byAiSdk(api, { log, ...options }), situation);
const items = (events: readonly TurnEvent[]) =>
  events.flatMap((event): ThreadItem[] => (event.type === "thread.item.done" ? [event.item] : []));
const inputSchema = jsonSchema<Record<string, unknown>>({ type: "object", properties: {} });
const search = (execute: () => Promise<string>) => tool({ inputSchema, execute });

test("a tool with execute runs on the server, is shown as the author says, and the model goes on with its result", async () => {
  answering(completion([call("search")], "tool_calls"), completion(text("Two cats.")));
  const { events, logged } = await turn({
    tools: (context) => ({ search: search(async () => `two cats in ${context.thread.id}`) }),
    settings: { stopWhen: isStepCount(3) },
    showTool: ({ toolName }) => ({ type: "web_search", queries: [toolName], sources: [] }),
  });
  expect(items(events)).toMatchObject([
    {
      type: "workflow",
      workflow: { tasks: [{ type: "web_search", queries: ["search"], status_indicator: "complete" }] },
    },
    { type: "assistant_message", content: [{ text: "Two cats." }] },
  ]);
  expect(JSON.stringify(api.seen[1]?.body.messages)).toContain("two cats in thr_1");
  expect(logged[0]?.message).toContain("24 tokens in");
});

test("a tool that fails is logged, and the model goes on", async () => {
  answering(completion([call("search")], "tool_calls"), completion(text("I found nothing.")));
  const failure = new Error("The catalogue is closed.");
  const { events, error, logged } = await turn({
    tools: { search: search(() => Promise.reject(failure)) },
    settings: { stopWhen: isStepCount(3) },
  });
  expect(error).toBeUndefined();
  expect(items(events)).toMatchObject([{ content: [{ text: "I found nothing." }] }]);
  expect(logged[0]).toMatchObject({ level: "warning", message: "The tool search failed", error: failure });
});

test("a choice of a tool holds for the first step alone, and the author's own preparation holds, too", async () => {
  answering(completion([call("search")], "tool_calls"), completion(text("Yes.")));
  const history = [said({ inference_options: { tool_choice: { id: "search" }, model: "other" } })];
  await turn(
    {
      tools: { search: search(async () => "cats") },
      models: { other: compatible(api, "other-model") },
      settings: { stopWhen: isStepCount(3), prepareStep: () => ({ temperature: 0.5 }) },
    },
    { history },
  );
  const bodies = api.seen.map(({ body }) => body);
  expect(bodies[0]?.tool_choice).toEqual({ type: "function", function: { name: "search" } });
  expect(bodies[1]?.tool_choice).toBe("auto");
  expect(bodies.map(({ temperature, model }) => [temperature, model])).toEqual([
    [0.5, "other-model"],
    [0.5, "other-model"],
  ]);
});

test("what a guard in the stream refuses is taken back", async () => {
  class Refused extends Error {}
  answering(completion(text("Fine. ", "Secret.")));
  const guard = () =>
    new TransformStream<TextStreamPart<ToolSet>, TextStreamPart<ToolSet>>({
      transform(part, controller) {
        if (part.type === "text-delta" && part.text.includes("Secret")) {
          controller.enqueue({ type: "error", error: new Refused("no secrets") });
        } else controller.enqueue(part);
      },
    });
  const { events, error } = await turn({
    settings: { experimental_transform: guard },
    takeBack: (failure) => failure instanceof Refused,
  });
  expect(error).toBeInstanceOf(Refused);
  const [first] = events;
  expect(first).toMatchObject({ type: "thread.item.added" });
  expect(events.at(-1)).toEqual({
    type: "thread.item.removed",
    item_id: first?.type === "thread.item.added" ? first.item.id : "",
  });
});

test("failing after a beginning ends the request to the model", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: {no\n\n");
  };
  const { error } = await turn({});
  expect(error).toMatchObject({ code: "upstream_failed", details: { reason: "unreadable" } });
  await api.seen[0]?.closed;
});

test("an author who calls streamText has the mapping alone", async () => {
  const context = contextOf({});
  const { stream } = streamText({ model: compatible(api), prompt: "hello" });
  const events: TurnEvent[] = [];
  for await (const event of fromTextStreamParts(context, stream)) events.push(event);
  expect(items(events)).toMatchObject([{ type: "assistant_message", content: [{ text: "Hello." }] }]);
});
