import { isHiddenItem, type Task, type ThreadItem } from "@waybill/protocol";
import type { Strings } from "../strings/en.ts";

function titleOf(task: Task): string | undefined {
  return task.title;
}

/** The words an item has of its own, shown where the item cannot be: titles, questions, names. */
function wordsOf(item: ThreadItem): readonly string[] {
  switch (item.type) {
    case "workflow": {
      const { summary, tasks } = item.workflow;
      const title = summary !== undefined && "title" in summary ? summary.title : undefined;
      return [title, ...tasks.map(titleOf)].filter((text) => text !== undefined);
    }
    case "task":
      return [titleOf(item.task)].filter((text) => text !== undefined);
    case "structured_input":
      return item.inputs.map((input) => input.question);
    case "client_tool_call":
      return [item.name];
    case "widget":
      return item.copy_text === undefined ? [] : [item.copy_text];
    default:
      return [];
  }
}

/**
 * One sentence for an item that has no component, with what it says of itself: "This version
 * cannot show questions: How many?".
 */
export function describeUnshown(item: ThreadItem, strings: Strings): string {
  const names: Readonly<Record<string, string>> = strings.itemNames;
  const name = Object.hasOwn(names, item.type) ? names[item.type] : undefined;
  const sentence = strings.cannotShow(name ?? strings.unknownItem(item.type));
  const words = wordsOf(item);
  return words.length === 0 ? sentence : `${sentence} ${words.join(" · ")}`;
}

/** Whether this version has a component for an item, or the item has nothing to show. */
export function isOffered(item: ThreadItem): boolean {
  return (
    item.type === "user_message" ||
    item.type === "assistant_message" ||
    item.type === "end_of_turn" ||
    isHiddenItem(item)
  );
}
