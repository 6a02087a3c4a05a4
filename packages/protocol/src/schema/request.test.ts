import { describe, expect, test } from "vitest";
import { parseChatKitRequest, parseFileImportRequest } from "./index.ts";

const input = { content: [{ type: "input_text", text: "hi" }], attachments: [], inference_options: {} };
const issuesOf = (value: unknown) => {
  const result = parseChatKitRequest(value);
  return result.ok ? [] : result.issues.map((issue) => issue.path);
};

describe("parseChatKitRequest", () => {
  test.each([
    { type: "threads.create", params: { input } },
    { type: "threads.add_user_message", params: { thread_id: "thr_1", input } },
    { type: "threads.retry_after_item", params: { thread_id: "thr_1", item_id: "msg_1" } },
    { type: "threads.get_by_id", params: { thread_id: "thr_1" } },
    { type: "threads.list", params: {} },
    { type: "items.list", params: { thread_id: "thr_1", limit: 0, order: "asc", after: "msg_1" } },
  ])("takes $type", (request) => {
    expect(parseChatKitRequest(request)).toEqual({ ok: true, value: request });
  });

  test("ignores keys it does not know, and reads a null of an optional field as absent", () => {
    const result = parseChatKitRequest({
      type: "threads.create",
      extra: 1,
      params: {
        input: { ...input, quoted_text: null, inference_options: { model: null, tool_choice: null, x: 1 } },
      },
    });
    expect(result).toEqual({ ok: true, value: { type: "threads.create", params: { input } } });
  });

  test("fills in what upstream fills in", () => {
    const params = { thread_id: "t", item_id: "q", input: { answers: { size: {} } } };
    expect(parseChatKitRequest({ type: "threads.add_structured_input", params })).toMatchObject({
      value: { params: { input: { status: "answered", answers: { size: { values: [], skipped: false } } } } },
    });
    const tag = { type: "input_tag", id: "a", text: "A", data: {} };
    const content = [{ ...tag, group: null }];
    expect(parseChatKitRequest({ type: "threads.create", params: { input: { ...input, content } } })).toEqual(
      {
        ok: true,
        value: {
          type: "threads.create",
          params: { input: { ...input, content: [{ ...tag, interactive: false }] } },
        },
      },
    );
    expect(
      parseChatKitRequest({ type: "threads.create", params: { input: { ...input, content: [tag] } } }),
    ).toMatchObject({ value: { params: { input: { content: [{ ...tag, interactive: false }] } } } });
  });

  test.each([
    ["metadata that is null", { type: "threads.list", params: {}, metadata: null }, "metadata"],
    ["no type", { params: {} }, "type"],
    ["an unknown type", { type: "threads.fly", params: {} }, "type"],
    ["no params", { type: "threads.list" }, "params"],
    [
      "a thread id that is a number",
      { type: "threads.get_by_id", params: { thread_id: 7 } },
      "params.thread_id",
    ],
    ["an empty thread id", { type: "threads.get_by_id", params: { thread_id: "" } }, "params.thread_id"],
    ["a negative limit", { type: "threads.list", params: { limit: -1 } }, "params.limit"],
    ["a limit that is text", { type: "threads.list", params: { limit: "1" } }, "params.limit"],
    ["a limit that is true", { type: "threads.list", params: { limit: true } }, "params.limit"],
    ["a fraction as limit", { type: "threads.list", params: { limit: 1.5 } }, "params.limit"],
    ["an unknown order", { type: "threads.list", params: { order: "newest" } }, "params.order"],
    [
      "no content",
      { type: "threads.create", params: { input: { attachments: [], inference_options: {} } } },
      "params.input.content",
    ],
    [
      "no inference options",
      { type: "threads.create", params: { input: { content: [], attachments: [] } } },
      "params.input.inference_options",
    ],
    [
      "text that is a number",
      { type: "threads.create", params: { input: { ...input, content: [{ type: "input_text", text: 1 }] } } },
      "params.input.content[0].text",
    ],
    [
      "a lone surrogate",
      {
        type: "threads.create",
        params: { input: { ...input, content: [{ type: "input_text", text: "\ud800" }] } },
      },
      "params.input.content[0].text",
    ],
    [
      "an attachment that is an object",
      { type: "threads.create", params: { input: { ...input, attachments: [{ id: "123" }] } } },
      "params.input.attachments[0]",
    ],
    [
      "a lone surrogate in a title",
      { type: "threads.update", params: { thread_id: "thr_1", title: "a\udc00" } },
      "params.title",
    ],
    [
      "a lone surrogate deep in a payload",
      {
        type: "threads.custom_action",
        params: { thread_id: "thr_1", action: { type: "a", payload: [{ b: "\ud800" }] } },
      },
      "params.action.payload[0].b",
    ],
    [
      "a lone surrogate in a key",
      {
        type: "threads.custom_action",
        params: { thread_id: "thr_1", action: { type: "a", payload: { "\ud800": 1 } } },
      },
      "params.action.payload",
    ],
  ])("names the field of %s", (_name, request, path) => {
    expect(issuesOf(request)).toContain(path);
  });

  test("refuses tag data that is deeper than a hundred levels, without running out of stack", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const tag = { type: "input_tag", id: "t", text: "t", data: { deep } };
    expect(issuesOf({ type: "threads.create", params: { input: { ...input, content: [tag] } } })).toEqual([
      "params.input.content[0].data",
    ]);
  });

  test("does not let __proto__ through", () => {
    const request: unknown = JSON.parse('{"type":"threads.list","params":{"__proto__":{"limit":3}}}');
    expect(parseChatKitRequest(request)).toEqual({ ok: true, value: { type: "threads.list", params: {} } });
  });
});

describe("parseFileImportRequest", () => {
  test.each([{ id: "atc_1" }, { source_url: "https://a.example/cat.png" }])("takes %j", (request) => {
    expect(parseFileImportRequest(request)).toEqual({ ok: true, value: request });
  });

  test("asks for an address when there is neither id nor source_url", () => {
    const result = parseFileImportRequest({ name: "cat.png" });
    expect(result.ok ? [] : result.issues.map((issue) => issue.path)).toEqual(["source_url"]);
  });
});
