import { wordsOf } from "./inlines.ts";
import { languageName } from "./languages.ts";
import type { Block } from "./tokens.ts";

/** How the parts of an answer are called when they are read out. */
export interface BlockNames {
  readonly code: (language: string, lines: number) => string;
  readonly table: (columns: number, rows: number) => string;
  readonly plainCode: string;
}

/** The lines of a block of code; an empty block has one. */
export function countLines(code: string): number {
  return code.split("\n").length;
}

/**
 * A block as it is read out: its words; of code its language and length, of a table its size, of
 * an image its alternative text. "" for what has nothing to say.
 */
export function spokenText(token: Block, names: BlockNames): string {
  switch (token.type) {
    case "codeblock":
      return `${names.code(languageName(token.lang) ?? names.plainCode, countLines(token.text))}.`;
    case "table":
      return `${names.table(token.header.cells.length, token.rows.length)}.`;
    case "list":
      return token.items.map((item) => spokenAll(item.blocks, names)).join(" ");
    case "quote":
      return spokenAll(token.blocks, names);
    case "html":
      return token.text;
    case "hr":
      return "";
    default:
      return wordsOf(token.inner);
  }
}

function spokenAll(blocks: readonly Block[], names: BlockNames): string {
  return blocks.map((block) => spokenText(block, names)).join("");
}
