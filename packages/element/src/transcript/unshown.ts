import { isHiddenItem, type ThreadItem } from "@waybill/protocol";
import type { Strings } from "../strings/en.ts";

const OFFERED: ReadonlySet<string> = new Set<ThreadItem["type"]>([
  "user_message",
  "assistant_message",
  "client_tool_call",
  "generated_image",
  "structured_input",
  "workflow",
  "task",
  "end_of_turn",
]);

/**
 * One sentence for an item that has no component, with what it says of itself: "This version
 * cannot show a widget. Two lights".
 */
export function describeUnshown(item: ThreadItem, strings: Strings): string {
  if (item.type !== "widget") return strings.cannotShow(strings.unknownItem(item.type));
  const sentence = strings.cannotShow(strings.aWidget);
  return item.copy_text === undefined ? sentence : `${sentence} ${item.copy_text}`;
}

/** Whether this version has a component for an item, or the item has nothing to show. */
export function isOffered(item: ThreadItem): boolean {
  return OFFERED.has(item.type) || isHiddenItem(item);
}
