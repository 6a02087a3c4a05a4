import type {
  AttachmentRecord,
  AttachmentState,
  StoredItem,
  StoredUserMessage,
  ThreadRecord,
  Turn,
} from "@waybill/server/ports";

const TIME = "2026-01-02T03:04:05.678Z";

/** Whose data the tests store. */
export const owner = { tenant: "acme", user: "ann" };

/** An active thread of the owner. */
export function threadOf(id: string): ThreadRecord {
  return { id, owner, created_at: TIME, status: { type: "active" }, metadata: {} };
}

/** A turn in an existing thread, with nothing but its run. */
export function turnOf(thread_id: string, run_id: string): Turn {
  return { run_id, thread_id, owner, started_at: TIME };
}

/** A turn that begins its thread. */
export function firstTurn(thread_id: string, run_id: string): Turn {
  return { ...turnOf(thread_id, run_id), new_thread: threadOf(thread_id) };
}

/** A message without text that names these attachments. */
export function messageOf(
  thread_id: string,
  id: string,
  attachmentIds: readonly string[],
): StoredUserMessage {
  return {
    type: "user_message",
    id,
    thread_id,
    created_at: TIME,
    content: [],
    attachments: attachmentIds.map((id) => ({ id, name: "p", mime_type: "image/png", type: "image" })),
    inference_options: {},
  };
}

/** A visible item that carries a number. */
export function widgetOf(thread_id: string, id: string, value: number): StoredItem {
  return { type: "widget", id, thread_id, created_at: TIME, widget: { value } };
}

/** Context for the model alone that carries a number. */
export function hiddenOf(thread_id: string, id: string, content: number): StoredItem {
  return { type: "hidden_context_item", id, thread_id, created_at: TIME, content };
}

/** An attachment of the owner in this state. */
export function attachmentOf(id: string, state: AttachmentState): AttachmentRecord {
  return {
    id,
    owner,
    name: "p",
    mime_type: "image/png",
    type: "image",
    state,
    epoch: 0,
    size_bytes: 1,
    sha256: "00".repeat(32),
    storage_key: `t/acme/o/${id}/orig`,
    created_at: TIME,
    touched_at: TIME,
  };
}
