import type { TurnEvent } from "../respond.ts";

/** How the summaries of a model's reasoning are shown in a thread. */
export interface ReasoningView {
  /** A reasoning item begins; it may stay without any thought. */
  itemAdded(itemId: string): Iterable<TurnEvent>;
  /** A thought grows. `index` counts the thoughts of the item, from 0. */
  textDelta(itemId: string, index: number, delta: string): Iterable<TurnEvent>;
  /** A thought is complete; `text` is the whole of it, whatever its deltas were. */
  textDone(itemId: string, index: number, text: string): Iterable<TurnEvent>;
  /** A reasoning item ends. */
  itemDone(itemId: string): Iterable<TurnEvent>;
  /** An answer begins below. */
  messageAdded(): Iterable<TurnEvent>;
}
