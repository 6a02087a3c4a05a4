import type { ThreadItem } from "@waybill/protocol";

/** Of the items that an answer leaves unfinished, the assistant messages that have any text. */
export function keepPartialMessages(pending: readonly ThreadItem[]): readonly ThreadItem[] {
  return pending.filter(
    (item) => item.type === "assistant_message" && item.content.some(({ text }) => text.trim() !== ""),
  );
}
