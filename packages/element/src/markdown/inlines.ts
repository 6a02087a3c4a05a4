import { mailAddress, webAddress } from "./autolinks.ts";
import { type Piece, runOf, withEmphasis } from "./delimiters.ts";
import { decodeEntities } from "./entities.ts";
import { inlineTarget, isEscapable, labelAt, matchAt, normalLabel, type Target } from "./targets.ts";
import type { Inline } from "./tokens.ts";

/** The address that a label is defined as; undefined if it is not. */
export type FindDefinition = (label: string) => string | undefined;

/** Where something that is neither words nor a run may begin. */
const next = /[\\`*_~[\]!<\n@]|https?:\/\/|www\./gi;
const address = /<(?:([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)|([^\s<>@:\\]+@[\w.-]+))>/iy;
const tag =
  /<(?:[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?|\/[a-z][a-z0-9-]*\s*)>/iy;

/** What begins like this is no tag and ends with that. Source: CommonMark 0.31, 6.6 Raw HTML. */
const UNTIL = [
  ["<!--", "-->"],
  ["<?", "?>"],
  ["<![CDATA[", "]]>"],
  ["<!", ">"],
] as const;

interface Bracket {
  /** Its own place among the pieces. */
  readonly piece: number;
  /** Where its content begins. */
  readonly from: number;
  readonly isImage: boolean;
  hasInner: boolean;
}

const BREAK = { type: "br" } as const;

/**
 * Reads the content of a paragraph, a heading or a cell, in linear time.
 *
 * Source: CommonMark 0.31, 6 Inlines, and of GFM 0.29 strikethrough and autolinks.
 */
export function readInlines(text: string, find: FindDefinition): readonly Inline[] {
  return new InlineReader(text, find).read();
}

class InlineReader {
  readonly #text: string;
  readonly #find: FindDefinition;
  readonly #pieces: Piece[] = [];
  readonly #brackets: Bracket[] = [];
  /** Brackets below this place of the stack hold a link already and become none. */
  #spent = 0;
  #at = 0;
  /** From here on nothing was put among the pieces. */
  #plain = 0;
  #ticks: Map<number, number[]> | null = null;
  readonly #absent = new Set<string>();

  constructor(text: string, find: FindDefinition) {
    this.#text = text;
    this.#find = find;
  }

  read(): readonly Inline[] {
    for (;;) {
      const found = matchAt(next, this.#text, this.#at);
      if (found === null) break;
      this.#at = found.index + found[0].length;
      this.#meet(found[0], found.index);
    }
    this.#flush(this.#text.length);
    return withEmphasis(this.#pieces);
  }

  #flush(end: number): void {
    if (end > this.#plain)
      this.#pieces.push({ type: "text", text: decodeEntities(this.#text.slice(this.#plain, end)) });
    this.#plain = end;
  }

  /** Puts a piece in the place of what is written from `start` to `end`. */
  #put(piece: Piece, start: number, end: number): void {
    this.#flush(start);
    this.#pieces.push(piece);
    this.#at = end;
    this.#plain = end;
  }

  #meet(sign: string, start: number): void {
    const text = this.#text;
    switch (sign) {
      case "\\": {
        const char = text[start + 1];
        if (char === "\n") this.#put(BREAK, start, start + 2);
        else if (isEscapable(char)) this.#put({ type: "text", text: char }, start, start + 2);
        return;
      }
      case "`":
        return this.#code(start);
      case "*":
      case "_":
      case "~":
        return this.#run(sign, start);
      case "!":
        if (text[start + 1] === "[") this.#open(start, 2);
        return;
      case "[":
        return this.#open(start, 1);
      case "]":
        return this.#close(start);
      case "<":
        return this.#angle(start);
      case "\n":
        return this.#lineEnd(start);
      case "@": {
        const mail = mailAddress(text, start, this.#plain);
        if (mail !== null) this.#autolink(mail, mail.start);
        return;
      }
      default: {
        const web = webAddress(text, start, sign, this.#brackets.length > this.#spent);
        if (web !== null) this.#autolink(web, start);
      }
    }
  }

  #autolink({ href, end }: Target, start: number): void {
    const raw = this.#text.slice(start, end);
    this.#put({ type: "link", href, inner: [{ type: "text", text: decodeEntities(raw) }], raw }, start, end);
  }

  #lineEnd(start: number): void {
    let end = start;
    while (end > this.#plain && this.#text[end - 1] === " ") end -= 1;
    if (start - end >= 2) this.#put(BREAK, end, start + 1);
    else {
      this.#flush(end);
      this.#plain = start;
    }
  }

  #lengthOfRun(start: number): number {
    let end = start + 1;
    while (this.#text[end] === this.#text[start]) end += 1;
    return end - start;
  }

  #code(start: number): void {
    const length = this.#lengthOfRun(start);
    const from = start + length;
    this.#at = from;
    const to = this.#ticksAfter(length, from);
    if (to === undefined) return;
    const content = this.#text.slice(from, to).replaceAll("\n", " ");
    const isPadded = content.startsWith(" ") && content.endsWith(" ") && content.trim() !== "";
    this.#put({ type: "code", text: isPadded ? content.slice(1, -1) : content }, start, to + length);
  }

  /** The next run of just so many backticks; all of them are looked for once. */
  #ticksAfter(length: number, from: number): number | undefined {
    if (this.#ticks === null) {
      this.#ticks = new Map();
      for (const { 0: run, index } of [...this.#text.matchAll(/`+/g)].reverse())
        if (this.#ticks.get(run.length)?.push(index) === undefined) this.#ticks.set(run.length, [index]);
    }
    const places = this.#ticks.get(length) ?? [];
    while ((places.at(-1) ?? from) < from) places.pop();
    return places.at(-1);
  }

  #run(char: string, start: number): void {
    const text = this.#text;
    const length = this.#lengthOfRun(start);
    const end = start + length;
    const before = Array.from(text.slice(Math.max(0, start - 2), start)).at(-1) ?? "\n";
    const after = String.fromCodePoint(text.codePointAt(end) ?? 10);
    const run = runOf(char, length, before, after);
    if (run.opens || run.closes) this.#put(run, start, end);
    else this.#at = end;
  }

  #open(start: number, length: number): void {
    const outer = this.#brackets.at(-1);
    if (outer !== undefined) outer.hasInner = true;
    const end = start + length;
    this.#put({ type: "text", text: this.#text.slice(start, end) }, start, end);
    const piece = this.#pieces.length - 1;
    this.#brackets.push({ piece, from: end, isImage: length === 2, hasInner: false });
  }

  #close(start: number): void {
    const bracket = this.#brackets.pop();
    if (bracket === undefined) return;
    const { length: depth } = this.#brackets;
    const isSpent = depth < this.#spent;
    this.#spent = Math.min(this.#spent, depth);
    if (isSpent && !bracket.isImage) return;
    const target = inlineTarget(this.#text, start + 1) ?? this.#reference(bracket, start);
    if (target === null) return;
    const { href, end } = target;
    this.#flush(start);
    const inner = withEmphasis(this.#pieces.splice(bracket.piece + 1));
    const { text: opening } = this.#pieces.pop() as { readonly text: string };
    const from = bracket.from - opening.length;
    this.#plain = from;
    if (bracket.isImage) return this.#put({ type: "image", href, text: wordsOf(inner) }, from, end);
    this.#put({ type: "link", href, inner: unlinked(inner), raw: this.#text.slice(from, end) }, from, end);
    this.#spent = depth;
  }

  /** Source: CommonMark 0.31, 6.3: full, collapsed and shortcut reference links. */
  #reference({ from, hasInner }: Bracket, start: number): Target | null {
    const label = labelAt(this.#text, start + 1);
    const isOwn = label === null || label === "";
    if (isOwn && (hasInner || start - from > 999)) return null;
    const name = normalLabel(isOwn ? this.#text.slice(from, start) : label);
    const href = name === "" ? undefined : this.#find(name);
    return href === undefined ? null : { href, end: start + 1 + (label === null ? 0 : label.length + 2) };
  }

  #angle(start: number): void {
    const [whole, web, mail] = matchAt(address, this.#text, start) ?? [];
    if (whole !== undefined) {
      const inner = [{ type: "text", text: web ?? mail ?? "" }] as const;
      const href = web ?? `mailto:${mail}`;
      return this.#put({ type: "link", href, inner, raw: whole }, start, start + whole.length);
    }
    const end = this.#endOfHtml(start);
    if (end !== null) this.#put({ type: "html", text: this.#text.slice(start, end) }, start, end);
  }

  #endOfHtml(start: number): number | null {
    const found = matchAt(tag, this.#text, start);
    if (found !== null) return start + found[0].length;
    const [opening, closing] = UNTIL.find(([begin]) => this.#text.startsWith(begin, start)) ?? [];
    if (opening === undefined || closing === undefined || this.#absent.has(closing)) return null;
    const at = this.#text.indexOf(closing, start + 2);
    if (at === -1) this.#absent.add(closing); // nor behind any later place
    return at === -1 ? null : at + closing.length;
  }
}

/** The words alone. */
export function wordsOf(inner: readonly Inline[]): string {
  return inner
    .map((one) => ("inner" in one ? wordsOf(one.inner) : one.type === "br" ? " " : one.text))
    .join("");
}

/** Addresses in a link do not become links of their own. */
function unlinked(inner: readonly Inline[]): readonly Inline[] {
  return inner.flatMap((one) =>
    one.type === "link" ? one.inner : "inner" in one ? { ...one, inner: unlinked(one.inner) } : one,
  );
}
