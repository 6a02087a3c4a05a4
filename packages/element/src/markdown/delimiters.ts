import type { Inline } from "./tokens.ts";

/** Emphasis within emphasis beyond this depth is not marked: nobody sees it, and drawing recurses. */
const MAX_DEPTH = 50;

/** A run of `*`, `_` or `~` that may begin or end emphasis. */
export interface Run {
  readonly type: "run";
  readonly char: string;
  readonly length: number;
  readonly opens: boolean;
  readonly closes: boolean;
  /** Characters that no emphasis has used. */
  rest: number;
  /** How many characters each emphasis used that ends, or begins, here; the innermost first. */
  readonly ended: number[];
  readonly begun: number[];
}

/** What a line is taken apart into before emphasis is found. */
export type Piece = Inline | Run;

/**
 * The run between two characters.
 *
 * Source: CommonMark 0.31, 6.2 Emphasis and strong emphasis: left- and right-flanking.
 */
export function runOf(char: string, length: number, before: string, after: string): Run {
  const isSpace = (text: string) => /\s/.test(text);
  const isMark = (text: string) => /[\p{P}\p{S}]/u.test(text);
  const left = !isSpace(after) && (!isMark(after) || isSpace(before) || isMark(before));
  const right = !isSpace(before) && (!isMark(before) || isSpace(after) || isMark(after));
  const isWord = char === "_";
  return {
    type: "run",
    char,
    length,
    opens: left && (!isWord || !right || isMark(before)),
    closes: right && (!isWord || !left || isMark(after)),
    rest: length,
    ended: [],
    begun: [],
  };
}

/** How many characters of both runs become one emphasis; 0 if they do not belong together. */
function shared(opener: Run, closer: Run): number {
  if (opener.char !== closer.char) return 0;
  if (opener.char === "~") return opener.length === closer.length && opener.length < 3 ? opener.length : 0;
  const isOdd =
    (opener.closes || closer.opens) &&
    (opener.length + closer.length) % 3 === 0 &&
    (opener.length % 3 !== 0 || closer.length % 3 !== 0);
  return isOdd ? 0 : Math.min(2, opener.rest, closer.rest);
}

/** Finds which runs belong together, in linear time. Source: CommonMark 0.31, "process emphasis". */
function match(runs: readonly Run[]): void {
  const openers: { run: Run; order: number }[] = [];
  const bottoms = new Map<string, number>();
  for (const [order, run] of runs.entries()) {
    const key = `${run.char}${run.opens}${run.char === "~" ? run.length : run.length % 3}`;
    while (run.closes && run.rest > 0) {
      const bottom = bottoms.get(key) ?? -1;
      let at = openers.length - 1;
      let used = 0;
      for (; at >= 0; at -= 1) {
        const opener = openers[at];
        if (opener === undefined || opener.order <= bottom) break;
        used = shared(opener.run, run);
        if (used > 0) break;
      }
      const opener = openers[at];
      if (used === 0 || opener === undefined) {
        bottoms.set(key, openers.at(-1)?.order ?? -1);
        break;
      }
      opener.run.begun.push(used);
      opener.run.rest -= used;
      run.ended.push(used);
      run.rest -= used;
      openers.length = opener.run.rest === 0 ? at : at + 1;
    }
    if (run.opens && run.rest > 0) openers.push({ run, order });
  }
}

/** Turns runs into emphasis, or into the characters that they are, and joins texts that touch. */
export function withEmphasis(pieces: readonly Piece[]): readonly Inline[] {
  match(pieces.filter((piece) => piece.type === "run"));
  const outer: Inline[] = [];
  const stack: Inline[][] = [outer];
  let out = outer;
  const say = (text: string) => {
    const last = out.at(-1);
    if (text === "") return;
    if (last?.type === "text") out[out.length - 1] = { type: "text", text: last.text + text };
    else out.push({ type: "text", text });
  };
  for (const piece of pieces) {
    if (piece.type === "text") say(piece.text);
    if (piece.type !== "run") {
      if (piece.type !== "text") out.push(piece);
      continue;
    }
    for (const used of piece.ended) {
      const inner = stack.pop() ?? [];
      out = stack.at(-1) ?? outer;
      if (inner !== out) out.push({ type: piece.char === "~" ? "del" : used === 2 ? "strong" : "em", inner });
    }
    say(piece.char.repeat(piece.rest));
    for (const _ of piece.begun) {
      if (stack.length <= MAX_DEPTH) out = [];
      stack.push(out);
    }
  }
  return outer;
}
