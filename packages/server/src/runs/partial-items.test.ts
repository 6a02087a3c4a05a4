import { expect, test } from "vitest";
import { keepPartialMessages } from "../responders/keep-partial-messages.ts";
import type { TurnEvent } from "../responders/respond.ts";
import { streamText } from "../responders/stream-text.ts";
import { PartialItems } from "./partial-items.ts";

async function eventsOf(text: string[]): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of streamText("thr_1", "2026-01-01T00:00:00.000Z", text)) events.push(event);
  return events;
}

const itemsAfter = (events: readonly TurnEvent[]) => {
  const partial = new PartialItems();
  for (const event of events) partial.apply(event);
  return keepPartialMessages(partial.items());
};
const textsAfter = (events: readonly TurnEvent[]) =>
  itemsAfter(events).map((item) =>
    item.type === "assistant_message" ? item.content.map((part) => part.text) : item.type,
  );

test("keeps the text so far of a message that is not done", async () => {
  const events = await eventsOf(["one ", "two ", "three"]);
  expect(textsAfter(events.slice(0, 4))).toEqual([["one two "]]);
});

test("keeps nothing of a message without text, and nothing twice of one that is done", async () => {
  const events = await eventsOf(["one"]);
  expect(textsAfter(events.slice(0, 2))).toEqual([]);
  expect(textsAfter(events)).toEqual([]);
});

test("forgets a message that was removed", async () => {
  const events = (await eventsOf(["one", "two"])).slice(0, 4);
  const added = events[0];
  const id = added?.type === "thread.item.added" ? added.item.id : "";
  expect(textsAfter([...events, { type: "thread.item.removed", item_id: id }])).toEqual([]);
});
