import { expect, test } from "vitest";
import type { ModelInputItem } from "../model-input/thread-item-converter.ts";
import { agentInput } from "./agent-input.ts";

test.each<[string, ModelInputItem, unknown]>([
  [
    "text alone",
    { role: "user", content: "hi" },
    { role: "user", content: [{ type: "input_text", text: "hi" }] },
  ],
  [
    "a developer's word",
    { role: "developer", content: "Be brief." },
    { role: "system", content: "Be brief." },
  ],
  [
    "an earlier answer",
    { role: "assistant", content: "Yes." },
    { role: "assistant", status: "completed", content: [{ type: "output_text", text: "Yes." }] },
  ],
  [
    "pictures and files by id and by address",
    {
      role: "user",
      content: [
        { type: "input_image", detail: "low", file_id: "file_1" },
        { type: "input_file", file_url: "https://a.example/a.pdf", filename: "a.pdf" },
        { type: "input_file", file_id: "file_2" },
      ],
    },
    {
      role: "user",
      content: [
        { type: "input_image", detail: "low", image: { id: "file_1" } },
        { type: "input_file", file: { url: "https://a.example/a.pdf" }, filename: "a.pdf" },
        { type: "input_file", file: { id: "file_2" } },
      ],
    },
  ],
  [
    "what the SDK has no word for",
    { type: "item_reference", id: "rs_1" },
    { type: "unknown", providerData: { type: "item_reference", id: "rs_1" } },
  ],
])("%s is spelled as the SDK spells it", (_, item, expected) => {
  expect(agentInput([item])).toEqual([expected]);
});

test("a result has the name of its call", () => {
  const [, result] = agentInput([
    { type: "function_call", call_id: "call_1", name: "locate", arguments: "{}" },
    { type: "function_call_output", call_id: "call_1", output: "1" },
  ]);
  expect(result).toEqual({
    type: "function_call_result",
    callId: "call_1",
    name: "locate",
    output: "1",
    status: "completed",
  });
});

test("a message without content is left out", () => {
  expect(agentInput([{ role: "assistant", content: [] }])).toEqual([]);
});
