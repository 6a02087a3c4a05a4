import { isHiddenItem } from "@waybill/protocol";
import type { TurnEvent } from "../respond.ts";

/** Passes on; if the answer fails and `when` says so, what was sent of it is removed before the failure goes on. */
export async function* takingBack<R>(
  events: AsyncGenerator<TurnEvent, R>,
  when: (error: unknown) => boolean,
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
    if (when(error)) for (const item_id of sent) yield { type: "thread.item.removed", item_id };
    throw error;
  } finally {
    await events.return(undefined as R);
  }
}
