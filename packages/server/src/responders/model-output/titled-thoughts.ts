import type { TurnEvent } from "../respond.ts";
import { ReasoningItem } from "./reasoning-item.ts";
import type { ReasoningView } from "./reasoning-view.ts";

/**
 * Each reasoning item as a workflow of its own, whose thoughts grow in steps. A model that reasons
 * without a summary has nothing to show: its item begins with the first thought.
 */
export function titledThoughts(threadId: string, now: () => Date): ReasoningView {
  const items = new Map<string, ReasoningItem>();
  function* itemOf(id: string): Generator<TurnEvent, ReasoningItem> {
    const known = items.get(id);
    if (known !== undefined) return known;
    const item = new ReasoningItem(threadId, now());
    items.set(id, item);
    yield item.begin();
    return item;
  }
  return {
    itemAdded: () => [],
    *textDelta(id, index, delta) {
      yield* (yield* itemOf(id)).delta(index, delta);
    },
    *textDone(id, index, text) {
      yield* (yield* itemOf(id)).thoughtDone(index, text);
    },
    *itemDone(id) {
      const item = items.get(id);
      items.delete(id);
      if (item !== undefined) yield item.done(now());
    },
    messageAdded: () => [],
  };
}
