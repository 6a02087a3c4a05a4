import { expect, test } from "vitest";
import { isBlank, joinContent, mergeTexts, textContent } from "./content.ts";

const tag = { type: "input_tag" as const, id: "1", text: "Holm", data: {} };

test("joins neighbouring texts and drops empty ones", () => {
  const parts = [...textContent("a"), { type: "input_text" as const, text: "" }, ...textContent("b"), tag];
  expect(mergeTexts(parts)).toEqual([...textContent("ab"), tag]);
  expect(mergeTexts([])).toEqual([]);
});

test.each([
  [[], true],
  [textContent(" \n"), true],
  [[tag], false],
  [textContent("a"), false],
])("knows whether %j is blank", (content, blank) => expect(isBlank(content)).toBe(blank));

test("puts an empty line between two messages, and none beside a blank one", () => {
  expect(joinContent(textContent("a"), [tag])).toEqual([...textContent("a\n\n"), tag]);
  expect(joinContent(textContent(" "), [tag])).toEqual([tag]);
  expect(joinContent([tag], [])).toEqual([tag]);
  expect(joinContent(textContent(" "), textContent("\n"))).toEqual([]);
});
