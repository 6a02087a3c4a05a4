import { type AssistantMessageItem, createId, type ThreadItem } from "@waybill/protocol";
import type { TurnEvent } from "../responders/respond.ts";

/**
 * What an answer has streamed of items that are not done yet. Assistant messages alone
 * are worth keeping when an answer ends early: their text is what a person has read.
 */
export class PartialItems {
  readonly #pending = new Map<string, { item: AssistantMessageItem; texts: string[] }>();

  /** Takes note of one event. */
  apply(event: TurnEvent): void {
    switch (event.type) {
      case "thread.item.added":
        if (event.item.type === "assistant_message") {
          this.#pending.set(event.item.id, {
            item: event.item,
            texts: event.item.content.map((part) => part.text),
          });
        }
        break;
      case "thread.item.updated": {
        const pending = this.#pending.get(event.item_id);
        if (pending === undefined) break;
        const { update } = event;
        if (update.type === "assistant_message.content_part.text_delta") {
          pending.texts[update.content_index] = (pending.texts[update.content_index] ?? "") + update.delta;
        } else if (
          update.type === "assistant_message.content_part.added" ||
          update.type === "assistant_message.content_part.done"
        ) {
          pending.texts[update.content_index] = update.content.text;
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

  /** Assistant messages with the text so far, in the order of their beginning; those without text are left out. */
  messages(): AssistantMessageItem[] {
    const messages: AssistantMessageItem[] = [];
    for (const { item, texts } of this.#pending.values()) {
      const content = texts.map((text) => ({
        annotations: [],
        text: text ?? "",
        type: "output_text" as const,
      }));
      if (content.some((part) => part.text !== "")) messages.push({ ...item, content });
    }
    return messages;
  }
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
