import type { Annotation } from "@waybill/protocol";
import { expect, test } from "vitest";
import type { TextSource, TurnEvent } from "./respond.ts";
import { streamText } from "./stream-text.ts";

async function collect(source: TextSource) {
  const events: TurnEvent[] = [];
  const generator = streamText("thr_1", "2026-01-01T00:00:00.000Z", source);
  for (;;) {
    const result = await generator.next();
    if (result.done === true) return { events, item: result.value };
    events.push(result.value);
  }
}

const kinds = (events: readonly TurnEvent[]) =>
  events.map((event) => (event.type === "thread.item.updated" ? event.update.type : event.type));

test("orders the events of an answer as the official server does", async () => {
  const { events, item } = await collect(["Hel", "lo"]);
  expect(kinds(events)).toEqual([
    "thread.item.added",
    "assistant_message.content_part.added",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.done",
    "thread.item.done",
  ]);
  expect(events[0]).toMatchObject({ item: { id: item.id, thread_id: "thr_1", content: [] } });
  expect(item.content).toEqual([{ annotations: [], text: "Hello", type: "output_text" }]);
  expect(events.at(-1)).toEqual({ type: "thread.item.done", item });
});

test("an answer without text is a message with an empty part", async () => {
  const { events, item } = await collect([]);
  expect(kinds(events)).not.toContain("assistant_message.content_part.text_delta");
  expect(item.content).toEqual([{ annotations: [], text: "", type: "output_text" }]);
});

test("streams marks between the pieces, and keeps them in the part that is done", async () => {
  const annotation = (title: string): Annotation => ({
    type: "annotation",
    source: { type: "url", url: "https://example.com/", title },
  });
  const { events, item } = await collect(["See ", annotation("one"), "these", annotation("two")]);
  expect(kinds(events).slice(2, -2)).toEqual([
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.annotation_added",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.annotation_added",
  ]);
  expect(events[5]).toMatchObject({ update: { annotation_index: 1, annotation: annotation("two") } });
  expect(item.content).toEqual([
    { annotations: [annotation("one"), annotation("two")], text: "See these", type: "output_text" },
  ]);
});
