import { expect, test } from "vitest";
import { en } from "../strings/en.ts";
import { readBlocks } from "./blocks.ts";
import { decodeEntities } from "./entities.ts";
import { spokenText } from "./plain-text.ts";

const names = { code: en.codeLabel, table: en.tableLabel, plainCode: en.plainCode };
const spoken = (text: string) => readBlocks(text).tokens.map((token) => spokenText(token, names));

test("reads words without their marks", () => {
  expect(spoken("A **bold** [link](https://example.com) &amp; `code`.")).toEqual(["A bold link & code."]);
});
test("names the language and the length of code", () => {
  expect(spoken("```ts\na\nb\n```")).toEqual(["Code: TypeScript, 2 lines."]);
  expect(spoken("```\na\n```")).toEqual(["Code: Text, 1 line."]);
});
test("names the size of a table", () => {
  expect(spoken("| a | b |\n|--|--|\n| 1 | 2 |")).toEqual(["Table: 2 columns, 1 row."]);
});
test("reads the alternative text of an image", () => {
  expect(spoken("![A tower](https://example.com/a.png)")).toEqual(["A tower"]);
});
test("reads the entries of a list", () => {
  expect(spoken("- one\n- two")).toEqual(["one two"]);
});

test.each([
  ["&lt;b&gt; &amp;amp;", "<b> &amp;"],
  ["&#8364; &#x20AC; &euro;", "€ € €"],
  ["&#0; &#xD800; &#x110000;", "\ufffd \ufffd \ufffd"],
  ["&unknown; & &toString;", "&unknown; & &toString;"],
])("decodes %s", (written, read) => expect(decodeEntities(written)).toBe(read));
