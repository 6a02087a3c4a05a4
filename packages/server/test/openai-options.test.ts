import type { ThreadItem } from "@waybill/protocol";
import type { TurnEvent } from "@waybill/server";
import { ThreadItemConverter } from "@waybill/server/responders/model-input";
import { fromResponseEvents, type OpenAIOptions } from "@waybill/server/responders/openai";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { base, contextOf, said, turn } from "./support/model-turn.ts";
import {
  answer,
  message,
  type ResponsesApi,
  type Step,
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
const items = (events: readonly TurnEvent[]) =>
  events.flatMap((event): ThreadItem[] => (event.type === "thread.item.done" ? [event.item] : []));

test("what an answer has used is told", async () => {
  const used: unknown[] = [];
  await turn(api, { options: { onUsage: (usage) => used.push(usage) } });
  expect(used).toEqual([{ inputTokens: 12, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 3 }]);
});

test("what else is asked for is the author's", async () => {
  await turn(api, { options: { parameters: { max_output_tokens: 9, store: null } } });
  expect(api.seen[0]?.body).toMatchObject({ max_output_tokens: 9, store: null, model: "test-model" });
});

test("an author tells the model of the thread in other words", async () => {
  class Brief extends ThreadItemConverter {
    override async userMessage() {
      return [{ role: "user" as const, content: "Something was asked." }];
    }
  }
  await turn(api, { options: { converter: (context) => new Brief({ context }) } });
  expect(api.seen[0]?.body.input).toEqual([{ role: "user", content: "Something was asked." }]);
});

test("hidden context of any kind is told, and a question that nobody has answered yet, too", async () => {
  const inputs = [{ type: "freeform" as const, id: "q", question: "Which cat?" }];
  await turn(api, {
    history: [
      { ...base, id: "hcx_1", type: "hidden_context_item", content: { plan: "gold" } },
      { ...base, id: "si_1", type: "structured_input", status: "pending", inputs },
      said(),
    ],
  });
  const input = JSON.stringify(api.seen[0]?.body.input);
  expect(input).toContain(JSON.stringify('{"plan":"gold"}').slice(1, -1));
  expect(input).toContain("Which cat?: unanswered");
});

test("a picture is shown while it is made, at a place of the author's", async () => {
  const item = { type: "image_generation_call" as const, id: "ig_1" };
  const partial = (partial_image_index: number): Step => ({
    type: "response.image_generation_call.partial_image",
    item_id: "ig_1",
    output_index: 0,
    partial_image_index,
    partial_image_b64: "QQ==",
  });
  streamed(
    answer(
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...item, status: "in_progress", result: null },
      },
      partial(0),
      partial(1),
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { ...item, status: "completed", result: "QUI=" },
      },
    ),
  );
  const tools: OpenAIOptions["tools"] = [{ type: "image_generation", partial_images: 2 }];
  const at: OpenAIOptions["imageUrl"] = ({ id, partialIndex = "whole" }) =>
    `https://a.example/${id}/${partialIndex}`;
  const placed = await turn(api, { options: { tools, imageUrl: at } });
  expect(placed.events).toMatchObject([
    { type: "thread.item.added", item: { type: "generated_image" } },
    { update: { image: { id: "ig_1", url: "https://a.example/ig_1/0" }, progress: 0 } },
    { update: { image: { url: "https://a.example/ig_1/1" }, progress: 0.5 } },
    { type: "thread.item.done", item: { image: { url: "https://a.example/ig_1/whole" } } },
  ]);
  const kept = await turn(api, { options: { tools } });
  expect(items(kept.events)).toMatchObject([{ image: { url: "data:image/png;base64,QUI=" } }]);
});

test("a tool that runs at the model's server is asked for, and its call is not shown", async () => {
  const call = {
    type: "web_search_call" as const,
    id: "ws_1",
    status: "completed" as const,
    action: { type: "search" as const, query: "cats" },
  };
  streamed(
    answer(
      { type: "response.output_item.added", output_index: 0, item: call },
      { type: "response.web_search_call.searching", item_id: "ws_1", output_index: 0 },
      { type: "response.output_item.done", output_index: 0, item: call },
      ...message(["Two cats."], 1),
    ),
  );
  const tools: OpenAIOptions["tools"] = [{ type: "web_search" }];
  const { events, error } = await turn(api, { options: { tools } });
  expect(error).toBeUndefined();
  expect(api.seen[0]?.body.tools).toEqual(tools);
  expect(items(events)).toMatchObject([{ type: "assistant_message", content: [{ text: "Two cats." }] }]);
});

test("of several calls the first is the page's, behind all that the model says", async () => {
  const call = (name: string): Step => ({
    type: "response.output_item.done",
    output_index: 0,
    item: { type: "function_call", id: name, call_id: `call_${name}`, name, arguments: "{}" },
  });
  streamed(answer(call("first"), call("second"), ...message(["One moment."], 2)));
  expect(items((await turn(api)).events)).toMatchObject([
    { type: "assistant_message", content: [{ text: "One moment." }] },
    { type: "client_tool_call", name: "first", call_id: "call_first" },
  ]);
});

class Refused extends Error {}
const guard: NonNullable<OpenAIOptions["guard"]> = async function* (events, { thread }) {
  for await (const event of events) {
    if (event.type === "response.output_text.delta" && event.delta.includes("secret"))
      throw new Refused(`none of ${thread.id}`);
    yield event;
  }
};

test("what a guard refuses is taken back, and the request to the model ends", async () => {
  api.script = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const [sequence_number, step] of answer(...message(["Fine. ", "A secret."]))
      .slice(0, 6)
      .entries())
      response.write(`event: ${step.type}\ndata: ${JSON.stringify({ ...step, sequence_number })}\n\n`);
  };
  const { events, error, logged } = await turn(api, {
    options: { guard, takeBack: (failure) => failure instanceof Refused },
  });
  expect(error).toEqual(new Refused("none of thr_1"));
  const [first] = events;
  expect(events.at(-1)).toEqual({
    type: "thread.item.removed",
    item_id: first?.type === "thread.item.added" ? first.item.id : "",
  });
  expect(JSON.stringify(events)).not.toContain("secret");
  expect(logged).toEqual([]);
  await api.seen[0]?.closed;
});

test("what a guard refuses ends the answer, and without takeBack nothing is taken back", async () => {
  streamed(answer(...message(["Fine. ", "A secret."])));
  const { events, error } = await turn(api, { options: { guard } });
  expect(error).toBeInstanceOf(Refused);
  expect(events.at(-1)?.type).toBe("thread.item.updated");
});

test("an author who asks the model has the mapping alone", async () => {
  const context = contextOf({});
  const client = new OpenAI({ apiKey: "k", baseURL: api.baseURL });
  const stream = await client.responses.create({ model: "m", input: "hello", stream: true });
  const events: TurnEvent[] = [];
  for await (const event of fromResponseEvents(context, stream)) events.push(event);
  expect(items(events)).toMatchObject([{ type: "assistant_message", content: [{ text: "Hello." }] }]);
});
