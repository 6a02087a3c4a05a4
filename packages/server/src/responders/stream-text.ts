import { type Annotation, type AssistantMessageItem, createId } from "@waybill/protocol";
import type { TextSource, TurnEvent } from "./respond.ts";

/** The events of one assistant message, as the official server orders them: one delta a piece. `createdAt` is ISO 8601. */
export async function* streamText(
  threadId: string,
  createdAt: string,
  source: TextSource,
): AsyncGenerator<TurnEvent, AssistantMessageItem> {
  const base = {
    id: createId("message"),
    thread_id: threadId,
    created_at: createdAt,
    type: "assistant_message" as const,
  };
  const pieces: string[] = [];
  const annotations: Annotation[] = [];
  const part = () => ({ annotations: [...annotations], text: pieces.join(""), type: "output_text" as const });
  const update = (type: "added" | "done"): TurnEvent => ({
    type: "thread.item.updated",
    item_id: base.id,
    update: { type: `assistant_message.content_part.${type}`, content_index: 0, content: part() },
  });
  yield { type: "thread.item.added", item: { ...base, content: [] } };
  yield update("added");
  for await (const piece of typeof source === "string" ? [source] : source) {
    if (typeof piece !== "string") {
      annotations.push(piece);
      yield {
        type: "thread.item.updated",
        item_id: base.id,
        update: {
          type: "assistant_message.content_part.annotation_added",
          content_index: 0,
          annotation_index: annotations.length - 1,
          annotation: piece,
        },
      };
    } else {
      pieces.push(piece);
      yield {
        type: "thread.item.updated",
        item_id: base.id,
        update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: piece },
      };
    }
  }
  yield update("done");
  const item = { ...base, content: [part()] };
  yield { type: "thread.item.done", item };
  return item;
}
