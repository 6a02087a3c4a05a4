import type { UserMessageInput } from "./items.ts";
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

/** Requests that are answered by a stream of events. */
export type StreamingRequest =
  | ThreadsCreateRequest
  | ThreadsAddUserMessageRequest
  | ThreadsRetryAfterItemRequest;

/** Requests that are answered by one JSON value. */
export type NonStreamingRequest = ThreadsGetByIdRequest | ThreadsListRequest | ItemsListRequest;

/**
 * Every request this server answers on `POST /chatkit`.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ChatKitReq`.
 */
export type ChatKitRequest = StreamingRequest | NonStreamingRequest;

/** Whether a request is answered by a stream of events. */
export function isStreamingRequest(request: { readonly type: string }): request is StreamingRequest {
  return (
    request.type === "threads.create" ||
    request.type === "threads.add_user_message" ||
    request.type === "threads.retry_after_item"
  );
}
