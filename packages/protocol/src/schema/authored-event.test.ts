import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAuthoredEvent, parseAuthoredItem } from "./authored-event.ts";

const base = { id: "msg_1", thread_id: "thr_1", created_at: "2026-01-02T03:04:05Z" };
const SCENARIOS = new URL("../../../../conformance/scenarios/", import.meta.url);

interface Scenario {
  readonly steps: readonly { readonly expect: { readonly frames?: readonly { readonly type: string }[] } }[];
}

describe("parseAuthoredEvent", () => {
  test("takes every event that the official server was seen to send, as it is", () => {
    let seen = 0;
    for (const name of readdirSync(SCENARIOS)) {
      const { steps }: Scenario = JSON.parse(readFileSync(new URL(name, SCENARIOS), "utf8"));
      for (const event of steps.flatMap((step) => step.expect.frames ?? [])) {
        if (event.type === "thread.created") continue;
        seen += 1;
        expect(parseAuthoredEvent(event), name).toEqual({ ok: true, value: event });
      }
    }
    expect(seen).toBeGreaterThan(1_000);
  });

  test("fills in what upstream fills in, and reads a null of an optional field as absent", () => {
    const entity = { type: "entity", id: "e", title: "E", icon: null };
    const annotation = { type: "annotation", source: entity, index: null };
    const part = { type: "output_text", text: "x", annotations: [annotation] };
    const item = { ...base, type: "assistant_message", content: [part] };
    expect(parseAuthoredEvent({ type: "thread.item.done", item })).toEqual({
      ok: true,
      value: {
        type: "thread.item.done",
        item: {
          ...item,
          content: [
            {
              ...part,
              annotations: [
                {
                  type: "annotation",
                  source: { type: "entity", id: "e", title: "E", data: {}, interactive: false },
                },
              ],
            },
          ],
        },
      },
    });
    expect(parseAuthoredEvent({ type: "client_effect", name: "x" })).toEqual({
      ok: true,
      value: { type: "client_effect", name: "x", data: {} },
    });
  });

  test("keeps nulls inside of what is free-form", () => {
    const event = { type: "client_effect", name: "x", data: { n: null, list: [null] } };
    expect(parseAuthoredEvent(event)).toEqual({ ok: true, value: event });
  });

  test.each<[string, unknown, string]>([
    ["no object", "thread.item.done", ""],
    ["no type", {}, "type"],
    ["a type of the prototype's", { type: "constructor" }, "type"],
    ["the opening of a thread", { type: "thread.created" }, "type"],
    ["no item", { type: "thread.item.done" }, "item"],
    [
      "an unknown update",
      { type: "thread.item.updated", item_id: "a", update: { type: "x" } },
      "update.type",
    ],
    [
      "an index below 0",
      {
        type: "thread.item.updated",
        item_id: "a",
        update: { type: "assistant_message.content_part.text_delta", content_index: -1, delta: "" },
      },
      "update.content_index",
    ],
    ["an unknown level", { type: "notice", level: "fatal", message: "" }, "level"],
    [
      "a page's option that is no flag",
      { type: "stream_options", stream_options: { allow_cancel: "yes" } },
      "stream_options.allow_cancel",
    ],
  ])("refuses %s, and names the path", (_, event, path) => {
    const result = parseAuthoredEvent(event);
    expect(result).toMatchObject({ ok: false, issues: [{ path }] });
  });
});

test.each<[string, object, string]>([
  ["a tool call without arguments", { type: "client_tool_call", call_id: "c", name: "n" }, "arguments"],
  ["a task of an unknown kind", { type: "task", task: { type: "nap" } }, "task.type"],
  ["a workflow without tasks", { type: "workflow", workflow: { type: "custom" } }, "workflow.tasks"],
  ["an unknown status", { type: "structured_input", status: "lost", inputs: [] }, "status"],
  ["a message without content", { type: "user_message", attachments: [], inference_options: {} }, "content"],
  ["hidden context without content", { type: "hidden_context_item" }, "content"],
])("parseAuthoredItem refuses %s, and names the path", (_, item, path) => {
  expect(parseAuthoredItem({ ...base, ...item })).toMatchObject({ ok: false, issues: [{ path }] });
});
