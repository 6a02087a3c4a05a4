import { ChatError, createId, isHiddenItem, type ThreadItem, type WorkflowItem } from "@waybill/protocol";
import { answerEnd, isAnswer } from "../model-output/answer-end.ts";
import { answerCut, failureOf } from "../model-output/model-failure.ts";
import { type ModelImage, ResponseEvents } from "../model-output/response-events.ts";
import type { TurnEvent } from "../respond.ts";
import { type AgentContext, type AgentStream, type AgentTurn, streamOf } from "./agent-context.ts";
import { type AgentRunEvent, ModelEvents, propertyOf } from "./model-events.ts";

/** What a run has used so far, counted by the SDK. */
export interface AgentUsage {
  /** Requests to models. */
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
}

/** A streamed run, by its shape: what `run(agent, input, { stream: true })` of the Agents SDK resolves to. */
export interface AgentRun extends AsyncIterable<AgentRunEvent> {
  readonly runContext?: { readonly usage: AgentUsage };
}

/** Options of {@link streamAgentResponse}. */
export interface StreamAgentResponseOptions {
  /**
   * The id that a message or a client tool call has in the thread, from the one that the model's server gave
   * it. Servers of other makers repeat theirs. @default a new one
   */
  readonly itemId?: (modelId: string) => string;
  /** Where a picture is to be had from. @default a `data:` URL of a PNG, which is stored with the thread */
  readonly imageUrl?: (image: ModelImage) => string | Promise<string>;
  /** How many pictures on the way the image tool was asked for. @default 0: their progress stays 0 */
  readonly partialImages?: number;
  /** Told what the run has used when it ends, however it ends; not if no model was asked. */
  readonly onUsage?: (usage: AgentUsage) => void;
}

/**
 * The events of a turn from a streamed run and from the tools in it, in the order in which they came.
 *
 * - Thoughts of the model and tasks of the tools share one workflow, which ends with its duration when an
 *   item follows; one that the run leaves open is kept, and gone on with if it is the newest item of a
 *   later turn, or stands before its tool call.
 * - An answer that ends early is followed by a notice; if nothing of it arrived, it is a failure.
 * - After a guardrail's tripwire whatever was sent of the run is removed, and the SDK's error goes on.
 * - Nothing is heard of the run any more once the turn's signal has aborted; hand the signal to `run()`, too,
 *   so that the run ends.
 *
 * @throws ChatError `upstream_failed` if the model's server fails; any other error of the run as it is.
 * Source: openai-chatkit 1.6.5, `agents.py`, `stream_agent_response`.
 */
export async function* streamAgentResponse(
  context: AgentContext<AgentTurn>,
  run: AgentRun,
  options: StreamAgentResponseOptions = {},
): AsyncGenerator<TurnEvent> {
  const { signal } = context.turn;
  const stream = streamOf(context);
  const { queue } = stream;
  const stop = () => queue.end({ error: signal.reason });
  signal.addEventListener("abort", stop);
  const iterator = run[Symbol.asyncIterator]();
  const sent = new Set<string>();
  try {
    signal.throwIfAborted();
    const earlier = openWorkflow(await context.turn.thread.history(2));
    if (earlier !== undefined) stream.workflow.resume(earlier);
    void follow(context, { [Symbol.asyncIterator]: () => iterator }, stream, options);
    for await (const event of queue.read()) {
      remember(sent, event, earlier?.id);
      yield event;
    }
  } catch (error) {
    if (isTripwire(error)) for (const item_id of sent) yield { type: "thread.item.removed", item_id };
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    queue.end();
    Promise.resolve(iterator.return?.()).catch(() => undefined);
    const usage = run.runContext?.usage;
    if (usage !== undefined && usage.requests > 0) options.onUsage?.(usage);
  }
}

/** Puts into the queue what the model says, up to the queue's end. Never rejects. */
async function follow(
  { turn }: AgentContext<AgentTurn>,
  run: AsyncIterable<AgentRunEvent>,
  stream: AgentStream,
  options: StreamAgentResponseOptions,
): Promise<void> {
  const { queue, workflow, now } = stream;
  const threadId = turn.thread.id;
  const { itemId, imageUrl, partialImages } = options;
  const events = new ResponseEvents({ threadId, now, reasoning: workflow, itemId, imageUrl, partialImages });
  const model = new ModelEvents();
  let asked: FunctionCall | undefined;
  let said = false;
  try {
    for await (const event of run) {
      asked = functionCallIn(event, asked);
      for (const told of model.read(event)) {
        for await (const out of events.of(told)) {
          said ||= out.type === "thread.item.done" && isAnswer(out.item);
          queue.put(out);
        }
      }
    }
    // The SDK ends a run that was aborted without a word.
    turn.signal.throwIfAborted();
    await Promise.all(stream.pending);
    for (const event of workflow.keep()) queue.put(event);
    const { call } = stream;
    if (call !== undefined) {
      const { callId, id } = call.call_id === undefined ? (asked ?? {}) : {};
      queue.put({
        type: "thread.item.done",
        item: {
          id: (id === undefined ? undefined : itemId?.(id)) ?? createId("tool_call"),
          thread_id: threadId,
          created_at: now().toISOString(),
          type: "client_tool_call",
          status: "pending",
          call_id: call.call_id ?? callId ?? createId("tool_call"),
          name: call.name,
          arguments: call.arguments ?? {},
        },
      });
    }
    queue.end();
  } catch (error) {
    const { early } = events;
    if (isTripwire(error)) queue.clear();
    // The SDK fails a run whose answer ends early; what there is of the answer is kept.
    const isEarly = early !== undefined && isModelError(error) && !turn.signal.aborted;
    try {
      if (!isEarly) throw failureIn(error, events.open);
      for (const event of workflow.end()) queue.put(event);
      const end = { threadId, createdAt: now().toISOString(), said, call: undefined, early };
      for (const event of answerEnd(end)) queue.put(event);
      queue.end();
    } catch (failure) {
      queue.end({ error: failure });
    }
  }
}

interface FunctionCall {
  readonly callId?: string;
  readonly id?: string;
}

/** The newest call of a function; a call of another kind has no ids that a page could answer to. */
function functionCallIn(event: AgentRunEvent, before: FunctionCall | undefined): FunctionCall | undefined {
  const { item } = event;
  if (event.type !== "run_item_stream_event" || propertyOf(item, "type") !== "tool_call_item") return before;
  const raw = propertyOf(item, "rawItem");
  if (propertyOf(raw, "type") !== "function_call") return undefined;
  const [callId, id] = [propertyOf(raw, "callId"), propertyOf(raw, "id")];
  return {
    ...(typeof callId === "string" ? { callId } : {}),
    ...(typeof id === "string" ? { id } : {}),
  };
}

/** What an earlier turn has left open: the newest item, or the one before its tool call. */
function openWorkflow(history: readonly ThreadItem[]): WorkflowItem | undefined {
  const newest = history.at(-1);
  const item = newest?.type === "client_tool_call" ? history.at(-2) : newest;
  return item?.type === "workflow" && item.workflow.summary === undefined ? item : undefined;
}

/** Hidden items were never sent; an earlier turn's workflow is not the run's to take back. */
function remember(sent: Set<string>, event: TurnEvent, earlier: string | undefined): void {
  if (event.type === "thread.item.removed") sent.delete(event.item_id);
  else if (event.type === "thread.item.added" || event.type === "thread.item.done") {
    if (event.item.id !== earlier && !isHiddenItem(event.item)) sent.add(event.item.id);
  }
}

/** By its name: the error may come from any copy of the SDK. */
function isTripwire(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /^(?:Input|Output|ToolInput|ToolOutput)GuardrailTripwireTriggered$/.test(error.constructor.name)
  );
}

/** By its name, too. */
function isModelError(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === "ModelBehaviorError";
}

function failureIn(error: unknown, responseOpen: boolean): unknown {
  if (!(error instanceof Error) || error instanceof ChatError) return error;
  // An answer of the model's server, or none: so the openai package says it.
  if ("status" in error && "requestID" in error) return failureOf(error, "that was asked");
  const cut = isModelError(error) || error instanceof TypeError;
  return responseOpen && cut ? answerCut(error) : error;
}
