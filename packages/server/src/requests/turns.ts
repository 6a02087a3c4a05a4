import {
  ChatError,
  type StreamingRequest,
  type ThreadStreamEvent,
  type UserMessageItem,
} from "@waybill/protocol";
import type { KeyedRun, Turn } from "../ports/store.ts";
import type {
  ChooseStreamOptions,
  OnStopped,
  Respond,
  RespondToAction,
  StreamOptions,
  TurnContext,
  TurnEvent,
} from "../responders/respond.ts";
import { ThreadDraft } from "../responders/thread-draft.ts";
import { type EventReader, eventsOf } from "../runs/event-stream.ts";
import { Run } from "../runs/run.ts";
import type { Runs } from "../runs/runs.ts";
import { type ToWireItem, toWireThread } from "../runs/stored-items.ts";
import type { Caller } from "./caller.ts";
import {
  type Asked,
  type PreparedTurn,
  type PrepareParts,
  prepareAnew,
  prepareTurn,
} from "./prepare-turn.ts";
import { recogniseTurn } from "./recognise-turn.ts";
import { type ContextParts, contextOf, factsOf } from "./turn-context.ts";

/** What turns need. */
export interface TurnParts extends PrepareParts, ContextParts {
  readonly respond: Respond;
  readonly action: RespondToAction | undefined;
  readonly streamOptions: ChooseStreamOptions | undefined;
  readonly onStopped: OnStopped | undefined;
  readonly runs: Runs;
  readonly onFailure: (error: unknown, requestId: string) => void;
}

/**
 * Checks everything that can fail, stores the turn in one transaction, and starts its run; the
 * answer is a reader of its events. A turn that is sent again is recognised, see {@link recogniseTurn}:
 * its run is joined or told again, or, where that run did not come to its end, what is stored
 * is answered anew; an action is told again. Nothing is carried out twice.
 *
 * @throws ChatError, and nothing is stored: `not_implemented`, and what {@link prepareTurn} and
 * `RunStore.begin` throw.
 */
export async function startTurn(
  parts: TurnParts,
  caller: Caller,
  request: StreamingRequest,
  toWire: ToWireItem,
): Promise<EventReader> {
  if (request.type === "threads.custom_action" && parts.action === undefined) throw notOffered(request);
  const { key, earlier, replaces } = await recogniseTurn(parts, caller, request);
  if (key !== undefined && earlier !== null)
    return repeatTurn(parts, caller, request, { ...earlier, key }, toWire);
  const prepared = await prepareTurn(parts, caller, request).catch(refusalOf(request));
  if ("read" in prepared) return prepared;
  const turn: Turn = {
    ...prepared.turn,
    ...(key === undefined ? {} : { key }),
    ...(replaces === undefined ? {} : { replaces }),
  };
  const run = await begin(parts, caller, request, { ...prepared, turn }, toWire);
  // The same turn was sent twice at once, and the other one came first.
  return run?.reader() ?? startTurn(parts, caller, request, toWire);
}

/** Upstream answers an action of what is no widget by a stream of one error; everything else is thrown on. */
function refusalOf(request: StreamingRequest) {
  return (error: unknown): EventReader => {
    const wrongSender = error instanceof ChatError && error.code === "wrong_item_type";
    if (request.type !== "threads.custom_action" || !wrongSender) throw error;
    return eventsOf(JSON.stringify({ type: "error", code: "stream.error", allow_retry: false }));
  };
}

async function repeatTurn(
  parts: TurnParts,
  caller: Caller,
  request: StreamingRequest,
  { run, item_id, key }: KeyedRun & Required<Pick<Turn, "key">>,
  toWire: ToWireItem,
): Promise<EventReader> {
  if (run.state === "active") {
    const active = parts.runs.find(run.id);
    if (active !== undefined) return active.reader();
    if (await parts.runs.settle(run.thread_id)) return startTurn(parts, caller, request, toWire);
    throw new ChatError("thread_busy");
  }
  if (run.state === "completed" || item_id === undefined) {
    const journal = await parts.store.runs.read(caller.principal, run.id, 0);
    return eventsOf(...(journal?.entries ?? []).map(({ data }) => data).filter((data) => data !== ""));
  }
  const prepared = await prepareAnew(parts, caller, run.thread_id, item_id);
  const turn: Turn = { ...prepared.turn, key, replaces: run.id };
  const anew = await begin(parts, caller, request, { ...prepared, turn }, toWire);
  if (anew === undefined) throw new ChatError("thread_busy");
  return anew.reader();
}

/** What upstream sends before the answer; of an answer anew nothing but the options. */
function preambleOf(
  request: StreamingRequest,
  { thread, asked }: PreparedTurn,
  stream_options: StreamOptions,
  message: UserMessageItem | null,
): ThreadStreamEvent[] {
  const preamble: ThreadStreamEvent[] = [];
  if (request.type === "threads.create")
    preamble.push({ type: "thread.created", thread: toWireThread(thread) });
  if (request.type !== "threads.retry_after_item" && message !== null)
    preamble.push({ type: "thread.item.done", item: message });
  preamble.push({ type: "stream_options", stream_options });
  if (asked.kind === "continuation" && asked.item.type === "structured_input")
    preamble.push({ type: "thread.item.replaced", item: asked.item });
  return preamble;
}

/** Stores the turn and sets its run going; undefined if its key is taken. */
async function begin(
  parts: TurnParts,
  caller: Caller,
  request: StreamingRequest,
  prepared: PreparedTurn,
  toWire: ToWireItem,
): Promise<Run | undefined> {
  const { turn, thread, asked } = prepared;
  const draft = new ThreadDraft(thread);
  const options = (await parts.streamOptions?.(factsOf(caller, draft))) ?? { allow_cancel: true };
  const { onStopped } = parts;
  const begun = await parts.store.runs.begin(turn).catch(async (error: unknown) => {
    const isBusy = error instanceof ChatError && error.code === "thread_busy";
    if (isBusy && (await parts.runs.settle(turn.thread_id))) return parts.store.runs.begin(turn);
    throw error;
  });
  if (!begun) return undefined;
  const run = new Run({
    id: turn.run_id,
    draft,
    store: parts.store.runs,
    now: parts.now,
    onFailure: (error) => parts.onFailure(error, caller.requestId),
    onStopped: onStopped && (async (pending) => onStopped(factsOf(caller, draft), pending)),
  });
  parts.runs.track(run);
  const context = contextOf(parts, caller, prepared, run, toWire);
  // Once, since it signs the addresses of attachments. It is written down before the responder has it.
  const message = asked.kind === "message" ? (toWire(asked.message) as UserMessageItem) : null;
  void run.drive(preambleOf(request, prepared, options, message), answerOf(parts, context, asked, message));
  return run;
}

/** A responder is called by the run: one that throws before it yields fails the run, not the request. */
function answerOf(
  { respond, action }: TurnParts,
  context: TurnContext,
  asked: Asked,
  message: UserMessageItem | null,
): AsyncIterable<TurnEvent> {
  const events = () => {
    switch (asked.kind) {
      case "message":
        return respond(context, message);
      case "continuation":
        return respond(context, null);
      case "action":
        if (action === undefined) throw new ChatError("not_implemented");
        return action(context, asked.action, asked.sender);
    }
  };
  return { [Symbol.asyncIterator]: () => events()[Symbol.asyncIterator]() };
}

/** A request of the protocol that this server does not answer. */
export function notOffered(request: { readonly type: string }): ChatError {
  return new ChatError("not_implemented", { message: `This server does not offer ${request.type}.` });
}
