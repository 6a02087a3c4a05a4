import { ChatError, type FeedbackKind, type ItemsFeedbackRequest } from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type { Store } from "../ports/store.ts";
import type { Caller, HookContext } from "./caller.ts";

/** A person's judgement, as it is stored. */
export interface Feedback {
  readonly thread_id: string;
  readonly item_ids: readonly string[];
  readonly kind: FeedbackKind;
}

/** Told of feedback once it is stored. What it throws is logged, and the person is not bothered with it. */
export type OnFeedback = (context: HookContext, feedback: Feedback) => void | Promise<void>;

/** What feedback needs. */
export interface FeedbackParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly onFeedback: OnFeedback | undefined;
  readonly onFailure: (error: unknown, requestId: string) => void;
}

/**
 * `items.feedback`: stores it, and tells the hook, unless it is about nothing.
 *
 * @throws ChatError `not_found`, and nothing is stored, unless all of them are shown items of a thread of the caller.
 */
export async function addFeedback(
  parts: FeedbackParts,
  caller: Caller,
  params: ItemsFeedbackRequest["params"],
): Promise<Record<string, never>> {
  const { principal, requestId, signal } = caller;
  const { thread_id, item_ids, kind } = params;
  const { threads } = parts.store;
  authorize(principal, await threads.get(principal, thread_id), "conversation");
  const created_at = parts.now().toISOString();
  if (!(await threads.putFeedback(principal, thread_id, { item_ids, kind, created_at }))) {
    throw new ChatError("not_found", { message: "There is no such message in this conversation." });
  }
  if (item_ids.length > 0) {
    try {
      await parts.onFeedback?.({ principal, requestId, signal }, { thread_id, item_ids, kind });
    } catch (error) {
      parts.onFailure(error, requestId);
    }
  }
  return {};
}
