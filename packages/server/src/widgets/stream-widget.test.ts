import { describe, expect, test } from "vitest";
import type { TurnEvent } from "../responders/respond.ts";
import { Card, Markdown, Text } from "./builders.ts";
import { streamWidget, type WidgetSource } from "./stream-widget.ts";

const NOW = "2026-01-01T00:00:00Z";

async function eventsOf(source: WidgetSource, copyText?: string) {
  const stream = streamWidget("thr_1", NOW, source, copyText === undefined ? {} : { copyText });
  const events: TurnEvent[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) return { events, item: value };
    events.push(value);
  }
}

const card = (value: string, streaming = true) => Card({}, [Markdown({ id: "body", value, streaming })]);

describe("a streamed widget", () => {
  test("that is there at once is done, and nothing else", async () => {
    const { events, item } = await eventsOf(card("all"), "all");
    expect(item).toEqual({
      id: expect.stringMatching(/^msg_/),
      thread_id: "thr_1",
      created_at: NOW,
      type: "widget",
      widget: card("all"),
      copy_text: "all",
    });
    expect(events).toEqual([{ type: "thread.item.done", item }]);
  });

  test("is added with its first state, updated by what differs, and done with its last", async () => {
    const states = async function* () {
      yield card("");
      yield card("Hel");
      yield card("Hel");
      yield card("Hello", false);
    };
    const { events, item } = await eventsOf(states());
    expect(events).toEqual([
      { type: "thread.item.added", item: { ...item, widget: card("") } },
      {
        type: "thread.item.updated",
        item_id: item?.id,
        update: {
          type: "widget.streaming_text.value_delta",
          component_id: "body",
          delta: "Hel",
          done: false,
        },
      },
      {
        type: "thread.item.updated",
        item_id: item?.id,
        update: { type: "widget.root.updated", widget: card("Hello", false) },
      },
      { type: "thread.item.done", item },
    ]);
    expect(item).toMatchObject({ widget: card("Hello", false) });
    expect(item).not.toHaveProperty("copy_text");
  });

  test("may be one object that its author changes and yields again", async () => {
    const states = function* () {
      const text = { type: "Text", id: "t", value: "a" };
      const widget = { type: "Card", children: [text] };
      yield widget;
      text.value = "ab";
      yield widget;
    };
    const { events } = await eventsOf(states());
    expect(events[1]).toMatchObject({ update: { delta: "b" } });
    expect(events[0]).toMatchObject({ item: { widget: { children: [{ value: "a" }] } } });
  });

  test("loses nulls, and keeps what this version does not know", async () => {
    const { item } = await eventsOf({
      type: "Card",
      size: null,
      glow: { a: null, b: 1 },
      children: [{ type: "FutureThing", n: null }, Text({ value: "x" })],
    });
    expect(item?.widget).toEqual({
      type: "Card",
      glow: { b: 1 },
      children: [{ type: "FutureThing" }, { type: "Text", value: "x" }],
    });
  });

  test("without a state is nothing", async () => {
    expect(await eventsOf([])).toEqual({ events: [], item: null });
  });

  test("is not done when its source fails, and the source hears of a reader that leaves", async () => {
    let ended = false;
    const states = async function* () {
      try {
        yield card("a");
        throw new Error("no more");
      } finally {
        ended = true;
      }
    };
    await expect(eventsOf(states())).rejects.toThrow("no more");
    ended = false;
    for await (const event of streamWidget("thr_1", NOW, states())) {
      expect(event.type).toBe("thread.item.added");
      break;
    }
    expect(ended).toBe(true);
  });
});
