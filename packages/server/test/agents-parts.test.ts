import { Agent, OpenAIResponsesModel, type RunContext, Runner, tool } from "@openai/agents";
import type { InputTag, ThreadItem } from "@waybill/protocol";
import type { TurnEvent } from "@waybill/server";
import {
  AgentContext,
  accumulateText,
  agentInput,
  streamAgentResponse,
} from "@waybill/server/responders/agents";
import { ThreadItemConverter } from "@waybill/server/responders/model-input";
import { Card, Text } from "@waybill/server/widgets";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { answered, functionCall, saying, streamAnswers } from "./support/agent-turn.ts";
import { base, contextOf, said } from "./support/model-turn.ts";
import { type ResponsesApi, type Step, startResponsesApi } from "./support/responses-api.ts";

let api: ResponsesApi;
beforeEach(async () => {
  api = await startResponsesApi(() => undefined);
});
afterEach(() => api[Symbol.asyncDispose]());

const runner = new Runner({ tracingDisabled: true });
const modelOf = () =>
  new OpenAIResponsesModel(new OpenAI({ apiKey: "k", baseURL: api.baseURL, maxRetries: 0 }), "test-model");

class Input extends ThreadItemConverter {
  override tag(tag: InputTag) {
    return { type: "input_text" as const, text: `${tag.text} is customer ${tag.id}` };
  }
  override widget() {
    return [];
  }
}

test("an input of one's own, a typed tool that shows a widget, the model's ids", async () => {
  streamAnswers(api, answered(...functionCall("search", '{"words":"cats"}')), saying("Two."));
  const search = tool({
    name: "search",
    description: "Searches the catalogue.",
    parameters: z.object({ words: z.string() }),
    execute: async ({ words }, run?: RunContext<AgentContext>) => {
      const chat = run?.context;
      await chat?.startWorkflow({ tasks: [{ type: "custom", title: words, status_indicator: "loading" }] });
      await chat?.endWorkflow({ summary: { title: "Searched" } });
      await chat?.streamWidget(Card({}, [Text({ value: "Cat" })]), { copyText: "Cat" });
      return "2";
    },
  });
  const agent = new Agent<AgentContext>({ name: "Guide", model: modelOf(), tools: [search] });
  const tag = { type: "input_tag" as const, id: "c_1", text: "Ann", data: {} };
  const history: ThreadItem[] = [
    { ...base, id: "msg_w", type: "widget", widget: { type: "Card", children: [] } },
    said({ content: [tag] }),
  ];
  const turn = contextOf({ history });
  const input = await new Input({ context: turn }).toModelInput(await turn.thread.history());
  const context = new AgentContext(turn);
  const run = await runner.run(agent, agentInput(input), { stream: true, context, signal: turn.signal });
  const done: ThreadItem[] = [];
  for await (const event of streamAgentResponse(context, run, { itemId: (id) => `own_${id}` })) {
    if (event.type === "thread.item.done") done.push(event.item);
  }
  expect(done).toMatchObject([
    { type: "workflow", workflow: { summary: { title: "Searched" } } },
    {
      type: "widget",
      copy_text: "Cat",
      widget: { type: "Card", children: [{ type: "Text", value: "Cat" }] },
    },
    { type: "assistant_message", id: "own_msg_0" },
  ]);
  expect(api.seen[0]?.body.input).toMatchObject([
    { role: "user", content: [{ text: "@Ann" }] },
    { role: "user", content: [{}, { text: "Ann is customer c_1" }] },
  ]);
});

test("a picture is shown while it is made, at a place of one's own", async () => {
  const item = { type: "image_generation_call" as const, id: "ig_1" };
  const partial = (partial_image_index: number): Step => ({
    type: "response.image_generation_call.partial_image",
    item_id: "ig_1",
    output_index: 0,
    partial_image_index,
    partial_image_b64: "QQ==",
  });
  streamAnswers(
    api,
    answered(
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
    saying("Here it is."),
  );
  const agent = new Agent<AgentContext>({ name: "Painter", model: modelOf() });
  const turn = contextOf({});
  const context = new AgentContext(turn);
  const run = await runner.run(agent, "a cat", { stream: true, context, signal: turn.signal });
  const events: TurnEvent[] = [];
  const imageUrl = async ({ id, partialIndex }: { readonly id: string; readonly partialIndex?: number }) =>
    `https://a.example/${id}/${partialIndex ?? "whole"}`;
  for await (const event of streamAgentResponse(context, run, { partialImages: 2, imageUrl }))
    events.push(event);
  expect(events.slice(0, 4)).toMatchObject([
    { type: "thread.item.added", item: { type: "generated_image" } },
    { update: { image: { id: "ig_1", url: "https://a.example/ig_1/0" }, progress: 0 } },
    { update: { image: { url: "https://a.example/ig_1/1" }, progress: 0.5 } },
    { type: "thread.item.done", item: { image: { id: "ig_1", url: "https://a.example/ig_1/whole" } } },
  ]);
});

test("a widget's text is written by a run", async () => {
  streamAnswers(api, saying("Hel", "lo."));
  const run = await runner.run(new Agent({ name: "Guide", model: modelOf() }), "hello", { stream: true });
  const values: unknown[] = [];
  for await (const state of accumulateText(run, {
    type: "Markdown",
    id: "body",
    value: "",
    streaming: true,
  })) {
    values.push([state["value"], state["streaming"]]);
  }
  expect(values).toEqual([
    ["", true],
    ["Hel", true],
    ["Hello.", true],
    ["Hello.", false],
  ]);
});
