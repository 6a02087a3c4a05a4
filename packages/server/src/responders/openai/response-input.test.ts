import { expect, test } from "vitest";
import type { ModelInputItem } from "../model-input/thread-item-converter.ts";
import { responseInput } from "./response-input.ts";

const text = (value: string) => ({ type: "input_text" as const, text: value });
const image = { type: "input_image" as const, detail: "auto" as const, image_url: "data:image/png;base64," };
const call: ModelInputItem = { type: "function_call", call_id: "c", name: "n", arguments: "{}" };
const answer = (...texts: string[]): ModelInputItem => ({
  type: "message",
  role: "assistant",
  id: "msg_1",
  status: "completed",
  content: texts.map((one) => ({ type: "output_text", text: one, annotations: [] })),
});

test.each<[string, ModelInputItem, readonly ModelInputItem[]]>([
  [
    "an earlier answer is plain text",
    answer("One.", "Two."),
    [{ role: "assistant", content: "One.\n\nTwo." }],
  ],
  ["an answer without words is left out", answer(""), []],
  [
    "a message of attachments alone has no empty text",
    { role: "user", content: [text(""), image] },
    [{ role: "user", content: [image] }],
  ],
  ["a message without anything is left out", { role: "user", content: [text("")] }, []],
  [
    "a converter's own text stays",
    { role: "system", content: "Be kind." },
    [{ role: "system", content: "Be kind." }],
  ],
  ["a call stays", call, [call]],
])("%s", (_, item, expected) => {
  expect(responseInput([item])).toEqual(expected);
});
