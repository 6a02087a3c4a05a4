import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noBlocks, readBlocks, topHeadingLevel } from "./blocks.ts";

const SAMPLE =
  "# Title\n\nFirst *words*.\n\n- one\n- two\n\n  more\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nLast.";

const kinds = (text: string) => readBlocks(text).tokens.map((token) => token.type);

describe("readBlocks", () => {
  test("takes a text apart into its top-level blocks", () => {
    expect(kinds(SAMPLE)).toEqual(["heading", "paragraph", "list", "code", "table", "paragraph"]);
    expect(kinds("")).toEqual([]);
  });

  test("keeps every block but the last while a text grows", () => {
    const before = readBlocks("One.\n\nTwo.\n\nThr");
    const after = readBlocks("One.\n\nTwo.\n\nThree and on", before);
    expect(after.tokens.slice(0, 2)).toEqual(before.tokens.slice(0, 2));
    expect(after.tokens[0]).toBe(before.tokens[0]);
    expect(after.tokens[1]).toBe(before.tokens[1]);
    expect(after.tokens[2]?.raw).toBe("Three and on");
  });

  test("reads the same blocks, however a text was cut on its way", () => {
    const whole = readBlocks(SAMPLE).tokens.map((token) => token.raw.trimEnd());
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: SAMPLE.length - 1 }), { maxLength: 12 }), (cuts) => {
        let blocks = noBlocks;
        for (const cut of [...cuts.sort((a, b) => a - b), SAMPLE.length])
          blocks = readBlocks(SAMPLE.slice(0, cut), blocks);
        expect(blocks.tokens.map((token) => token.raw.trimEnd())).toEqual(whole);
      }),
    );
  });

  test("resolves a link whose definition came later, once the text is finished", () => {
    const growing = readBlocks(
      "See [it][x].\n\nMore.\n\n[x]: https://example.com",
      readBlocks("See [it][x].\n\nMore."),
    );
    expect(JSON.stringify(growing.tokens[0])).not.toContain('"link"');
    const finished = readBlocks(growing.text, growing, true);
    expect(JSON.stringify(finished.tokens[0])).toContain('"href":"https://example.com"');
  });

  test("keeps what reads the same when a finished text is read again", () => {
    const growing = readBlocks("One.\n\nTwo.");
    expect(readBlocks(growing.text, growing, true).tokens[1]).toBe(growing.tokens[1]);
  });

  test("takes an unclosed fence for code up to the end", () => {
    expect(kinds("Look:\n\n```js\nlet a")).toEqual(["paragraph", "code"]);
  });

  test("starts over where a text was replaced", () => {
    expect(readBlocks("New.", readBlocks("Old text.")).tokens[0]?.raw).toBe("New.");
  });

  test("shows as one paragraph what is nested too deeply to be read", () => {
    const deep = "> ".repeat(20_000);
    expect(readBlocks(`${deep}x`).tokens.length).toBeGreaterThan(0);
  });
});

test("topHeadingLevel is the smallest level used, and 1 without headings", () => {
  expect(topHeadingLevel(readBlocks("### a\n\n## b").tokens)).toBe(2);
  expect(topHeadingLevel(readBlocks("words").tokens)).toBe(1);
});
