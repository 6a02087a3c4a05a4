import type {
  AssistantMessageItem,
  Attachment,
  Thread,
  ThreadItem,
  ThreadStreamEvent,
  UserMessageItem,
} from "@waybill/protocol";

const created_at = "2026-01-01T00:00:00Z";

/** An active thread with these items. */
export const threadOf = (
  id: string,
  items: readonly ThreadItem[] = [],
  more: Partial<Thread> = {},
): Thread => ({
  id,
  created_at,
  status: { type: "active" },
  metadata: {},
  items: { data: items, has_more: false },
  ...more,
});

/** A stored message of a person. */
export const said = (
  text: string,
  {
    id = "msg_user",
    attachments = [],
    ...more
  }: Partial<UserMessageItem> & { attachments?: readonly Attachment[] } = {},
): UserMessageItem => ({
  type: "user_message",
  id,
  thread_id: "thr_1",
  created_at,
  content: [{ type: "input_text", text }],
  attachments,
  inference_options: {},
  ...more,
});

/** A finished answer. */
export const answered = (text: string, id = "msg_answer"): AssistantMessageItem => ({
  type: "assistant_message",
  id,
  thread_id: "thr_1",
  created_at,
  content: [{ type: "output_text", text, annotations: [] }],
});

/** What a server sends before the first word of an answer in a new thread. */
export const accepted = (message: UserMessageItem, allowCancel = true): readonly ThreadStreamEvent[] => [
  { type: "thread.created", thread: threadOf("thr_1") },
  { type: "thread.item.done", item: message },
  { type: "stream_options", stream_options: { allow_cancel: allowCancel } },
];

/** An answer begins, without a word. */
export const begun = (id = "msg_answer"): readonly ThreadStreamEvent[] => [
  { type: "thread.item.added", item: { ...answered("", id), content: [] } },
  {
    type: "thread.item.updated",
    item_id: id,
    update: {
      type: "assistant_message.content_part.added",
      content_index: 0,
      content: { type: "output_text", text: "", annotations: [] },
    },
  },
];

/** More words of an answer. */
export const words = (delta: string, id = "msg_answer"): ThreadStreamEvent => ({
  type: "thread.item.updated",
  item_id: id,
  update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta },
});

/** An answer is complete. */
export const done = (text: string, id = "msg_answer"): ThreadStreamEvent => ({
  type: "thread.item.done",
  item: answered(text, id),
});
