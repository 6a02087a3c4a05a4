import { expect, onTestFinished, test, vi } from "vitest";
import { createId, createItemId } from "./ids.ts";

test("an id has upstream's prefix, its time and 100 random bits", () => {
  expect(createId("thread")).toMatch(/^thr_[0-9a-hjkmnp-tv-z]{29}$/);
  const ids = Array.from({ length: 1_000 }, () => createId("run"));
  expect(new Set(ids.map((id) => id.slice(-20))).size).toBe(1_000);
});

test("an id of a later millisecond sorts behind one of an earlier", () => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
  onTestFinished(() => void vi.useRealTimers());
  const early = createId("thread");
  vi.advanceTimersByTime(1);
  expect(createId("thread") > early).toBe(true);
});

test.each([
  ["client_tool_call", "tc_"],
  ["workflow", "wf_"],
  ["task", "tsk_"],
  ["sdk_hidden_context", "shcx_"],
  ["widget", "msg_"],
  ["assistant_message", "msg_"],
  ["constructor", "msg_"],
])("an item of type %s begins with %s", (type, prefix) => {
  expect(createItemId(type).startsWith(prefix)).toBe(true);
});
