import { expect, test } from "vitest";
import { createId, createItemId } from "./ids.ts";

test("an id has upstream's prefix and 96 random bits", () => {
  expect(createId("thread")).toMatch(/^thr_[0-9a-f]{24}$/);
  expect(new Set(Array.from({ length: 1_000 }, () => createId("run"))).size).toBe(1_000);
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
