import type { Verdict } from "@waybill/client";
import { threadStateOf } from "@waybill/client";
import { describe, expect, test } from "vitest";
import { answered, said, threadOf } from "../../test/support/events.ts";
import { type ChatSnapshot, newChat } from "../chat-snapshot.ts";
import { readRows } from "./rows.ts";

const none: ReadonlySet<string> = new Set();
const state = threadStateOf(threadOf("thr_1", [said("Hi"), answered("Hello"), answered("Again", "msg_2")]));
const shape = (snapshot: ChatSnapshot, dismissed = none) =>
  readRows(snapshot, dismissed).map((row) =>
    row.kind === "user" ? row.key : [row.key, row.busy, ...row.parts.map((part) => part.kind)],
  );
const turn = (verdict: Verdict | null) => ({
  key: "turn:1",
  input: { text: "New" },
  item: said("New", { id: "turn:1" }),
  verdict,
});

test("an empty conversation has no rows", () => expect(shape(newChat)).toEqual([]));

test("all that follows a message belongs to one answer", () => {
  expect(shape({ ...newChat, state })).toEqual(["msg_user", ["after:msg_user", false, "item", "item"]]);
});

describe("a message on its way", () => {
  test("stands at the end, and waits", () => {
    expect(shape({ ...newChat, state, phase: "sending", unsent: [turn(null)] })).toEqual([
      "msg_user",
      ["after:msg_user", false, "item", "item"],
      "turn:1",
      ["after:turn:1", true, "waiting"],
    ]);
  });

  test("keeps its key when the server names it", () => {
    const taken = threadStateOf(threadOf("thr_1", [said("New", { id: "msg_9" })]));
    expect(
      shape({ ...newChat, state: taken, phase: "answering", keys: new Map([["msg_9", "turn:1"]]) }),
    ).toEqual(["turn:1", ["after:turn:1", true, "waiting"]]);
  });

  test("has a card when it failed", () => {
    const verdict = { title: "x" } as Verdict;
    expect(shape({ ...newChat, unsent: [turn(verdict)] })).toEqual([
      "turn:1",
      ["after:turn:1", false, "failure"],
    ]);
  });
});

describe("an answer that is being written", () => {
  const growing = { ...state, streaming: new Set(["msg_2"]) };
  test("waits no longer once there are words", () => {
    expect(shape({ ...newChat, state: growing, phase: "answering" })).toEqual([
      "msg_user",
      ["after:msg_user", true, "item", "item"],
    ]);
  });
  test("shows what the server says it is doing", () => {
    const busy = { ...state, progress: { text: "Reading" } };
    expect(shape({ ...newChat, state: busy, phase: "answering" })[1]).toContain("progress");
    expect(shape({ ...newChat, state: busy })[1]).not.toContain("progress");
  });
});

test("says how an answer ended, and only then", () => {
  expect(shape({ ...newChat, state, ending: "stopped" })[1]).toContain("ending");
  expect(shape({ ...newChat, state, ending: "stopped", phase: "answering" })[1]).not.toContain("ending");
});

test("puts a notice where it arrived, until it is dismissed", () => {
  const notices = [
    { level: "info" as const, message: "a", after: null },
    { level: "info" as const, message: "b", after: "msg_answer" },
  ];
  const snapshot = { ...newChat, state: { ...state, notices } };
  expect(shape(snapshot)).toEqual([
    ["after:start", false, "notice"],
    "msg_user",
    ["after:msg_user", false, "item", "notice", "item"],
  ]);
  expect(shape(snapshot, new Set(["notice:0"]))[0]).toBe("msg_user");
});
