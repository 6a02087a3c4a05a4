import type { ThreadItem } from "@waybill/protocol";
import { expect, test } from "vitest";
import type { TurnEvent } from "../respond.ts";
import { AgentContext, type AgentTurn } from "./agent-context.ts";
import type { AgentRunEvent } from "./model-events.ts";
import { streamAgentResponse } from "./stream-agent-response.ts";

const AT = "2026-01-02T03:04:05.000Z";
const turnOf = (signal = new AbortController().signal, history: ThreadItem[] = []): AgentTurn => ({
  signal,
  thread: { id: "thr_1", history: async () => history },
});
const contextOf = (turn = turnOf(), seconds = [0]) =>
  new AgentContext(turn, { now: () => new Date(Date.parse(AT) + (seconds.shift() ?? 60) * 1_000) });
const progress = (text: string): TurnEvent => ({ type: "progress_update", text });
const model = (event: object): AgentRunEvent => ({
  type: "raw_model_stream_event",
  data: { type: "model", event },
});
const delta = (text: string) =>
  model({ type: "response.output_text.delta", item_id: "msg_a", content_index: 0, delta: text });

async function eventsOf(context: AgentContext<AgentTurn>, run: AsyncIterable<AgentRunEvent>) {
  const events: TurnEvent[] = [];
  for await (const event of streamAgentResponse(context, run)) events.push(event);
  return events;
}
const textsOf = (events: readonly TurnEvent[]) =>
  events.map((event) => {
    if (event.type === "progress_update") return event.text;
    return event.type === "thread.item.updated" && "delta" in event.update ? event.update.delta : event.type;
  });

test("a tool that nobody waits for is heard behind what the model had said, and before the run ends", async () => {
  const context = contextOf();
  async function* run() {
    yield delta("a");
    yield delta("b");
    void context.stream(progress("tool"));
    yield delta("c");
  }
  expect(textsOf(await eventsOf(context, run()))).toEqual(["a", "b", "c", "tool"]);
});

test("what a maker yields comes piece by piece, between what the model says", async () => {
  const context = contextOf();
  async function* pieces() {
    yield progress("1");
    yield progress("2");
  }
  async function* run() {
    yield delta("a");
    await context.stream(pieces());
    yield delta("b");
  }
  expect(textsOf(await eventsOf(context, run()))).toEqual(["a", "1", "2", "b"]);
});

test("a maker that fails fails the tool, not the run", async () => {
  const context = contextOf();
  async function* pieces(): AsyncGenerator<TurnEvent> {
    yield progress("1");
    throw new Error("no more");
  }
  async function* run() {
    await expect(context.stream(pieces())).rejects.toThrow("no more");
    await expect(context.updateWorkflowTask(0, { type: "custom" })).rejects.toThrow(RangeError);
    yield delta("a");
  }
  expect(textsOf(await eventsOf(context, run()))).toEqual(["1", "a"]);
});

test("a workflow says in whole seconds how long it took", async () => {
  const context = contextOf(turnOf(), [0, 2.9]);
  async function* run(): AsyncGenerator<AgentRunEvent> {
    await context.startWorkflow({ tasks: [{ type: "custom", title: "Look" }] });
    await context.endWorkflow({ expanded: true });
    yield { type: "agent_updated_stream_event" };
  }
  const [, done] = await eventsOf(context, run());
  expect(done).toMatchObject({ item: { workflow: { summary: { duration: 2 }, expanded: true } } });
});

test("a second workflow ends the first", async () => {
  const context = contextOf();
  async function* run(): AsyncGenerator<AgentRunEvent> {
    await context.addWorkflowTask({ type: "custom", title: "One" });
    await context.startWorkflow({ tasks: [{ type: "custom", title: "Two" }] });
    await context.endWorkflow();
    yield { type: "agent_updated_stream_event" };
  }
  const events = await eventsOf(context, run());
  expect(events.map(({ type }) => type)).toEqual([
    "thread.item.added",
    "thread.item.done",
    "thread.item.added",
    "thread.item.done",
  ]);
});

test("a call that a tool names answers that call of the model", async () => {
  const context = contextOf();
  async function* run(): AsyncGenerator<AgentRunEvent> {
    for (const callId of ["call_1", "call_2"]) {
      const rawItem = { type: "function_call", id: `fc_${callId}`, callId };
      yield { type: "run_item_stream_event", item: { type: "tool_call_item", rawItem } };
    }
    context.clientToolCall({ name: "locate", call_id: "call_1" });
  }
  const [event] = await eventsOf(context, run());
  expect(event).toMatchObject({ item: { call_id: "call_1", arguments: {}, status: "pending" } });
});

test("a tripwire takes back neither hidden context nor a workflow of an earlier turn", async () => {
  class OutputGuardrailTripwireTriggered extends Error {}
  const base = { thread_id: "thr_1", created_at: AT };
  const workflow: ThreadItem = {
    ...base,
    id: "wf_0",
    type: "workflow",
    workflow: { type: "custom", tasks: [], expanded: false },
  };
  const context = contextOf(turnOf(undefined, [workflow]));
  const item = { type: "message", id: "msg_a", role: "assistant", status: "in_progress", content: [] };
  async function* run() {
    const hidden = { ...base, id: "msg_h", type: "hidden_context_item" as const, content: "h" };
    await context.stream({ type: "thread.item.done", item: hidden });
    yield model({ type: "response.output_item.added", output_index: 0, item });
    throw new OutputGuardrailTripwireTriggered("no");
  }
  const events: TurnEvent[] = [];
  const all = async () => {
    for await (const event of streamAgentResponse(context, run())) events.push(event);
  };
  await expect(all()).rejects.toThrow(OutputGuardrailTripwireTriggered);
  expect(events.filter(({ type }) => type === "thread.item.removed")).toHaveLength(1);
  expect(events.at(-1)).not.toMatchObject({ item_id: "wf_0" });
});

test("a run that does not know the signal is left when it aborts", async () => {
  const stop = new AbortController();
  const context = contextOf(turnOf(stop.signal));
  const never = Promise.withResolvers<void>();
  async function* run() {
    yield delta("a");
    await never.promise;
  }
  const reason = new Error("stopped");
  const texts: unknown[] = [];
  const all = async () => {
    for await (const event of streamAgentResponse(context, run())) {
      texts.push(...textsOf([event]));
      stop.abort(reason);
    }
  };
  await expect(all()).rejects.toBe(reason);
  expect(texts).toEqual(["a"]);
});
