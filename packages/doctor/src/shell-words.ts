import { QuestionError } from "./question-error.ts";

/**
 * The words of one command as `sh` or bash reads them, or `cmd` where the text is written for it (`^"`, or `^` at a
 * line's end). Ends at what comes behind the command: a pipe, a redirection, `;` or `&`. Nothing is expanded.
 *
 * @throws QuestionError for a quotation that never ends, and for a variable of the shell, whose value nobody knows here.
 */
export function shellWords(text: string): readonly string[] {
  return /\^(?:"|[ \t]*\r?\n)/.test(text) ? cmdWords(text) : shWords(text);
}

const unclosed = (quote: string) =>
  new QuestionError("curl", `a command whose quotations end: one that ${quote} begins does not`);

function shWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (word === null && /[|;&<>]/.test(char)) break;
    if (word !== null && /[;|<>]/.test(char)) {
      // `2>` is a redirection as a whole.
      if (/^[<>]/.test(char) && /^\d$/.test(word)) word = null;
      break;
    }
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else if (char === "\\") {
      const next = /^\\(\r?\n|.|$)/s.exec(text.slice(at, at + 3))?.[1] ?? "";
      if (!next.endsWith("\n")) word = (word ?? "") + next;
      at += 1 + next.length;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) throw unclosed("'");
      word = (word ?? "") + text.slice(at + 1, end);
      at = end + 1;
    } else if (text.startsWith("$'", at)) {
      const quoted = /^\$'([^'\\]*(?:\\.[^'\\]*)*)'/s.exec(text.slice(at));
      if (quoted === null) throw unclosed("$'");
      word = (word ?? "") + unescapeAnsi(quoted[1] ?? "");
      at += quoted[0].length;
    } else if (char === '"') {
      const quoted = /^"([^"\\]*(?:\\.[^"\\]*)*)"/s.exec(text.slice(at));
      if (quoted === null) throw unclosed('"');
      word = (word ?? "") + unescapeDouble(quoted[1] ?? "");
      at += quoted[0].length;
    } else {
      if (/[$`]/.test(char)) noVariable(text.slice(at));
      word = (word ?? "") + char;
      at += 1;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** POSIX Shell, 2.2.3: within double quotes a backslash is one unless it stands before these. */
function unescapeDouble(text: string): string {
  return text.replace(/\\(\r?\n|.)|[$`]/gs, (piece, escaped: string | undefined, offset: number) => {
    if (escaped === undefined) {
      noVariable(text.slice(offset));
      return piece;
    }
    if (escaped.endsWith("\n")) return "";
    return /[$`"\\]/.test(escaped) ? escaped : piece;
  });
}

function noVariable(text: string): void {
  const variable = /^(?:\$\{?(\w+)|\$\(|`)/.exec(text);
  if (variable === null) return;
  const name = variable[1] === undefined ? "a command" : `the variable ${variable[1]}`;
  throw new QuestionError(
    "curl",
    `values alone, and ${name} of the shell is not known here: write what it stands for`,
  );
}

const ANSI: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Bash Reference, 3.1.2.4. Pairs of `\u` surrogates are joined, as DevTools writes them. */
function unescapeAnsi(text: string): string {
  const escape =
    /(?:\\x[0-9a-fA-F]{1,2})+|\\u([0-9a-fA-F]{1,4})|\\U([0-9a-fA-F]{1,8})|\\([0-7]{1,3})|\\(.)/gs;
  return text.replace(escape, (piece, unit?: string, point?: string, octal?: string, char?: string) => {
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    if (point !== undefined) return fromPoint(Number.parseInt(point, 16), piece);
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (char !== undefined) return ANSI[char] ?? (/[\\'"?]/.test(char) ? char : piece);
    const digits = piece.split("\\x").map((digits) => (digits.length === 1 ? `0${digits}` : digits));
    const bytes = Buffer.from(digits.join(""), "hex");
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // Older DevTools wrote characters below U+0100 this way.
      return bytes.toString("latin1");
    }
  });
}

const fromPoint = (point: number, otherwise: string): string =>
  point <= 0x10_ffff ? String.fromCodePoint(point) : otherwise;

/** First what `cmd` does with `^`, outside of its quotes, then what the C runtime does with quotes and backslashes. */
function cmdWords(text: string): readonly string[] {
  // DevTools doubles every backslash, though the runtime wants that only before a quote.
  const copied = text.includes('^"');
  let line = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "^" && !quoted) {
      const skipped = /^\^[ \t]*\r?\n/.exec(text.slice(at));
      if (skipped !== null) at += skipped[0].length - 1;
      // A line's end behind an escaped one stands for itself.
      const next = text.charAt(at + 1);
      if (skipped === null || next === "\n" || next === "\r") {
        line += next === "\r" ? "\n" : next;
        at += next === "\r" && text.charAt(at + 2) === "\n" ? 2 : 1;
      } else line += " ";
    } else {
      if (char === '"') quoted = !quoted;
      line += char;
    }
  }
  return runtimeWords(line, copied);
}

function runtimeWords(line: string, copied: boolean): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (const [piece] of line.matchAll(/\\+"?|"|\s|[^\\"\s]+/g)) {
    if (piece.startsWith("\\")) {
      const count = piece.lastIndexOf("\\") + 1;
      const before = piece.endsWith('"');
      word = (word ?? "") + "\\".repeat(before || copied ? Math.floor(count / 2) : count);
      if (before && count % 2 === 1) word += '"';
      else if (before) quoted = !quoted;
      else if (copied && count % 2 === 1) word += "\\";
    } else if (piece === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (quoted || !/\s/.test(piece)) word = (word ?? "") + piece;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  if (quoted) throw unclosed('"');
  if (word !== null) words.push(word);
  return words;
}
