import type { MarkedToken } from "marked";
import { innerTokens } from "./blocks.ts";
import { decodeEntities } from "./entities.ts";
import { languageName } from "./languages.ts";

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
export function spokenText(token: MarkedToken, names: BlockNames): string {
  switch (token.type) {
    case "code":
      return `${names.code(languageName(token.lang) ?? names.plainCode, countLines(token.text))}.`;
    case "table":
      return `${names.table(token.header.length, token.rows.length)}.`;
    case "list":
      return token.items.map((item) => spokenAll(innerTokens(item), names)).join(" ");
    case "image":
      return decodeEntities(token.text);
    case "br":
      return " ";
    case "text":
    case "escape":
    case "codespan":
    case "html": {
      const inner = "tokens" in token ? innerTokens(token) : [];
      return inner.length > 0 ? spokenAll(inner, names) : decodeEntities(token.text);
    }
    case "paragraph":
    case "heading":
    case "blockquote":
    case "strong":
    case "em":
    case "del":
    case "link":
      return spokenAll(innerTokens(token), names);
    default:
      return "";
  }
}

function spokenAll(tokens: readonly MarkedToken[], names: BlockNames): string {
  return tokens.map((token) => spokenText(token, names)).join("");
}
