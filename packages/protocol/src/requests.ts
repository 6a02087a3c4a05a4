import type { Json, StructuredInputAnswer, UserMessageInput } from "./items.ts";
import type { PageQuery } from "./page.ts";

interface Envelope<Type extends string, Params> {
  readonly type: Type;
  readonly params: Params;
  readonly metadata?: { readonly [key: string]: unknown };
}

/** Opens a thread with a message. Answer: stream. */
export type ThreadsCreateRequest = Envelope<"threads.create", { readonly input: UserMessageInput }>;
/** Adds a message to a thread. Answer: stream. */
export type ThreadsAddUserMessageRequest = Envelope<
  "threads.add_user_message",
  { readonly thread_id: string; readonly input: UserMessageInput }
>;
/** Answers a stored message anew; what came after it is deleted. Answer: stream. */
export type ThreadsRetryAfterItemRequest = Envelope<
  "threads.retry_after_item",
  { readonly thread_id: string; readonly item_id: string }
>;
/** A thread with its oldest items. Answer: `Thread`. */
export type ThreadsGetByIdRequest = Envelope<"threads.get_by_id", { readonly thread_id: string }>;
/** The caller's threads. Answer: `Page<Thread>`, each with an empty page of items. */
export type ThreadsListRequest = Envelope<"threads.list", PageQuery>;
/** The items of a thread. Answer: `Page<ThreadItem>`. */
export type ItemsListRequest = Envelope<"items.list", PageQuery & { readonly thread_id: string }>;

/** The result of the pending client tool call, the newest item of the thread. Answer: stream. */
export type ThreadsAddClientToolOutputRequest = Envelope<
  "threads.add_client_tool_output",
  { readonly thread_id: string; readonly result: Json }
>;
/** A person's answers to a structured input. Answer: stream. */
export type ThreadsAddStructuredInputRequest = Envelope<
  "threads.add_structured_input",
  {
    readonly thread_id: string;
    readonly item_id: string;
    readonly input: {
      readonly status: "answered" | "skipped";
      readonly answers: { readonly [id: string]: StructuredInputAnswer };
    };
  }
>;
/** What a widget or the page asks the server to do. */
export interface CustomAction {
  readonly type: string;
  readonly payload?: Json;
}
interface ActionParams {
  readonly thread_id: string;
  /** The widget that sends it; absent or "": none. */
  readonly item_id?: string;
  readonly action: CustomAction;
}
/** An action that is answered by events. Answer: stream. */
export type ThreadsCustomActionRequest = Envelope<"threads.custom_action", ActionParams>;
/** An action that is answered at once. Answer: `{ updated_item? }`. */
export type ThreadsSyncCustomActionRequest = Envelope<"threads.sync_custom_action", ActionParams>;
/** Renames a thread. Answer: `Thread`. */
export type ThreadsUpdateRequest = Envelope<
  "threads.update",
  { readonly thread_id: string; readonly title: string }
>;
/** Deletes a thread with everything in it. Answer: `{}`. */
export type ThreadsDeleteRequest = Envelope<"threads.delete", { readonly thread_id: string }>;
/** What a person thinks of items. */
export type FeedbackKind = "positive" | "negative";
/** A person's judgement of items. Answer: `{}`. */
export type ItemsFeedbackRequest = Envelope<
  "items.feedback",
  { readonly thread_id: string; readonly item_ids: readonly string[]; readonly kind: FeedbackKind }
>;
/** Reserves an attachment; its bytes follow. Answer: `Attachment` with `upload_descriptor`. */
export type AttachmentsCreateRequest = Envelope<
  "attachments.create",
  { readonly name: string; readonly size: number; readonly mime_type: string }
>;
/** Deletes an attachment that no message names. Answer: `{}`. */
export type AttachmentsDeleteRequest = Envelope<"attachments.delete", { readonly attachment_id: string }>;
/** Speech to text. Answer: `{ text }`. */
export type InputTranscribeRequest = Envelope<
  "input.transcribe",
  { readonly audio_base64: string; readonly mime_type: string }
>;

/** Requests that are answered by a stream of events. */
export type StreamingRequest =
  | ThreadsCreateRequest
  | ThreadsAddUserMessageRequest
  | ThreadsAddClientToolOutputRequest
  | ThreadsAddStructuredInputRequest
  | ThreadsRetryAfterItemRequest
  | ThreadsCustomActionRequest;

/** Requests that are answered by one JSON value. */
export type NonStreamingRequest =
  | ThreadsGetByIdRequest
  | ThreadsListRequest
  | ThreadsUpdateRequest
  | ThreadsDeleteRequest
  | ThreadsSyncCustomActionRequest
  | ItemsListRequest
  | ItemsFeedbackRequest
  | AttachmentsCreateRequest
  | AttachmentsDeleteRequest
  | InputTranscribeRequest;

/**
 * Every request of the protocol, as `POST /chatkit` takes it.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ChatKitReq`.
 */
export type ChatKitRequest = StreamingRequest | NonStreamingRequest;

const STREAMING: ReadonlySet<string> = new Set<StreamingRequest["type"]>([
  "threads.create",
  "threads.add_user_message",
  "threads.add_client_tool_output",
  "threads.add_structured_input",
  "threads.retry_after_item",
  "threads.custom_action",
]);

/** Whether a request is answered by a stream of events. */
export function isStreamingRequest(request: { readonly type: string }): request is StreamingRequest {
  return STREAMING.has(request.type);
}
