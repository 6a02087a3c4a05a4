import type {
  AssistantMessageItem,
  ClientToolCallItem,
  HiddenContextItem,
  StructuredInputItem,
} from "@waybill/protocol";
import type { Principal } from "../principal.ts";
import type {
  AttachmentRecord,
  ItemPageRequest,
  Store,
  StoredUserMessage,
  ThreadRecord,
  Turn,
} from "../store.ts";

const TIME = "2026-01-02T03:04:05.678Z";

/** Whose data the suites store. */
export const ann: Principal = { tenant: "acme", user: "ann" };

/** Everybody who must see nothing of it: another user, another tenant, both swapped. */
export const strangers: readonly Principal[] = [
  { tenant: "acme", user: "bob" },
  { tenant: "globex", user: "ann" },
  { tenant: "ann", user: "acme" },
];

/** A thread of Ann's with every field set. */
export function thread(id: string, change: Partial<ThreadRecord> = {}): ThreadRecord {
  return {
    id,
    owner: ann,
    created_at: TIME,
    title: "Grüße 👋",
    status: { type: "locked", reason: "audit" },
    allowed_image_domains: ["img.example"],
    metadata: { nested: [1, null, { deep: true }] },
    ...change,
  };
}

/** A message of Ann's that names these attachments. */
export function message(
  threadId: string,
  id: string,
  attachmentIds: readonly string[] = [],
): StoredUserMessage {
  return {
    type: "user_message",
    id,
    thread_id: threadId,
    created_at: TIME,
    content: [{ type: "input_text", text: "what is this a picture of?\n\u0000\u2028" }],
    attachments: attachmentIds.map((attachmentId) => ({
      id: attachmentId,
      name: "test.png",
      mime_type: "image/png",
      type: "image",
    })),
    inference_options: {},
  };
}

/** An answer with this text. */
export function answer(threadId: string, id: string, text = id): AssistantMessageItem {
  return {
    type: "assistant_message",
    id,
    thread_id: threadId,
    created_at: TIME,
    content: [{ type: "output_text", text, annotations: [] }],
  };
}

/** A tool call that waits for the page. */
export function toolCall(threadId: string, id: string): ClientToolCallItem {
  const base = { id, thread_id: threadId, created_at: TIME };
  return {
    ...base,
    type: "client_tool_call",
    status: "pending",
    call_id: "call",
    name: "locate",
    arguments: {},
  };
}

/** Questions that wait for the person. */
export function questions(threadId: string, id: string): StructuredInputItem {
  const inputs = [{ type: "freeform", id: "note", question: "Anything else?" }] as const;
  return { id, thread_id: threadId, created_at: TIME, type: "structured_input", status: "pending", inputs };
}

/** What was pending, completed. */
export function completed(item: ClientToolCallItem | StructuredInputItem): NonNullable<Turn["completes"]> {
  return item.type === "client_tool_call"
    ? { ...item, status: "completed", output: { n: null } }
    : { ...item, status: "answered" };
}

/** Context for the model alone. */
export function hidden(threadId: string, id: string): HiddenContextItem {
  return { type: "sdk_hidden_context", id, thread_id: threadId, created_at: TIME, content: { note: id } };
}

/** A ready picture of Ann's. */
export function attachment(id: string, change: Partial<AttachmentRecord> = {}): AttachmentRecord {
  return {
    id,
    owner: ann,
    name: "test.png",
    mime_type: "image/png",
    type: "image",
    state: "ready",
    epoch: 3,
    size_bytes: 5_000_000_000,
    sha256: "ab".repeat(32),
    width: 640,
    height: 480,
    storage_key: `t/acme/o/${id}/orig`,
    created_at: TIME,
    touched_at: TIME,
    ...change,
  };
}

/** A turn of Ann's in an existing thread. */
export function turn(threadId: string, runId: string, change: Partial<Turn> = {}): Turn {
  return { run_id: runId, thread_id: threadId, owner: ann, started_at: TIME, ...change };
}

/** Begins a thread, and with it a run that stays active. */
export async function beginThread(store: Store, threadId: string, runId: string): Promise<void> {
  await store.runs.begin(turn(threadId, runId, { new_thread: thread(threadId) }));
}

/** The first items of a thread, hidden ones too. */
export const allItems: ItemPageRequest = { limit: 1000, order: "asc", hidden: true };

/** Ids of Ann's items in a thread, in order, hidden ones too. */
export async function itemIds(store: Store, threadId: string): Promise<string[]> {
  const page = await store.threads.listItems(ann, threadId, allItems);
  return page.data.map((item) => item.id);
}
