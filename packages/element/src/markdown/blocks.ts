import { BlockReader } from "./block-reader.ts";
import { type Definitions, forgetOutdated, viewsOf } from "./block-tree.ts";
import type { Block } from "./tokens.ts";

/** A Markdown text, taken apart into its top-level blocks. */
export interface Blocks {
  readonly text: string;
  /** A block that did not change is the same object as before, and so is what stands in it. */
  readonly tokens: readonly Block[];
  /** What was read of the lines that are complete, and their length; the next reading begins there. */
  readonly settled: BlockReader;
  readonly settledLength: number;
  readonly definitions: Definitions;
}

/** The empty text: no blocks. */
export const noBlocks: Blocks = {
  text: "",
  tokens: [],
  settled: new BlockReader(),
  settledLength: 0,
  definitions: new Map(),
};

/**
 * Takes a text apart. While it grows at its end, only what was added and the block it was added
 * to are read; the others keep their identity, unless a definition of a link arrives that they
 * waited for. The result depends on the text alone, not on the steps in which it came.
 */
export function readBlocks(text: string, previous: Blocks = noBlocks): Blocks {
  const clean = text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
  if (clean === previous.text) return previous;
  const before = clean.startsWith(previous.text) ? previous : noBlocks;
  const settledLength = clean.lastIndexOf("\n") + 1;
  let { settled } = before;
  if (settledLength > before.settledLength) {
    settled = new BlockReader(settled);
    for (const line of clean.slice(before.settledLength, settledLength - 1).split("\n")) settled.line(line);
  }
  // The last line may go on: what it does now is done to a copy.
  const reader = new BlockReader(settled);
  if (settledLength < clean.length) reader.line(clean.slice(settledLength));
  const root = reader.end();
  const definitions = isSame(reader.definitions, before.definitions)
    ? before.definitions
    : reader.definitions;
  if (definitions !== before.definitions) forgetOutdated(root, definitions);
  return { text: clean, tokens: viewsOf(root, definitions), settled, settledLength, definitions };
}

function isSame(one: Definitions, other: Definitions): boolean {
  if (one.size !== other.size) return false;
  for (const [label, href] of one) if (other.get(label) !== href) return false;
  return true;
}

/** The Markdown level that becomes the first level of the outline: the smallest used, 1 if there is none. */
export function topHeadingLevel(tokens: readonly Block[]): number {
  let top = 7;
  for (const token of tokens) if (token.type === "heading") top = Math.min(top, token.depth);
  return top === 7 ? 1 : top;
}
