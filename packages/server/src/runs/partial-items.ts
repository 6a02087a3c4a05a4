import {
  type AssistantMessageContent,
  type AssistantMessageItem,
  createId,
  type ThreadItem,
  type ThreadItemUpdate,
} from "@waybill/protocol";
import type { TurnEvent } from "../responders/respond.ts";

const EMPTY_PART: AssistantMessageContent = Object.freeze({ annotations: [], text: "", type: "output_text" });

/** What an answer has streamed of items that are not done yet. Widgets stay as they were added. */
export class PartialItems {
  readonly #pending = new Map<string, { item: ThreadItem; pieces: string[][] }>();

  /** Takes note of one event. */
  apply(event: TurnEvent): void {
    switch (event.type) {
      case "thread.item.added":
        this.#pending.set(event.item.id, { item: event.item, pieces: [] });
        break;
      case "thread.item.updated": {
        const pending = this.#pending.get(event.item_id);
        if (pending === undefined) break;
        // Text comes in many small pieces: they are joined when somebody asks.
        if (event.update.type === "assistant_message.content_part.text_delta") {
          const { content_index, delta } = event.update;
          pending.pieces[content_index] ??= [];
          pending.pieces[content_index].push(delta);
        } else {
          pending.item = updated(joined(pending), event.update);
          pending.pieces = [];
        }
        break;
      }
      case "thread.item.done":
      case "thread.item.replaced":
        this.#pending.delete(event.item.id);
        break;
      case "thread.item.removed":
        this.#pending.delete(event.item_id);
        break;
      default:
    }
  }

  /** The items as far as they have come, in the order of their beginning. */
  items(): ThreadItem[] {
    return [...this.#pending.values()].map(joined);
  }
}

function joined({ item, pieces }: { readonly item: ThreadItem; readonly pieces: readonly string[][] }) {
  if (item.type !== "assistant_message" || pieces.length === 0) return item;
  let message = item;
  for (const [index, some] of pieces.entries()) {
    if (some === undefined) continue;
    message = withPart(message, index, (part) => ({ ...part, text: part.text + some.join("") }));
  }
  return message;
}

/** Parts in front of one that begins out of turn are there, and empty. */
function withPart(
  item: AssistantMessageItem,
  index: number,
  change: (part: AssistantMessageContent) => AssistantMessageContent,
): AssistantMessageItem {
  const content = [...item.content];
  while (content.length <= index) content.push(EMPTY_PART);
  content[index] = change(content[index] ?? EMPTY_PART);
  return { ...item, content };
}

function updated(item: ThreadItem, update: ThreadItemUpdate): ThreadItem {
  if (item.type === "assistant_message") {
    switch (update.type) {
      case "assistant_message.content_part.added":
      case "assistant_message.content_part.done":
        return withPart(item, update.content_index, () => update.content);
      case "assistant_message.content_part.annotation_added":
        return withPart(item, update.content_index, (part) => ({
          ...part,
          annotations: part.annotations.toSpliced(update.annotation_index, 0, update.annotation),
        }));
      default:
        return item;
    }
  }
  if (item.type === "workflow") {
    const { tasks } = item.workflow;
    if (update.type === "workflow.task.added")
      return { ...item, workflow: { ...item.workflow, tasks: [...tasks, update.task] } };
    if (update.type === "workflow.task.updated" && update.task_index < tasks.length)
      return { ...item, workflow: { ...item.workflow, tasks: tasks.with(update.task_index, update.task) } };
  }
  if (item.type === "generated_image" && update.type === "generated_image.updated")
    return { ...item, image: update.image };
  return item;
}

/** The hidden note that tells a model later why an answer ends early. */
export function endingNote(
  threadId: string,
  createdAt: string,
  reason: "stopped" | "interrupted",
): ThreadItem {
  return {
    id: createId("hidden_context"),
    thread_id: threadId,
    created_at: createdAt,
    type: "sdk_hidden_context",
    content:
      reason === "stopped"
        ? "The user stopped this answer before it was complete."
        : "The server ended before this answer was complete.",
  };
}
