import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noBlocks, readBlocks, topHeadingLevel } from "./blocks.ts";

const SAMPLE =
  "# Title\n\nFirst *words*.\n\n- one\n- two\n\n  more\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nLast.";

const read = (text: string) => readBlocks(text).tokens;
const kinds = (text: string) => read(text).map((token) => token.type);
const words = (text: string) => [{ type: "text", text }];

/** Texts in which the signs of Markdown are frequent. */
const markdown = fc
  .array(
    fc.constantFrom(
      ..."[]()*_~`<>!|:-+=# \t\n\r&;\\1.a@",
      "\n\n",
      "- ",
      "> ",
      "```",
      "[a]: b",
      "[a]",
      "|-|",
      "https://a.b",
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

describe("readBlocks", () => {
  test("takes a text apart into its top-level blocks", () => {
    expect(kinds(SAMPLE)).toEqual(["heading", "paragraph", "list", "codeblock", "table", "paragraph"]);
    expect(kinds("")).toEqual([]);
  });

  test("keeps every block but the last while a text grows", () => {
    const before = readBlocks("One.\n\nTwo.\n\nThr");
    const after = readBlocks("One.\n\nTwo.\n\nThree and on", before);
    expect(after.tokens[0]).toBe(before.tokens[0]);
    expect(after.tokens[1]).toBe(before.tokens[1]);
    expect(after.tokens[2]).toEqual({ type: "paragraph", inner: words("Three and on") });
  });

  test("keeps the items and rows that are complete while a list or a table grows", () => {
    const list = "- one\n- two\n- th";
    const [before, after] = [readBlocks(list), readBlocks(`${list}ree`, readBlocks(list))];
    const itemsOf = ({ tokens }: typeof before) => (tokens[0]?.type === "list" ? tokens[0].items : []);
    const again = readBlocks(`${list}ree`, before);
    expect(itemsOf(again)[0]).toBe(itemsOf(before)[0]);
    expect(after.tokens).toEqual(again.tokens);
    const table = "|a|\n|-|\n|1|\n|2";
    const rowsOf = ({ tokens }: typeof before) => (tokens[0]?.type === "table" ? tokens[0].rows : []);
    const rows = readBlocks(table);
    expect(rowsOf(readBlocks(`${table}2|`, rows))[0]).toBe(rowsOf(rows)[0]);
  });

  test("leaves an earlier reading as it was", () => {
    const before = readBlocks("- one\n\n");
    const copy = structuredClone(before.tokens);
    readBlocks("- one\n\n- two\n", before);
    expect(before.tokens).toEqual(copy);
    expect(readBlocks("- one\n\nEnd", before).tokens).toEqual(read("- one\n\nEnd"));
  });

  test("reads the same blocks, however a text was cut on its way", () => {
    fc.assert(
      fc.property(
        fc.oneof(markdown, fc.constant(SAMPLE)),
        fc.array(fc.nat(200), { maxLength: 12 }),
        (text, cuts) => {
          let blocks = noBlocks;
          for (const cut of [...cuts.sort((a, b) => a - b), text.length])
            blocks = readBlocks(text.slice(0, cut), blocks);
          expect(blocks.tokens).toEqual(read(text));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("never fails", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "grapheme-ascii" }), markdown), (text) => void read(text)),
    );
  });

  test("resolves a link as soon as its definition comes, and draws nothing else anew", () => {
    const before = readBlocks("See [it][x].\n\nMore.\n\n");
    const after = readBlocks(`${before.text}[x]: https://example.com`, before);
    expect(after.tokens[0]).toMatchObject({ inner: [{}, { type: "link", href: "https://example.com" }, {}] });
    expect(after.tokens[1]).toBe(before.tokens[1]);
    const longer = readBlocks(`${after.text}/a\n\nEnd`, after);
    expect(longer.tokens[0]).toMatchObject({ inner: [{}, { href: "https://example.com/a" }, {}] });
  });

  test("takes an unclosed fence for code up to the end", () => {
    expect(kinds("Look:\n\n```js\nlet a")).toEqual(["paragraph", "codeblock"]);
  });

  test("starts over where a text was replaced", () => {
    expect(readBlocks("New.", readBlocks("Old text.")).tokens).toEqual(read("New."));
  });

  test.each(["> ", "- ", "1. ", "*a ", "[", "**a*", "![", "`", "|", "<", "[a](", "a*_"])(
    "reads and writes a very long text of %j",
    (part) => {
      const tokens = read(part.repeat(200_000 / part.length));
      expect(JSON.stringify(tokens).length).toBeGreaterThan(0);
    },
  );
});

test("topHeadingLevel is the smallest level used, and 1 without headings", () => {
  expect(topHeadingLevel(read("### a\n\n## b"))).toBe(2);
  expect(topHeadingLevel(read("words"))).toBe(1);
});
