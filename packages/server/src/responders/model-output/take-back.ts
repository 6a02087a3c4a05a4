import { isHiddenItem } from "@waybill/protocol";
import type { TurnEvent } from "../respond.ts";

/**
 * Passes on; if the answer fails and `when` says so, what was sent of it is removed before the failure goes on.
 * Undefined: nothing is ever removed, as for an answer that the person has stopped.
 */
export async function* takingBack<R>(
  events: AsyncGenerator<TurnEvent, R>,
  signal: AbortSignal,
  when: ((error: unknown) => boolean) | undefined,
): AsyncGenerator<TurnEvent, R> {
  const sent = new Set<string>();
  async function* remembered(): AsyncGenerator<TurnEvent, R> {
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      if (value.type === "thread.item.removed") sent.delete(value.item_id);
      else if (value.type === "thread.item.added" || value.type === "thread.item.done") {
        if (!isHiddenItem(value.item)) sent.add(value.item.id);
      }
      yield value;
    }
  }
  try {
    return yield* remembered();
  } catch (error) {
    if (!signal.aborted && when?.(error) === true)
      for (const item_id of sent) yield { type: "thread.item.removed", item_id };
    throw error;
  } finally {
    await events.return(undefined as R);
  }
}
