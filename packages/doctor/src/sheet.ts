import { styleText } from "node:util";

/** How a text looks; without colours it does not matter. */
export type Look = "bold" | "red" | "green" | "yellow" | "cyan" | "dim";

/** How a report is drawn. */
export interface ReportOptions {
  /** Columns; sentences are broken there, code and addresses are not. Fewer than 40 count as 40. @default 100 */
  readonly width?: number;
  /** Whether it may have colours. @default false */
  readonly colour?: boolean;
}

const NARROWEST = 40;

/** A text that grows line by line. Control characters of what is written are shown, and never reach a terminal. */
export class Sheet {
  readonly #lines: string[] = [];
  readonly #width: number;
  readonly #colour: boolean;

  constructor({ width = 100, colour = false }: ReportOptions) {
    this.#width = Math.max(width, NARROWEST);
    this.#colour = colour;
  }

  /** An empty line, unless there is one already. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
  }

  /** A line as it is. */
  line(indent: number, text: string, look?: Look): void {
    this.#lines.push(" ".repeat(indent) + this.#paint(visible(text), look));
  }

  /** Sentences, broken between words; from the second line on `hanging` columns further in. */
  prose(indent: number, text: string, look?: Look, hanging = 0): void {
    let rest = visible(text.trim());
    let margin = indent;
    do {
      const room = this.#width - margin;
      const end = breakOf(rest, room);
      this.#lines.push(" ".repeat(margin) + this.#paint(rest.slice(0, end).trimEnd(), look));
      rest = rest.slice(end).trimStart();
      margin = indent + hanging;
    } while (rest !== "");
  }

  toString(): string {
    return `${this.#lines.join("\n").trimEnd()}\n`;
  }

  #paint(text: string, look: Look | undefined): string {
    return !this.#colour || look === undefined || text === ""
      ? text
      : styleText(look, text, { validateStream: false });
  }
}

/** Where a text is broken; a word that is longer than the room stays whole. */
function breakOf(text: string, room: number): number {
  if (text.length <= room) return text.length;
  const before = text.lastIndexOf(" ", room);
  const end = before > 0 ? before : text.indexOf(" ", room);
  return end === -1 ? text.length : end;
}

/** Servers write what they like: an escape sequence in a header must not rule the terminal. */
const visible = (text: string): string =>
  text
    .replaceAll("\t", "  ")
    .replace(
      /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
      (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
    );
