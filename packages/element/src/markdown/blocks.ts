import { Lexer, type MarkedToken } from "marked";

/** A Markdown text, taken apart into its top-level blocks. */
export interface Blocks {
  readonly text: string;
  /** Without blank lines. A block that did not change is the same object as before. */
  readonly tokens: readonly MarkedToken[];
  /** Where in `text` the last block begins. */
  readonly lastStart: number;
}

/** The empty text: no blocks. */
export const noBlocks: Blocks = { text: "", tokens: [], lastStart: 0 };

/**
 * Takes a text apart. While it grows at its end, only the last block is read again, and the
 * others keep their identity; a definition of a link that arrives later than its use therefore
 * counts from the moment when `finished` asks for a whole reading. Text that is nested too
 * deeply to be read becomes one plain paragraph.
 */
export function readBlocks(text: string, previous: Blocks = noBlocks, finished = false): Blocks {
  const clean = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  if (clean === previous.text && !finished) return previous;
  const grows = !finished && clean.startsWith(previous.text) && previous.tokens.length > 0;
  const from = grows ? previous.lastStart : 0;
  const kept = grows ? previous.tokens.slice(0, -1) : [];

  const read = lex(clean.slice(from));
  const tokens = [...kept];
  let at = from;
  let lastStart = from;
  for (const token of read) {
    if (token.type !== "space" && token.type !== "def") {
      lastStart = at;
      tokens.push(token);
    }
    at += token.raw.length;
  }
  return { text: clean, tokens: reuse(tokens, previous.tokens), lastStart };
}

/** Keeps the old object wherever a block reads as it did, so that nothing is drawn anew. */
function reuse(tokens: readonly MarkedToken[], old: readonly MarkedToken[]): readonly MarkedToken[] {
  return tokens.map((token, index) => {
    const before = old[index];
    return before !== undefined && before !== token && sameBlock(before, token) ? before : token;
  });
}

function sameBlock(one: MarkedToken, other: MarkedToken): boolean {
  return one.raw === other.raw && JSON.stringify(one) === JSON.stringify(other);
}

function lex(text: string): readonly MarkedToken[] {
  try {
    return new Lexer({ gfm: true }).lex(text) as MarkedToken[];
  } catch {
    return [{ type: "paragraph", raw: text, text, tokens: [{ type: "text", raw: text, text }] }];
  }
}

/** The Markdown level that becomes the first level of the outline: the smallest used, 1 if there is none. */
export function topHeadingLevel(tokens: readonly MarkedToken[]): number {
  const depths = tokens.flatMap((token) => (token.type === "heading" ? [token.depth] : []));
  return depths.length === 0 ? 1 : Math.min(...depths);
}

/** The tokens inside of a token; none where there can be none. */
export function innerTokens(token: { readonly tokens?: readonly unknown[] }): readonly MarkedToken[] {
  return (token.tokens ?? []) as readonly MarkedToken[];
}
