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

test("keeps marks, and an empty part in front of one that begins out of turn", () => {
  const base = { id: "msg_1", thread_id: "thr_1", created_at: "2026-01-01T00:00:00.000Z" };
  const annotation = { type: "annotation", source: { type: "file", title: "F", filename: "f" } } as const;
  const type = (kind: string) => `assistant_message.content_part.${kind}` as const;
  const update = (change: object) =>
    ({ type: "thread.item.updated", item_id: "msg_1", update: { content_index: 1, ...change } }) as TurnEvent;
  expect(
    itemsAfter([
      { type: "thread.item.added", item: { ...base, type: "assistant_message", content: [] } },
      update({ type: type("text_delta"), delta: "sec" }),
      update({ type: type("annotation_added"), annotation_index: 0, annotation }),
      update({ type: type("text_delta"), delta: "ond" }),
    ]),
  ).toMatchObject([
    {
      content: [
        { text: "", annotations: [] },
        { text: "second", annotations: [annotation] },
      ],
    },
  ]);
});

test("follows the tasks of a workflow and the picture of an image as far as they have come", () => {
  const base = { thread_id: "thr_1", created_at: "2026-01-01T00:00:00.000Z" };
  const workflow = { type: "custom", tasks: [], expanded: false } as const;
  const task = (title: string) => ({ type: "custom", title, status_indicator: "none" }) as const;
  const image = { id: "img", url: "data:image/png;base64,AA==" };
  const partial = new PartialItems();
  for (const event of [
    { type: "thread.item.added", item: { ...base, id: "wf_1", type: "workflow", workflow } },
    { type: "thread.item.added", item: { ...base, id: "msg_1", type: "generated_image" } },
    {
      type: "thread.item.updated",
      item_id: "wf_1",
      update: { type: "workflow.task.added", task_index: 0, task: task("a") },
    },
    {
      type: "thread.item.updated",
      item_id: "wf_1",
      update: { type: "workflow.task.updated", task_index: 0, task: task("b") },
    },
    {
      type: "thread.item.updated",
      item_id: "wf_1",
      update: { type: "workflow.task.updated", task_index: 7, task: task("nowhere") },
    },
    { type: "thread.item.updated", item_id: "msg_1", update: { type: "generated_image.updated", image } },
  ] satisfies TurnEvent[])
    partial.apply(event);
  expect(partial.items()).toMatchObject([{ workflow: { tasks: [task("b")] } }, { image }]);
  expect(keepPartialMessages(partial.items())).toEqual([]);
});
