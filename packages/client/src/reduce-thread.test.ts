import type { Thread, ThreadItem, ThreadItemUpdate, ThreadStreamEvent } from "@waybill/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answerItem, QUESTION, THREAD, TURN } from "../test/scripted-server.ts";
import { emptyThreadState, reduceThread, type ThreadState, threadStateOf } from "./index.ts";

const reduce = (events: readonly ThreadStreamEvent[], from: ThreadState = emptyThreadState): ThreadState =>
  events.reduce(reduceThread, from);
const added = (item: ThreadItem): ThreadStreamEvent => ({ type: "thread.item.added", item });
const updated = (update: ThreadItemUpdate, item_id = "msg_2"): ThreadStreamEvent => ({
  type: "thread.item.updated",
  item_id,
  update,
});
const base = { thread_id: "thr_1", created_at: QUESTION.created_at };
const { items: _items, ...METADATA } = THREAD;

test("shows a turn as it streams, and the finished answer in its place", () => {
  const during = reduce(TURN.slice(0, 5));
  expect(during.thread).toEqual(METADATA);
  expect(during.items).toEqual([QUESTION, answerItem("Hi.")]);
  expect([...during.streaming]).toEqual(["msg_2"]);
  expect(during.allowCancel).toBe(true);
  const after = reduce(TURN.slice(5), during);
  expect(after.items).toEqual([QUESTION, answerItem("Hi.")]);
  expect(after.streaming.size).toBe(0);
  expect(emptyThreadState).toEqual({
    thread: null,
    items: [],
    streaming: new Set(),
    progress: null,
    allowCancel: false,
    notices: [],
  });
});

test("reduces any deltas to the finished item", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string()), { maxLength: 4 }), (parts) => {
      const item = answerItem("");
      const done: ThreadItem = {
        ...item,
        content: parts.map((deltas) => ({
          type: "output_text" as const,
          text: deltas.join(""),
          annotations: [],
        })),
      };
      const events = parts.flatMap((deltas, content_index) => [
        updated({
          type: "assistant_message.content_part.added",
          content_index,
          content: { type: "output_text", text: "", annotations: [] },
        }),
        ...deltas.map((delta) =>
          updated({ type: "assistant_message.content_part.text_delta", content_index, delta }),
        ),
      ]);
      const streamed = reduce([added(QUESTION), added(item), ...events]);
      expect(streamed.items[1]).toEqual(done);
      expect(reduceThread(streamed, { type: "thread.item.done", item: done }).items).toEqual(streamed.items);
    }),
  );
});

test("copies only what a delta touches", () => {
  const before = reduce([added(QUESTION), added(answerItem("a"))]);
  const after = reduceThread(
    before,
    updated({ type: "assistant_message.content_part.text_delta", content_index: 0, delta: "b" }),
  );
  expect(before.items[1]).toEqual(answerItem("a"));
  expect(after.items[0]).toBe(before.items[0]);
  expect(after.streaming).toBe(before.streaming);
});

test("puts annotations and finished parts where they belong", () => {
  const annotation = {
    type: "annotation" as const,
    source: { type: "url" as const, title: "t", url: "https://a.example" },
  };
  const state = reduce([
    added(answerItem("a")),
    updated({
      type: "assistant_message.content_part.annotation_added",
      content_index: 0,
      annotation_index: 0,
      annotation,
    }),
  ]);
  expect(state.items[0]).toMatchObject({ content: [{ text: "a", annotations: [annotation] }] });
  const content = { type: "output_text" as const, text: "final", annotations: [annotation] };
  const done = reduceThread(
    state,
    updated({ type: "assistant_message.content_part.done", content_index: 0, content }),
  );
  expect(done.items[0]).toMatchObject({ content: [content] });
});

test("changes widgets by component, wherever it stands, and leaves payloads alone", () => {
  const widget: ThreadItem = {
    ...base,
    id: "w",
    type: "widget",
    widget: {
      type: "Card",
      children: [
        { type: "Button", onClickAction: { payload: { id: "t" } } },
        { type: "Transition", children: { type: "Text", id: "t", value: "a", streaming: true } },
      ],
    },
  };
  const delta = (text: string, done: boolean): ThreadItemUpdate => ({
    type: "widget.streaming_text.value_delta",
    component_id: "t",
    delta: text,
    done,
  });
  const streamed = reduce([added(widget), updated(delta("b", false), "w"), updated(delta("c", true), "w")]);
  expect(streamed.items[0]).toMatchObject({
    widget: {
      children: [
        { onClickAction: { payload: { id: "t" } } },
        { children: { id: "t", value: "abc", streaming: false } },
      ],
    },
  });
  const component = { type: "Text", id: "t", value: "new" };
  const replaced = reduceThread(
    streamed,
    updated({ type: "widget.component.updated", component_id: "t", component }, "w"),
  );
  expect(replaced.items[0]).toMatchObject({ widget: { children: [{}, { children: component }] } });
  const root = reduceThread(
    replaced,
    updated({ type: "widget.root.updated", widget: { type: "Basic" } }, "w"),
  );
  expect(root.items[0]).toMatchObject({ widget: { type: "Basic" } });
  const unknown = updated({ type: "widget.component.updated", component_id: "?", component }, "w");
  expect(reduceThread(root, unknown)).toBe(root);
});

test("adds and updates tasks, and shows images as they are made", () => {
  const task = { type: "custom" as const, title: "a", status_indicator: "loading" as const };
  const done = { ...task, status_indicator: "complete" as const };
  const workflow: ThreadItem = {
    ...base,
    id: "wf",
    type: "workflow",
    workflow: { type: "custom", tasks: [], expanded: false },
  };
  const image = { id: "i", url: "https://a.example/i" };
  const state = reduce([
    added(workflow),
    updated({ type: "workflow.task.added", task_index: 0, task }, "wf"),
    updated({ type: "workflow.task.added", task_index: 1, task }, "wf"),
    updated({ type: "workflow.task.updated", task_index: 0, task: done }, "wf"),
    added({ ...base, id: "g", type: "generated_image" }),
    updated({ type: "generated_image.updated", image, progress: 0.5 }, "g"),
  ]);
  expect(state.items[0]).toMatchObject({ workflow: { tasks: [done, task] } });
  expect(state.items[1]).toMatchObject({ image });
});

test("removes and replaces items, and ignores hidden ones", () => {
  const state = reduce([
    added(QUESTION),
    added(answerItem("a")),
    { type: "thread.item.replaced", item: answerItem("b") },
    added({ ...base, id: "h", type: "hidden_context_item", content: "secret" }),
  ]);
  expect(state.items).toEqual([QUESTION, answerItem("b")]);
  const removed = reduce([{ type: "thread.item.removed", item_id: "msg_1" }], state);
  expect(removed.items).toEqual([answerItem("b")]);
  expect(removed.streaming.size).toBe(0);
});

test("shows progress until the next item, and notices behind the item they came after", () => {
  const state = reduce([
    { type: "progress_update", text: "reading" },
    { type: "notice", level: "info", message: "first" },
  ]);
  expect(state.progress).toEqual({ text: "reading" });
  const next = reduce(
    [added(QUESTION), { type: "notice", level: "danger", message: "m", title: "t" }],
    state,
  );
  expect(next.progress).toBeNull();
  expect(next.notices).toEqual([
    { level: "info", message: "first", after: null },
    { level: "danger", message: "m", title: "t", after: "msg_1" },
  ]);
});

test("ends streaming at an error and keeps what had arrived", () => {
  const state = reduce([...TURN.slice(0, 5), { type: "error", code: "stream.error", allow_retry: true }]);
  expect(state.items).toHaveLength(2);
  expect(state.streaming.size).toBe(0);
  expect(state.allowCancel).toBe(false);
});

test("returns the same state for what changes nothing", () => {
  const state = reduce([added(answerItem("a"))]);
  const unknownEvent: Record<string, unknown> = { type: "thread.sang" };
  const unknownUpdate: Record<string, unknown> = { type: "sung" };
  for (const event of [
    unknownEvent as ThreadStreamEvent,
    updated(unknownUpdate as ThreadItemUpdate),
    updated({ type: "widget.root.updated", widget: {} }),
    updated({ type: "assistant_message.content_part.text_delta", content_index: 0, delta: "b" }, "gone"),
    { type: "thread.item.removed", item_id: "gone" } as const,
    { type: "client_effect", name: "n", data: {} } as const,
  ]) {
    expect(reduceThread(state, event)).toBe(state);
  }
});

test("takes a loaded thread as it is, without hidden items, and keeps items when it changes", () => {
  const thread: Thread = {
    ...THREAD,
    items: {
      data: [QUESTION, { ...base, id: "h", type: "sdk_hidden_context", content: "" }],
      has_more: false,
    },
  };
  const state = threadStateOf(thread);
  expect(state).toEqual({ ...emptyThreadState, thread: METADATA, items: [QUESTION] });
  const renamed = reduceThread(state, { type: "thread.updated", thread: { ...THREAD, title: "New" } });
  expect(renamed.thread?.title).toBe("New");
  expect(renamed.items).toBe(state.items);
});

test("a finished item stands in front of those that still stream, as it is stored", () => {
  const task: ThreadItem = {
    ...base,
    id: "k",
    type: "task",
    task: { type: "image", status_indicator: "none" },
  };
  const state = reduce([...TURN.slice(0, 5), { type: "thread.item.done", item: task }]);
  expect(state.items.map(({ id }) => id)).toEqual(["msg_1", "k", "msg_2"]);
  const left = reduce(
    [
      { type: "stream_options", stream_options: { allow_cancel: true } },
      { type: "thread.item.done", item: { ...task, id: "next" } },
    ],
    state,
  );
  expect(left.items.map(({ id }) => id)).toEqual(["msg_1", "k", "msg_2", "next"]);
});

test("parts in front of one that begins out of turn are empty, and an annotation is inserted", () => {
  const annotation = (title: string) =>
    ({ type: "annotation", source: { type: "file", title, filename: title } }) as const;
  const at = { content_index: 1, annotation_index: 0 };
  const state = reduce([
    added({ ...answerItem(""), content: [] }),
    updated({ type: "assistant_message.content_part.text_delta", content_index: 1, delta: "b" }),
    ...["second", "first"].map((title) =>
      updated({
        type: "assistant_message.content_part.annotation_added",
        ...at,
        annotation: annotation(title),
      }),
    ),
    updated({ type: "assistant_message.content_part.text_delta", content_index: 1e9, delta: "far" }),
  ]);
  expect(state.items[0]).toMatchObject({
    content: [
      { text: "", annotations: [] },
      { text: "b", annotations: [annotation("first"), annotation("second")] },
    ],
  });
});
