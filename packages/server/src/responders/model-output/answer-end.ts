import type { ThreadItem } from "@waybill/protocol";
import type { TurnEvent } from "../respond.ts";
import { answerEmpty, answerIncomplete } from "./model-failure.ts";
import { type ModelCall, pageCall } from "./page-call.ts";

/** How a model has ended an answer. */
export interface AnswerEnd {
  readonly threadId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Whether anything of the answer stays in the thread. */
  readonly said: boolean;
  /** What the page is to carry out; undefined: nothing. */
  readonly call: ModelCall | undefined;
  /** Why the answer ended before it was complete; undefined: it is complete. */
  readonly early: string | undefined;
}

/** Whether a finished item answers anything: thoughts alone do not, nor does a message without a word. */
export function isAnswer(item: ThreadItem): boolean {
  if (item.type === "assistant_message") return item.content.some(({ text }) => text !== "");
  return item.type !== "workflow";
}

/**
 * The last events of an answer: the call, which is the page's to carry out, and for an answer that ended early
 * a notice that says so.
 *
 * @throws ChatError `upstream_failed` if nothing has been said, or nobody understands the call
 */
export function* answerEnd({ threadId, createdAt, said, call, early }: AnswerEnd): Generator<TurnEvent> {
  if (call !== undefined) yield pageCall(call, threadId, createdAt);
  const isEmpty = !said && call === undefined;
  if (early !== undefined) {
    const incomplete = answerIncomplete(early);
    if (isEmpty) throw incomplete;
    yield { type: "notice", level: "warning", message: incomplete.message };
  } else if (isEmpty) throw answerEmpty();
}
