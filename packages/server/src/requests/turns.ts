import { createHash } from "node:crypto";
import {
  ChatError,
  createId,
  type StreamingRequest,
  type ThreadStreamEvent,
  type UserMessageInput,
  type UserMessageItem,
} from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type { FileStore } from "../ports/file-store.ts";
import type {
  AttachmentRecord,
  KeyedRun,
  Store,
  StoredUserMessage,
  ThreadRecord,
  Turn,
  TurnKey,
} from "../ports/store.ts";
import type { Respond, TurnAttachment, TurnContext } from "../responders/respond.ts";
import { streamText } from "../responders/stream-text.ts";
import { type EventReader, eventsOf } from "../runs/event-stream.ts";
import { Run } from "../runs/run.ts";
import type { Runs } from "../runs/runs.ts";
import type { ToWireItem } from "../runs/stored-items.ts";
import { invalid } from "./body.ts";
import type { Caller } from "./caller.ts";
import { toWireThread } from "./threads.ts";

const HISTORY_ITEMS = 100;
const MAX_KEY_CHARS = 256;

/** What turns need. */
export interface TurnParts {
  readonly store: Store;
  readonly files: FileStore;
  readonly respond: Respond;
  readonly runs: Runs;
  readonly now: () => Date;
  readonly maxAttachments: number;
  readonly onFailure: (error: unknown, requestId: string) => void;
}

interface Prepared {
  readonly turn: Turn;
  readonly thread: ThreadRecord;
  readonly message: StoredUserMessage;
  readonly attachments: readonly AttachmentRecord[];
}

/**
 * Checks everything that can fail, stores the turn in one transaction, and starts its run; the
 * answer is a reader of its events. A turn that is sent again with its key is recognised: its
 * run is joined or told again, or, where that run did not come to its end, the stored message
 * is answered anew. Nothing is carried out twice.
 *
 * @throws ChatError, and nothing is stored: `invalid_request`, `not_found`,
 * `attachment_not_ready`, `wrong_item_type`, `thread_locked`, `thread_closed`, `thread_busy`.
 */
export async function startTurn(
  parts: TurnParts,
  caller: Caller,
  request: StreamingRequest,
  toWire: ToWireItem,
): Promise<EventReader> {
  const key = keyOf(caller, request);
  const earlier = key === undefined ? null : await parts.store.runs.findByKey(caller.principal, key.key);
  if (key !== undefined && earlier !== null) return repeatTurn(parts, caller, request, key, earlier, toWire);
  const prepared = await prepare(parts, caller, request);
  const turn: Turn = key === undefined ? prepared.turn : { ...prepared.turn, key };
  const run = await begin(
    parts,
    caller,
    { ...prepared, turn },
    toWire,
    preambleOf(request, prepared, toWire),
  );
  // The same turn was sent twice at once, and the other one came first.
  return run?.reader() ?? startTurn(parts, caller, request, toWire);
}

function keyOf(caller: Caller, request: StreamingRequest): TurnKey | undefined {
  const { idempotencyKey } = caller;
  if (idempotencyKey === undefined) return undefined;
  if (idempotencyKey.length > MAX_KEY_CHARS) {
    throw new ChatError("invalid_request", {
      message: `The Idempotency-Key is longer than ${MAX_KEY_CHARS} characters.`,
      details: { header: "Idempotency-Key" },
    });
  }
  const fingerprint = createHash("sha256").update(JSON.stringify(request)).digest("base64url");
  return { key: idempotencyKey, fingerprint };
}

async function repeatTurn(
  parts: TurnParts,
  caller: Caller,
  request: StreamingRequest,
  key: TurnKey,
  earlier: KeyedRun,
  toWire: ToWireItem,
): Promise<EventReader> {
  const { run, fingerprint, message_id } = earlier;
  if (fingerprint !== key.fingerprint) {
    throw new ChatError("invalid_request", {
      message: "The Idempotency-Key belongs to another request. Use a new one for each turn.",
      details: { header: "Idempotency-Key" },
    });
  }
  if (run.state === "active") {
    const active = parts.runs.find(run.id);
    if (active === undefined) throw new ChatError("thread_busy");
    return active.reader();
  }
  if (run.state === "completed" || message_id === undefined) {
    const journal = await parts.store.runs.read(caller.principal, run.id, 0);
    return eventsOf(...(journal?.entries ?? []).map(({ data }) => data).filter((data) => data !== ""));
  }
  const prepared = await prepareRetry(parts, caller, run.thread_id, message_id);
  const turn: Turn = { ...prepared.turn, key, replaces: run.id };
  const anew = await begin(
    parts,
    caller,
    { ...prepared, turn },
    toWire,
    preambleOf(request, prepared, toWire),
  );
  if (anew === undefined) throw new ChatError("thread_busy");
  return anew.reader();
}

/** What upstream sends before the answer; of an answer anew nothing but the options. */
function preambleOf(
  request: StreamingRequest,
  { thread, message }: Prepared,
  toWire: ToWireItem,
): ThreadStreamEvent[] {
  const preamble: ThreadStreamEvent[] = [];
  if (request.type === "threads.create")
    preamble.push({ type: "thread.created", thread: toWireThread(thread) });
  if (request.type !== "threads.retry_after_item")
    preamble.push({ type: "thread.item.done", item: toWire(message) });
  preamble.push({ type: "stream_options", stream_options: { allow_cancel: true } });
  return preamble;
}

/** Stores the turn and sets its run going; undefined if its key is taken. */
async function begin(
  parts: TurnParts,
  caller: Caller,
  prepared: Prepared,
  toWire: ToWireItem,
  preamble: readonly ThreadStreamEvent[],
): Promise<Run | undefined> {
  const { turn, thread } = prepared;
  if (!(await parts.store.runs.begin(turn))) return undefined;
  const run = new Run({
    id: turn.run_id,
    thread,
    store: parts.store.runs,
    now: parts.now,
    onFailure: (error) => parts.onFailure(error, caller.requestId),
  });
  parts.runs.track(run);
  const message = toWire(prepared.message) as UserMessageItem;
  const context = contextOf(parts, caller, prepared, run, toWire);
  void run.drive(preamble, answerOf(parts.respond, context, message));
  return run;
}

/** A responder that throws before it yields fails the run, not the request. */
async function* answerOf(respond: Respond, context: TurnContext, message: UserMessageItem) {
  yield* respond(context, message);
}

/** A request of the protocol that this version does not answer. */
export function notOffered(request: { readonly type: string }): ChatError {
  return new ChatError("not_implemented", { message: `This server does not offer ${request.type}.` });
}

async function prepare(parts: TurnParts, caller: Caller, request: StreamingRequest): Promise<Prepared> {
  switch (request.type) {
    case "threads.create":
      return prepareNew(parts, caller, request.params.input);
    case "threads.add_user_message":
      return prepareNext(parts, caller, request.params.thread_id, request.params.input);
    case "threads.retry_after_item":
      return prepareRetry(parts, caller, request.params.thread_id, request.params.item_id);
    default:
      throw notOffered(request);
  }
}

async function prepareNew(parts: TurnParts, caller: Caller, input: UserMessageInput): Promise<Prepared> {
  checkAttachmentIds(parts, input.attachments);
  const started_at = parts.now().toISOString();
  const thread: ThreadRecord = {
    id: createId("thread"),
    owner: caller.principal,
    created_at: started_at,
    status: { type: "active" },
    metadata: {},
  };
  return withMessage(parts, caller, thread, input, started_at, { new_thread: thread });
}

async function prepareNext(
  parts: TurnParts,
  caller: Caller,
  threadId: string,
  input: UserMessageInput,
): Promise<Prepared> {
  checkAttachmentIds(parts, input.attachments);
  const thread = await ownThread(parts, caller, threadId);
  return withMessage(parts, caller, thread, input, parts.now().toISOString(), {});
}

async function prepareRetry(
  parts: TurnParts,
  caller: Caller,
  threadId: string,
  itemId: string,
): Promise<Prepared> {
  const thread = await ownThread(parts, caller, threadId);
  const message = await parts.store.threads.getItem(caller.principal, threadId, itemId);
  if (message === null)
    throw new ChatError("not_found", { message: "There is no such message in this conversation." });
  if (message.type !== "user_message") {
    throw new ChatError("wrong_item_type", { message: "Only a person's message can be answered again." });
  }
  const attachments = await ownAttachments(
    parts,
    caller,
    message.attachments.map(({ id }) => id),
  );
  refuseWrongState(thread, attachments);
  return {
    thread,
    message,
    attachments,
    turn: {
      run_id: createId("run"),
      thread_id: thread.id,
      owner: caller.principal,
      started_at: parts.now().toISOString(),
      truncate_after: message.id,
    },
  };
}

async function withMessage(
  parts: TurnParts,
  caller: Caller,
  thread: ThreadRecord,
  input: UserMessageInput,
  started_at: string,
  begin: Pick<Turn, "new_thread">,
): Promise<Prepared> {
  const attachments = await ownAttachments(parts, caller, input.attachments);
  refuseWrongState(thread, attachments);
  const message: StoredUserMessage = {
    id: createId("message"),
    thread_id: thread.id,
    created_at: started_at,
    type: "user_message",
    content: input.content,
    attachments: attachments.map(({ id, name, mime_type, type }) => ({ id, name, mime_type, type })),
    ...(input.quoted_text === undefined ? {} : { quoted_text: input.quoted_text }),
    inference_options: input.inference_options,
  };
  const turn = {
    run_id: createId("run"),
    thread_id: thread.id,
    owner: caller.principal,
    started_at,
    message,
    ...begin,
  };
  return { turn, thread, message, attachments };
}

async function ownThread(parts: TurnParts, caller: Caller, threadId: string): Promise<ThreadRecord> {
  const record = await parts.store.threads.get(caller.principal, threadId);
  return authorize(caller.principal, record, "conversation");
}

function checkAttachmentIds(parts: TurnParts, ids: readonly string[]): void {
  if (ids.length > parts.maxAttachments) {
    throw invalid(
      "params.input.attachments",
      `A message takes at most ${parts.maxAttachments} attachments; this one has ${ids.length}.`,
    );
  }
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (repeated !== -1) {
    throw invalid(`params.input.attachments[${repeated}]`, "The message names this attachment twice.");
  }
}

function ownAttachments(
  parts: TurnParts,
  caller: Caller,
  ids: readonly string[],
): Promise<readonly AttachmentRecord[]> {
  return Promise.all(
    ids.map(async (id) => {
      const record = await parts.store.attachments.get(caller.principal, id);
      return authorize(caller.principal, record, `attachment as ${JSON.stringify(id)}`);
    }),
  );
}

/** What is the caller's own may still be in a state that takes no turn: asked last. */
function refuseWrongState(thread: ThreadRecord, attachments: readonly AttachmentRecord[]): void {
  if (thread.status.type !== "active") {
    const { type, reason } = thread.status;
    const code = type === "locked" ? "thread_locked" : "thread_closed";
    throw new ChatError(code, reason === undefined ? {} : { message: reason });
  }
  for (const record of attachments) {
    if (isReadable(record)) continue;
    throw new ChatError("attachment_not_ready", { details: { id: record.id, state: record.state } });
  }
}

const isReadable = ({ state }: AttachmentRecord): boolean => state === "ready" || state === "linked";

function contextOf(
  parts: TurnParts,
  caller: Caller,
  { thread, attachments }: Prepared,
  run: Run,
  toWire: ToWireItem,
): TurnContext {
  const { id, title, status, metadata } = thread;
  return {
    thread: {
      id,
      ...(title === undefined ? {} : { title }),
      status,
      metadata,
      streamText: (source) => streamText(id, parts.now().toISOString(), source),
      history: async (limit = HISTORY_ITEMS) => {
        const page = await parts.store.threads.listItems(caller.principal, id, {
          limit,
          order: "desc",
          hidden: true,
        });
        return page.data.map(toWire).reverse();
      },
      firstTitle: async (given) => {
        const now = await parts.store.threads.get(caller.principal, id);
        if (now === null || now.title !== undefined) return null;
        return { type: "thread.updated", thread: toWireThread({ ...now, title: given }) };
      },
    },
    attachments: attachments.map((record) => turnAttachment(parts.files, record)),
    attachment: async (attachmentId) => {
      const record = await parts.store.attachments.get(caller.principal, attachmentId);
      return record !== null && isReadable(record) ? turnAttachment(parts.files, record) : null;
    },
    principal: caller.principal,
    signal: run.signal,
    requestId: caller.requestId,
  };
}

function turnAttachment(files: FileStore, record: AttachmentRecord): TurnAttachment {
  const { id, name, mime_type, type, size_bytes, sha256, width, height } = record;
  return {
    id,
    name,
    mime_type,
    type,
    size_bytes,
    sha256,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    stream: async () => {
      const file = await files.read(record.storage_key);
      if (file === null) throw new Error(`The file store has lost the bytes of attachment ${id}.`);
      return file.stream;
    },
  };
}
