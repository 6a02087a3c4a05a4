import {
  ChatError,
  type ClientToolCallItem,
  type CustomAction,
  createId,
  type StreamingRequest,
  type StructuredInputItem,
  type ThreadsAddStructuredInputRequest,
  type UserMessageInput,
  type WidgetItem,
} from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type {
  AttachmentRecord,
  Store,
  StoredItem,
  StoredUserMessage,
  ThreadRecord,
  Turn,
} from "../ports/store.ts";
import { invalid } from "./body.ts";
import type { Caller } from "./caller.ts";

/** What a turn answers. */
export type Asked =
  | { readonly kind: "message"; readonly message: StoredUserMessage }
  | { readonly kind: "continuation"; readonly item: ClientToolCallItem | StructuredInputItem }
  | { readonly kind: "action"; readonly action: CustomAction; readonly sender: WidgetItem | null };

/** A turn that may begin. */
export interface PreparedTurn {
  readonly turn: Turn;
  readonly thread: ThreadRecord;
  readonly asked: Asked;
  readonly attachments: readonly AttachmentRecord[];
}

/** What the checks need. */
export interface PrepareParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly maxAttachments: number;
}

/**
 * Checks everything about a request that can fail; nothing is stored.
 *
 * @throws ChatError `invalid_request`, `not_found`, `attachment_not_ready`, `wrong_item_type`,
 * `no_pending_tool_call`, `not_pending`, `thread_locked`, `thread_closed`
 */
export async function prepareTurn(
  parts: PrepareParts,
  caller: Caller,
  request: StreamingRequest,
): Promise<PreparedTurn> {
  switch (request.type) {
    case "threads.create":
      return prepareNew(parts, caller, request.params.input);
    case "threads.add_user_message":
      return prepareNext(parts, caller, request.params.thread_id, request.params.input);
    case "threads.retry_after_item":
      return prepareRetry(parts, caller, request.params.thread_id, request.params.item_id);
    case "threads.add_client_tool_output":
      return prepareToolOutput(parts, caller, request.params);
    case "threads.add_structured_input":
      return prepareAnswers(parts, caller, request.params);
    case "threads.custom_action": {
      const { thread, sender } = await findSender(parts.store, caller, request.params);
      const { action } = request.params;
      return {
        thread,
        asked: { kind: "action", action, sender },
        attachments: [],
        turn: turnOf(parts, caller, thread),
      };
    }
  }
}

/** The turn that answers again what `itemId` asked or completed. */
export async function prepareAnew(
  parts: PrepareParts,
  caller: Caller,
  threadId: string,
  itemId: string,
): Promise<PreparedTurn> {
  const item = await parts.store.threads.getItem(caller.principal, threadId, itemId);
  if (item === null || item.type === "user_message") return prepareRetry(parts, caller, threadId, itemId);
  if (item.type !== "client_tool_call" && item.type !== "structured_input")
    throw new ChatError("wrong_item_type");
  const thread = await ownThread(parts.store, caller, threadId);
  refuseWrongStatus(thread);
  const turn = { ...turnOf(parts, caller, thread), truncate_after: item.id };
  return { thread, asked: { kind: "continuation", item }, attachments: [], turn };
}

/**
 * The thread of an action, and the widget that sends it; null for none.
 *
 * @throws ChatError `not_found`, `wrong_item_type`
 */
export async function findSender(
  store: Store,
  caller: Caller,
  { thread_id, item_id = "" }: { readonly thread_id: string; readonly item_id?: string },
): Promise<{ readonly thread: ThreadRecord; readonly sender: WidgetItem | null }> {
  const thread = await ownThread(store, caller, thread_id);
  if (item_id === "") return { thread, sender: null };
  const sender = await ownItem(store, caller, thread_id, item_id);
  if (sender.type === "widget") return { thread, sender };
  throw new ChatError("wrong_item_type", { message: "Only a widget can send an action." });
}

async function prepareNew(
  parts: PrepareParts,
  caller: Caller,
  input: UserMessageInput,
): Promise<PreparedTurn> {
  checkAttachmentIds(parts, input.attachments);
  const thread: ThreadRecord = {
    id: createId("thread"),
    owner: caller.principal,
    created_at: parts.now().toISOString(),
    status: { type: "active" },
    metadata: {},
  };
  return withMessage(parts, caller, thread, input, { new_thread: thread });
}

async function prepareNext(
  parts: PrepareParts,
  caller: Caller,
  threadId: string,
  input: UserMessageInput,
): Promise<PreparedTurn> {
  checkAttachmentIds(parts, input.attachments);
  return withMessage(parts, caller, await ownThread(parts.store, caller, threadId), input, {});
}

async function prepareRetry(
  parts: PrepareParts,
  caller: Caller,
  threadId: string,
  itemId: string,
): Promise<PreparedTurn> {
  const thread = await ownThread(parts.store, caller, threadId);
  const message = await ownItem(parts.store, caller, threadId, itemId);
  if (message.type !== "user_message") {
    throw new ChatError("wrong_item_type", { message: "Only a person's message can be answered again." });
  }
  const attachments = await ownAttachments(
    parts,
    caller,
    message.attachments.map(({ id }) => id),
  );
  refuseWrongStatus(thread);
  refuseUnready(attachments);
  const turn = { ...turnOf(parts, caller, thread), truncate_after: message.id };
  return { thread, asked: { kind: "message", message }, attachments, turn };
}

async function prepareToolOutput(
  parts: PrepareParts,
  caller: Caller,
  { thread_id, result }: { readonly thread_id: string; readonly result: ClientToolCallItem["output"] },
): Promise<PreparedTurn> {
  const thread = await ownThread(parts.store, caller, thread_id);
  const newest = await parts.store.threads.listItems(caller.principal, thread_id, {
    limit: 1,
    order: "desc",
    hidden: true,
  });
  const [call] = newest.data;
  if (call?.type !== "client_tool_call" || call.status !== "pending")
    throw new ChatError("no_pending_tool_call");
  // Upstream leaves a null out, and so says "completed, without output".
  const item: ClientToolCallItem = {
    ...call,
    status: "completed",
    ...(result === undefined || result === null ? {} : { output: result }),
  };
  return continuation(parts, caller, thread, item);
}

async function prepareAnswers(
  parts: PrepareParts,
  caller: Caller,
  { thread_id, item_id, input }: ThreadsAddStructuredInputRequest["params"],
): Promise<PreparedTurn> {
  const thread = await ownThread(parts.store, caller, thread_id);
  const asked = await ownItem(parts.store, caller, thread_id, item_id);
  if (asked.type !== "structured_input") {
    throw new ChatError("wrong_item_type", { message: "Only questions can be answered." });
  }
  if (asked.status !== "pending") throw new ChatError("not_pending");
  const inputs = asked.inputs.map((question) => {
    const given = Object.hasOwn(input.answers, question.id) ? input.answers[question.id] : undefined;
    const values = given === undefined || given.skipped || input.status === "skipped" ? [] : given.values;
    const one = question.type === "multiple_choice" && !question.multiple;
    return {
      ...question,
      answer: { values: one ? values.slice(0, 1) : values, skipped: values.length === 0 },
    };
  });
  return continuation(parts, caller, thread, { ...asked, status: input.status, inputs });
}

function continuation(
  parts: PrepareParts,
  caller: Caller,
  thread: ThreadRecord,
  item: ClientToolCallItem | StructuredInputItem,
): PreparedTurn {
  refuseWrongStatus(thread);
  const turn = { ...turnOf(parts, caller, thread), completes: item };
  return { thread, asked: { kind: "continuation", item }, attachments: [], turn };
}

async function withMessage(
  parts: PrepareParts,
  caller: Caller,
  thread: ThreadRecord,
  input: UserMessageInput,
  begin: Pick<Turn, "new_thread">,
): Promise<PreparedTurn> {
  const attachments = await ownAttachments(parts, caller, input.attachments);
  refuseWrongStatus(thread);
  refuseUnready(attachments);
  const turn = turnOf(parts, caller, thread);
  const message: StoredUserMessage = {
    id: createId("message"),
    thread_id: thread.id,
    created_at: turn.started_at,
    type: "user_message",
    content: input.content,
    attachments: attachments.map(({ id, name, mime_type, type }) => ({ id, name, mime_type, type })),
    ...(input.quoted_text === undefined ? {} : { quoted_text: input.quoted_text }),
    inference_options: input.inference_options,
  };
  return { thread, asked: { kind: "message", message }, attachments, turn: { ...turn, message, ...begin } };
}

function turnOf(parts: PrepareParts, caller: Caller, thread: ThreadRecord): Turn {
  return {
    run_id: createId("run"),
    thread_id: thread.id,
    owner: caller.principal,
    started_at: parts.now().toISOString(),
  };
}

async function ownThread(store: Store, caller: Caller, threadId: string): Promise<ThreadRecord> {
  return authorize(caller.principal, await store.threads.get(caller.principal, threadId), "conversation");
}

async function ownItem(store: Store, caller: Caller, threadId: string, itemId: string): Promise<StoredItem> {
  const item = await store.threads.getItem(caller.principal, threadId, itemId);
  if (item !== null) return item;
  throw new ChatError("not_found", { message: "There is no such message in this conversation." });
}

function checkAttachmentIds(parts: PrepareParts, ids: readonly string[]): void {
  if (ids.length > parts.maxAttachments) {
    throw invalid(
      "params.input.attachments",
      `A message takes at most ${parts.maxAttachments} attachments; this one has ${ids.length}.`,
    );
  }
}

function ownAttachments(
  parts: PrepareParts,
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

// What is the caller's own may still be in a state that takes no turn: asked last.

function refuseWrongStatus({ status }: ThreadRecord): void {
  if (status.type === "active") return;
  const code = status.type === "locked" ? "thread_locked" : "thread_closed";
  throw new ChatError(code, status.reason === undefined ? {} : { message: status.reason });
}

function refuseUnready(attachments: readonly AttachmentRecord[]): void {
  for (const { id, state } of attachments) {
    if (state !== "ready" && state !== "linked")
      throw new ChatError("attachment_not_ready", { details: { id, state } });
  }
}
