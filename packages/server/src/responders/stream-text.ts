import { type AssistantMessageItem, createId } from "@waybill/protocol";
import type { TextSource, TurnEvent } from "./respond.ts";

/** The events of one assistant message, as the official server orders them. `createdAt` is ISO 8601. */
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
  const part = (text: string) => ({ annotations: [], text, type: "output_text" as const });
  const update = (type: "added" | "done", text: string): TurnEvent => ({
    type: "thread.item.updated",
    item_id: base.id,
    update: { type: `assistant_message.content_part.${type}`, content_index: 0, content: part(text) },
  });
  yield { type: "thread.item.added", item: { ...base, content: [] } };
  yield update("added", "");
  const pieces: string[] = [];
  for await (const delta of typeof source === "string" ? [source] : source) {
    if (delta === "") continue;
    pieces.push(delta);
    yield {
      type: "thread.item.updated",
      item_id: base.id,
      update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta },
    };
  }
  const text = pieces.join("");
  yield update("done", text);
  const item = { ...base, content: [part(text)] };
  yield { type: "thread.item.done", item };
  return item;
}
