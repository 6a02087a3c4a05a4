import { describe, expect, test } from "vitest";
import {
  parseAttachment,
  parseErrorBody,
  parseItemPage,
  parseRunInfo,
  parseStreamEvent,
  parseThread,
} from "./index.ts";

const base = { id: "msg_1", thread_id: "thr_1", created_at: "2026-01-01T00:00:00Z" };
const pathsOf = (value: unknown) => {
  const result = parseStreamEvent(value);
  return result.ok ? [] : result.issues.map((issue) => issue.path);
};

describe("parseStreamEvent", () => {
  test.each([
    {
      type: "thread.item.done",
      item: {
        ...base,
        type: "assistant_message",
        content: [{ type: "output_text", text: "x", annotations: [] }],
      },
    },
    {
      type: "thread.item.updated",
      item_id: "msg_1",
      update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: "x" },
    },
    { type: "stream_options", stream_options: { allow_cancel: true } },
    { type: "error", code: "stream.error", allow_retry: true },
    { type: "event.of.tomorrow", anything: [1] },
    { type: "thread.item.done", item: { ...base, type: "hologram", beam: 1 } },
    { type: "thread.item.updated", item_id: "msg_1", update: { type: "hologram.turned", angle: 3 } },
  ])("keeps $type as it is, known or not", (event) => {
    expect(parseStreamEvent(event)).toEqual({ ok: true, value: event });
  });

  test.each([
    ["an event without type", {}, "type"],
    [
      "an item without id",
      { type: "thread.item.done", item: { ...base, id: 1, type: "end_of_turn" } },
      "item.id",
    ],
    [
      "a message without content",
      { type: "thread.item.added", item: { ...base, type: "assistant_message" } },
      "item.content",
    ],
    [
      "a delta that is no text",
      {
        type: "thread.item.updated",
        item_id: "m",
        update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: 1 },
      },
      "update.delta",
    ],
    [
      "a negative index",
      {
        type: "thread.item.updated",
        item_id: "m",
        update: { type: "assistant_message.content_part.text_delta", content_index: -1, delta: "" },
      },
      "update.content_index",
    ],
  ])("names the field of %s", (_name, event, path) => {
    expect(pathsOf(event)).toContain(path);
  });
});

test("a thread is read with its items, and gets an empty page where it has none", () => {
  const thread = { id: "thr_1", created_at: "2026-01-01T00:00:00", status: { type: "active" }, metadata: {} };
  expect(parseThread(thread)).toMatchObject({ ok: true, value: { items: { data: [], has_more: false } } });
});

test("a page of items keeps those of unknown types", () => {
  const page = { data: [{ ...base, type: "hologram" }], has_more: true, after: "msg_1" };
  expect(parseItemPage(page)).toEqual({ ok: true, value: page });
});

test("no run is null", () => {
  expect(parseRunInfo(null)).toEqual({ ok: true, value: null });
});

test("an error body is told from any other JSON", () => {
  expect(parseErrorBody({ detail: "Not Found" }).ok).toBe(false);
});

test("a null of an optional field is read as absent, and an absent list as empty", () => {
  const item = { ...base, type: "user_message", content: [], quoted_text: null };
  const event = { type: "thread.item.done", item };
  expect(parseStreamEvent(event)).toEqual({
    ok: true,
    value: {
      ...event,
      item: { ...base, type: "user_message", content: [], attachments: [], inference_options: {} },
    },
  });
});

// Source: openai-chatkit 1.6.5 sends `datetime.now()`, without an offset.
test.each([
  ["2025-01-31T09:15:02.123456", "2025-01-31T09:15:02.123456Z"],
  ["2025-01-31T09:15:02", "2025-01-31T09:15:02Z"],
  ["2025-01-31T09:15:02Z", "2025-01-31T09:15:02Z"],
  ["2025-01-31T09:15:02+02:00", "2025-01-31T09:15:02+02:00"],
  ["2025-01-31T09:15:02-02:00", "2025-01-31T09:15:02-02:00"],
  ["the day before", "the day before"],
])("a time without an offset is in UTC: %s", (created_at, expected) => {
  expect(parseThread({ id: "thr_1", created_at })).toMatchObject({ value: { created_at: expected } });
  const item = { ...base, created_at, type: "end_of_turn" };
  expect(parseStreamEvent({ type: "thread.item.done", item })).toMatchObject({
    value: { item: { created_at: expected } },
  });
});

test("everything that is wrong is told, with what was expected in its place", () => {
  const item = { ...base, type: "assistant_message", content: [{ type: "output_text", text: null }, 7] };
  expect(parseStreamEvent({ type: "thread.item.done", item })).toEqual({
    ok: false,
    issues: [
      { path: "item.content[0].text", message: "expected a string, received null" },
      { path: "item.content[1]", message: "expected an object, received number" },
    ],
  });
});

test("an event's name that every object has is an unknown one", () => {
  const event = { type: "constructor" };
  expect(parseStreamEvent(event)).toEqual({ ok: true, value: event });
});

test("__proto__ is a property like any other, and changes nothing", () => {
  const event: unknown = JSON.parse('{"type":"progress_update","text":"x","__proto__":{"icon":"y"}}');
  const result = parseStreamEvent(event);
  expect(result.ok && "icon" in result.value).toBe(false);
});

test("a tree that is deeper than a hundred levels is refused, without running out of stack", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(pathsOf({ type: "client_effect", name: "x", data: { deep } })).toEqual(["data"]);
});

test("an upload's target must say where and how", () => {
  const reserved = { id: "atc_1", name: "a", mime_type: "a/b", type: "file" };
  const target = { url: "https://a.example/1", method: "PUT", headers: { "x-a": "1" } };
  expect(parseAttachment({ ...reserved, upload_descriptor: target }).ok).toBe(true);
  const wrong = parseAttachment({
    ...reserved,
    upload_descriptor: { ...target, method: "GET", headers: { a: 1 } },
  });
  expect(wrong.ok ? [] : wrong.issues.map(({ path }) => path)).toEqual([
    "upload_descriptor.method",
    "upload_descriptor.headers.a",
  ]);
});
