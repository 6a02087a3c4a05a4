import { readdirSync, readFileSync } from "node:fs";
import { ChatError, createItemId, type Json, type ThreadItem } from "@waybill/protocol";
import { expect, test } from "vitest";
import type { WidgetSource } from "../../widgets/stream-widget.ts";
import type { TaskInput, TurnEvent } from "../respond.ts";
import type { WorkflowEnd, WorkflowOptions } from "../turn-workflow.ts";
import { accumulateText, type TextComponent } from "./accumulate-text.ts";
import { AgentContext, type AgentToolCall, type AgentTurn } from "./agent-context.ts";
import type { AgentRunEvent } from "./model-events.ts";
import { streamAgentResponse } from "./stream-agent-response.ts";

const FOLDER = new URL("../../../../../conformance/fixtures/agents/", import.meta.url);
const AT = "2026-01-02T03:04:05.000Z";

type Fields = { readonly [key: string]: Json };
interface Calls {
  readonly stream?: { readonly type: string; readonly item?: Fields };
  readonly start_workflow?: WorkflowOptions;
  readonly add_workflow_task?: TaskInput;
  readonly update_workflow_task?: { readonly task: TaskInput; readonly task_index: number };
  readonly end_workflow?: WorkflowEnd;
  readonly stream_widget?: {
    readonly widget?: Fields;
    readonly states?: Fields[];
    readonly copy_text?: string;
  };
  readonly client_tool_call?: AgentToolCall;
}
interface Step {
  readonly response?: Fields;
  readonly tool_called?: Fields;
  readonly other?: AgentRunEvent;
  readonly context?: Calls;
  readonly throw?: "input_guardrail" | "output_guardrail" | "error";
}
interface Fixture {
  readonly id: string;
  readonly title: string;
  readonly kind?: "accumulate_text";
  readonly input: {
    readonly stored?: readonly Fields[];
    readonly partial_images?: number;
    readonly widget?: TextComponent;
    readonly steps: readonly Step[];
  };
  readonly output: {
    readonly frames?: readonly Json[];
    readonly states?: readonly Json[];
    readonly stored?: readonly Json[];
    readonly raised?: string;
  };
  readonly unordered?: readonly string[];
  readonly better?: { readonly frames: readonly Json[] };
}

const fixtures = readdirSync(FOLDER)
  .toSorted()
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Fixture);

class InputGuardrailTripwireTriggered extends Error {}
class OutputGuardrailTripwireTriggered extends Error {}
class RuntimeError extends Error {}
const FAILURES = {
  input_guardrail: InputGuardrailTripwireTriggered,
  output_guardrail: OutputGuardrailTripwireTriggered,
  error: RuntimeError,
};

/** An item with what the fixtures leave to the defaults of the official types. */
function itemOf(given: Fields): Fields {
  const { workflow } = given as { readonly workflow?: { readonly tasks: readonly TaskInput[] } };
  return {
    thread_id: "thr_fixture",
    ...(given["type"] === "client_tool_call" ? { status: "pending" } : {}),
    ...given,
    ...(workflow === undefined
      ? {}
      : { workflow: { ...workflow, tasks: workflow.tasks.map(taskOf) } as Fields }),
    created_at: AT,
  };
}

const taskOf = (task: TaskInput): TaskInput => ({
  status_indicator: "none",
  ...(task.type === "web_search" ? { ...task, sources: [] } : task),
});

/** A call of a tool, as a tool makes it. */
async function call(context: AgentContext<AgentTurn>, calls: Calls): Promise<void> {
  if (calls.stream !== undefined) {
    const { item } = calls.stream;
    const event = item === undefined ? calls.stream : { ...calls.stream, item: itemOf(item) };
    await context.stream(event as unknown as TurnEvent);
  }
  if (calls.start_workflow !== undefined) await context.startWorkflow(calls.start_workflow);
  if (calls.add_workflow_task !== undefined) await context.addWorkflowTask(taskOf(calls.add_workflow_task));
  if (calls.update_workflow_task !== undefined) {
    const { task, task_index } = calls.update_workflow_task;
    await context.updateWorkflowTask(task_index, task);
  }
  if (calls.end_workflow !== undefined) await context.endWorkflow(calls.end_workflow);
  if (calls.stream_widget !== undefined) {
    const { widget, states, copy_text } = calls.stream_widget;
    const source = (states ?? widget ?? {}) as unknown as WidgetSource;
    await context.streamWidget(source, copy_text === undefined ? {} : { copyText: copy_text });
  }
  if (calls.client_tool_call !== undefined) context.clientToolCall(calls.client_tool_call);
}

/** A run that goes through the steps, as the SDK for JavaScript words them. */
async function* runOf(
  steps: readonly Step[],
  context?: AgentContext<AgentTurn>,
): AsyncGenerator<AgentRunEvent> {
  for (const { response, tool_called, other, context: calls, throw: failure } of steps) {
    if (response !== undefined)
      yield { type: "raw_model_stream_event", data: { type: "model", event: response } };
    if (tool_called !== undefined) {
      const { call_id: callId, ...rest } = tool_called;
      yield { type: "run_item_stream_event", item: { type: "tool_call_item", rawItem: { ...rest, callId } } };
    }
    if (other !== undefined) yield other;
    if (calls !== undefined && context !== undefined) await call(context, calls);
    if (failure !== undefined) throw new FAILURES[failure](failure);
  }
}

/** What came of a run: events, what was kept of open workflows, the error. */
async function outcomeOf({ input }: Fixture) {
  const turn: AgentTurn = {
    signal: new AbortController().signal,
    thread: {
      id: "thr_fixture",
      history: async (limit) =>
        (input.stored ?? []).map(itemOf).slice(-(limit ?? 100)) as unknown as ThreadItem[],
    },
  };
  const context = new AgentContext(turn, { now: () => new Date(AT) });
  const frames: unknown[] = [];
  const options = {
    itemId: (id: string) => id,
    ...(input.partial_images === undefined ? {} : { partialImages: input.partial_images }),
  };
  try {
    for await (const event of streamAgentResponse(context, runOf(input.steps, context), options))
      frames.push(event);
    return { frames, raised: undefined };
  } catch (error) {
    // The run makes an event of it.
    if (error instanceof ChatError) frames.push({ type: "error" });
    return { frames, raised: error instanceof ChatError ? undefined : (error as Error).constructor.name };
  }
}

/** Like Vitest's `toMatchObject`, where ids may be any of a prefix, the same ones in the same places. */
function expectLike(actual: unknown, expected: Json, ids: Map<string, string>, loose: boolean): void {
  if (typeof expected === "string" && /^<\w+:\d+>$/.test(expected)) {
    const known = ids.get(expected);
    if (known !== undefined) return expect(actual).toBe(known);
    expect(actual).toMatch(new RegExp(`^${expected.slice(1, expected.indexOf(":"))}_`));
    expect([...ids.values()]).not.toContain(actual);
    ids.set(expected, String(actual));
  } else if (expected === "<time>") {
    expect(actual).toBe(AT);
  } else if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    for (const [index, one] of expected.entries()) expectLike((actual as unknown[])[index], one, ids, loose);
  } else if (typeof expected === "object" && expected !== null) {
    if (!loose) expect(Object.keys(actual as object).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [key, one] of Object.entries(expected)) {
      expectLike((actual as Record<string, unknown>)[key], one, ids, loose);
    }
  } else {
    expect(actual).toEqual(expected);
  }
}

/** Official servers put an open workflow into their store without a word; here it is told as done, too. */
const isKept = (frame: unknown): boolean => {
  const { type, item } = frame as { type: string; item?: ThreadItem };
  return type === "thread.item.done" && item?.type === "workflow" && item.workflow.summary === undefined;
};

test("all fixtures are there", () => {
  expect(fixtures).toHaveLength(54);
  expect(createItemId("workflow")).toMatch(/^wf_/);
});

/** Fixtures that show a fault which another one names. */
const SAME_FAULT: Readonly<Record<string, Fixture["better"]>> = {
  // annotations_text_done: the part that is done has its citations.
  annotations: {
    frames: [
      ...Array.from({ length: 6 }, () => ({})),
      { update: { type: "assistant_message.content_part.done", content: { annotations: [{}, {}, {}] } } },
      { type: "thread.item.done", item: { content: [{ annotations: [{}, {}, {}] }] } },
    ],
  },
};

const kinds = Map.groupBy(fixtures, ({ kind = "run" }) => kind);

test.each(kinds.get("run") ?? [])("$id: $title", async (fixture) => {
  const { output, better = SAME_FAULT[fixture.id] } = fixture;
  const { frames, raised } = await outcomeOf(fixture);
  const kept = frames.filter(isKept);
  const ids = new Map<string, string>();
  expect(raised).toBe(output.raised);
  const closes = better?.frames.length === frames.length;
  const told = closes ? frames : frames.filter((frame) => !isKept(frame));
  if (better === undefined) {
    expectLike(told, output.frames ?? [], ids, false);
    expectLike(
      kept.map((frame) => (frame as { item: unknown }).item),
      output.stored ?? [],
      ids,
      false,
    );
  } else {
    expectLike(told, better.frames, ids, true);
  }
});

test.each(kinds.get("accumulate_text") ?? [])("$id: $title", async ({ input, output }) => {
  const states: TextComponent[] = [];
  const component = input.widget ?? { type: "Text" };
  for await (const state of accumulateText(runOf(input.steps), component)) states.push(state);
  expect(states).toEqual(output.states);
});
