import { decodeEntities } from "./entities.ts";

/** Where a link leads, and where its writing ends in the text. */
export interface Target {
  readonly href: string;
  readonly end: number;
}

const PUNCTUATION = "!-/:-@[-`{-~";
const ESCAPED = new RegExp(`\\\\([${PUNCTUATION}])|&[^\\s;&]{1,32};`, "g");
const TITLE = String.raw`(?:"[^"\\]*(?:\\[^][^"\\]*)*"|'[^'\\]*(?:\\[^][^'\\]*)*'|\([^()\\]*(?:\\[^][^()\\]*)*\))`;
const LABEL = String.raw`\[((?:[^[\]\\]|\\[^]){0,999})\]`;

const isPunctuation = new RegExp(`[${PUNCTUATION}]`);
const opening = /\([ \t\n]*/y;
const angle = /<([^<>\n\\]*(?:\\[^\n][^<>\n\\]*)*)>/y;
const closing = new RegExp(`(?:[ \\t\\n]+${TITLE})?[ \\t\\n]*\\)`, "y");
const label = new RegExp(LABEL, "y");
const definition = new RegExp(
  String.raw`${LABEL}:[ \t]*\n?[ \t]*(?:<([^<>\n]*)>|([^\s<]\S*))(?:(?:[ \t]+|[ \t]*\n[ \t]*)${TITLE})?[ \t]*(?:\n|$)`,
  "y",
);

/** Matches at one place of a text. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a backslash takes a character's meaning away: ASCII punctuation. */
export function isEscapable(char: string | undefined): char is string {
  return char !== undefined && isPunctuation.test(char);
}

/** A text with its backslash escapes and entities resolved. */
export function unescape(text: string): string {
  return text.replace(ESCAPED, (whole, char: string | undefined) => char ?? decodeEntities(whole));
}

/** The form in which labels are compared; "" is no label. Source: CommonMark 0.31, 4.7 and 6.3. */
export function normalLabel(text: string): string {
  return text.trim().replace(/\s+/g, " ").toLowerCase().toUpperCase();
}

/** Source: CommonMark 0.31, 6.3: balanced parentheses; the depth is cmark's. */
function endOfBare(text: string, from: number): number | null {
  let depth = 0;
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char <= " ") break;
    if (char === "\\" && isEscapable(text[at + 1])) at += 1;
    else if (char === "(" && ++depth > 32) return null;
    else if (char === ")" && --depth < 0) break;
  }
  return depth > 0 ? null : at;
}

/** `(destination "title")` at a place; null if there is none. The title is passed over. */
export function inlineTarget(text: string, at: number): Target | null {
  const open = matchAt(opening, text, at);
  if (open === null) return null;
  const from = at + open[0].length;
  const bracketed = matchAt(angle, text, from);
  const end = bracketed === null ? endOfBare(text, from) : from + bracketed[0].length;
  if (end === null || (bracketed === null && text[from] === "<")) return null;
  const close = matchAt(closing, text, end);
  if (close === null) return null;
  return { href: unescape(bracketed?.[1] ?? text.slice(from, end)), end: end + close[0].length };
}

/** `[label]` at a place: the label as it is written; null if there is none. */
export function labelAt(text: string, at: number): string | null {
  return matchAt(label, text, at)?.[1] ?? null;
}

/**
 * Takes the definitions of links from the beginning of a paragraph and returns the rest of it.
 * The first definition of a label counts.
 *
 * Source: CommonMark 0.31, 4.7 Link reference definitions.
 */
export function takeDefinitions(text: string, into: Map<string, string>): string {
  let at = 0;
  for (;;) {
    const found = matchAt(definition, text, at);
    const name = normalLabel(found?.[1] ?? "");
    if (found === null || name === "") return text.slice(at);
    if (!into.has(name)) into.set(name, unescape(found[2] ?? found[3] ?? ""));
    at += found[0].length;
  }
}
