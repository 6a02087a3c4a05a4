import { ChatError } from "@waybill/protocol";
import { expect, test } from "vitest";
import { modelMessages } from "../ai/model-messages.ts";
import { chatMessages } from "../chat-completions/chat-messages.ts";
import { plainInput } from "./plain-input.ts";
import type { ModelInputItem } from "./thread-item-converter.ts";

const input: ModelInputItem[] = [
  { role: "user", content: "one" },
  {
    role: "user",
    content: [
      { type: "input_text", text: "two" },
      { type: "input_image", detail: "auto", image_url: "https://a.example/a.png" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,UERG" },
      { type: "input_file", filename: "a.json", file_data: `data:application/json;base64,${btoa("{}")}` },
    ],
  },
  { role: "assistant", content: "Wait." },
  { type: "function_call", call_id: "c", name: "f", arguments: '{"x":1}' },
  { type: "function_call_output", call_id: "c", output: "null" },
  { role: "assistant", content: "" },
  { role: "developer", content: "Be brief." },
  { role: "user", content: "" },
];

test("a conversation is spelled for the Chat Completions API", () => {
  expect(chatMessages(input)).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "one" },
        { type: "text", text: "two" },
        { type: "image_url", image_url: { url: "https://a.example/a.png" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,UERG" } },
        { type: "text", text: "The file a.json:\n{}" },
      ],
    },
    {
      role: "assistant",
      content: "Wait.",
      tool_calls: [{ type: "function", id: "c", function: { name: "f", arguments: '{"x":1}' } }],
    },
    { role: "tool", tool_call_id: "c", content: "null" },
    { role: "system", content: "Be brief." },
  ]);
});

test("a conversation is spelled for the AI SDK", () => {
  expect(modelMessages(input)).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "one" },
        { type: "text", text: "two" },
        { type: "file", mediaType: "image/*", data: new URL("https://a.example/a.png") },
        { type: "file", mediaType: "application/pdf", data: "UERG", filename: "a.pdf" },
        { type: "text", text: "The file a.json:\n{}" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "text", text: "Wait." },
        { type: "tool-call", toolCallId: "c", toolName: "f", input: { x: 1 } },
      ],
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: "c", toolName: "f", output: { type: "json", value: null } },
      ],
    },
    { role: "user", content: "[Be brief.]" },
  ]);
});

test.each<[string, ModelInputItem]>([
  ["a reference", { type: "item_reference", id: "rs_1" }],
  ["a file by its id", { role: "user", content: [{ type: "input_file", file_id: "file_1" }] }],
])("%s is refused, not lost", (_, item) => {
  expect(() => plainInput([item])).toThrow(ChatError);
});

test("answers without a person's word between them are one", () => {
  const answers: ModelInputItem[] = ["One.", "Two."].map((content) => ({ role: "assistant", content }));
  expect(plainInput(answers)).toEqual([{ role: "assistant", text: "One.\n\nTwo.", calls: [] }]);
});
