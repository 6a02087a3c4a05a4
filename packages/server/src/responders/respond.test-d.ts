import { assertType, expectTypeOf, test } from "vitest";
import type { Respond, TaskInput, TextSource, TurnEvent, TurnThread } from "../index.ts";

declare const thread: TurnThread;

test("a responder yields events of the protocol, and no others", () => {
  assertType<Respond>(async function* () {
    yield { type: "notice", level: "info", message: "hello" };
  });
  // @ts-expect-error no such event
  assertType<TurnEvent>({ type: "thread.item.vanished", item_id: "a" });
  // @ts-expect-error a field is missing
  assertType<TurnEvent>({ type: "notice", level: "info" });
  // @ts-expect-error no such level
  assertType<TurnEvent>({ type: "notice", level: "fatal", message: "hello" });
});

test("what is said of the thread itself is the server's own", () => {
  expectTypeOf<Extract<TurnEvent, { type: "thread.updated" | "thread.created" }>>().toBeNever();
  // @ts-expect-error only the setter changes it
  thread.title = "mine";
  // @ts-expect-error metadata is replaced as a whole
  thread.metadata["secret"] = 1;
  // @ts-expect-error no such status
  thread.setStatus({ type: "asleep" });
});

test("an item that is not whole does not compile", () => {
  const base = { id: "a", thread_id: "t", created_at: "" };
  // @ts-expect-error a message has content
  assertType<TurnEvent>({ type: "thread.item.done", item: { ...base, type: "assistant_message" } });
  // @ts-expect-error a call has a name
  thread.clientToolCall({ arguments: {} });
  // @ts-expect-error a choice has options
  thread.structuredInput([{ type: "multiple_choice", id: "size", question: "Which?" }]);
  // @ts-expect-error JSON has no functions
  thread.effect("open", { close: () => {} });
});

test("a task needs what its kind has, and no status", () => {
  assertType<TaskInput>({ type: "thought", content: "First" });
  assertType<TaskInput>({ type: "image", status_indicator: "loading" });
  // @ts-expect-error a thought has content
  assertType<TaskInput>({ type: "thought" });
  // @ts-expect-error no such status
  assertType<TaskInput>({ type: "image", status_indicator: "done" });
});

test("an answer is text, or pieces of text and marks", () => {
  assertType<TextSource>("hello");
  assertType<TextSource>([
    "See ",
    { type: "annotation", source: { type: "file", title: "F", filename: "f" } },
  ]);
  // @ts-expect-error bytes are no text
  assertType<TextSource>([new Uint8Array()]);
  expectTypeOf(thread.streamText("x")).toEqualTypeOf<ReturnType<TurnThread["streamText"]>>();
});
