import { alignmentOf, cellsOf, FENCE, headingOf, htmlEnd, MARKER, RULE, UNDERLINE } from "./block-starts.ts";
import { copyOf, type Node, nodeOf, settleParagraph } from "./block-tree.ts";

/** Containers within containers beyond this depth are words: nobody sees them, and drawing recurses. */
const MAX_DEPTH = 50;

/**
 * Reads a text line by line into blocks.
 *
 * Source: CommonMark 0.31, appendix A parsing strategy, phase 1, and of GFM 0.29 tables.
 */
export class BlockReader {
  /** What is defined so far. */
  readonly definitions: Map<string, string>;
  /** The document, and in it each block that is not closed, the outermost first. */
  readonly #open: Node[];
  /** Whether the line before was blank where another block may follow. */
  #afterBlank: boolean;
  /** What of the line is not read yet, without tabs at its beginning, and the column of that. */
  #rest = "";
  #column = 0;

  constructor(origin?: BlockReader) {
    this.definitions = new Map(origin?.definitions);
    this.#open = origin === undefined ? [nodeOf("document")] : origin.#open.map(copyOf);
    for (const [level, node] of this.#open.entries()) this.#open[level - 1]?.children.splice(-1, 1, node);
    this.#afterBlank = origin !== undefined && origin.#afterBlank;
  }

  /** Closes what is open and returns the document. */
  end(): Node {
    this.#closeTo(1);
    return this.#tip;
  }

  /** Reads the next line, without its end. */
  line(text: string): void {
    this.#rest = text;
    this.#column = 0;
    this.#advance(0);
    const level = this.#continue();
    if (level !== null) this.#begin(level);
  }

  get #tip(): Node {
    return this.#open.at(-1) as Node;
  }

  get #isBlank(): boolean {
    return !/\S/.test(this.#rest);
  }

  get #indent(): number {
    return this.#rest.length - this.#rest.trimStart().length;
  }

  #advance(columns: number): void {
    this.#rest = this.#rest.slice(columns);
    this.#column += columns;
    const space = /^[ \t]*\t/.exec(this.#rest)?.[0];
    if (space === undefined) return;
    let column = this.#column;
    for (const char of space) column += char === "\t" ? 4 - (column % 4) : 1;
    this.#rest = " ".repeat(column - this.#column) + this.#rest.slice(space.length);
  }

  #closeTo(level: number): void {
    while (this.#open.length > level) {
      const node = this.#open.pop();
      if (node?.kind !== "paragraph") continue;
      const parent = this.#tip;
      settleParagraph(node, parent, this.definitions);
      if (node.lines.length === 0) parent.children.pop();
    }
  }

  /** Adds a block to the innermost of the containers below `level` that can hold it. */
  #push(node: Node, level: number): number {
    let depth = level;
    while (depth > 1) {
      const kind = this.#open[depth - 1]?.kind;
      const holds = kind === "list" ? node.kind === "item" : kind === "quote" || kind === "item";
      if (holds) break;
      depth -= 1;
    }
    this.#closeTo(depth);
    const parent = this.#tip;
    if (this.#afterBlank && parent.children.length > 0) {
      const list = parent.kind === "item" ? this.#open.at(-2) : parent;
      if (list !== undefined) list.isLoose = true;
    }
    parent.children.push(node);
    this.#open.push(node);
    return this.#open.length;
  }

  /** Finds which open blocks the line continues; null if that is all that it does. */
  #continue(): number | null {
    let level = 1;
    for (; level < this.#open.length; level += 1) {
      const node = this.#open[level];
      if (node === undefined || !this.#continues(node)) break;
    }
    const node = this.#open[level];
    const last = this.#open[level - 1];
    if (node?.kind === "code" && node.sign !== "" && this.#endsFence(node)) {
      this.#closeTo(level);
    } else if (last?.kind === "code" || last?.kind === "html") {
      last.lines.push(this.#rest);
      if (last.end?.test(this.#rest) === true) this.#closeTo(level - 1);
    } else return level;
    this.#afterBlank = false;
    return null;
  }

  #endsFence(node: Node): boolean {
    const text = this.#rest.trim();
    return (
      this.#indent < 4 && text.length >= node.sign.length && text === node.sign.charAt(0).repeat(text.length)
    );
  }

  #continues(node: Node): boolean {
    const isBlank = this.#isBlank;
    const indent = this.#indent;
    switch (node.kind) {
      case "list":
        return true;
      case "quote":
        if (isBlank || indent > 3 || this.#rest[indent] !== ">") return false;
        this.#advance(indent + 1);
        if (this.#rest.startsWith(" ")) this.#advance(1);
        return true;
      case "item":
        if (isBlank ? node.children.length === 0 : indent < node.indent) return false;
        this.#advance(isBlank ? this.#rest.length : node.indent);
        return true;
      case "code":
        if (node.sign !== "") {
          if (this.#endsFence(node)) return false;
          this.#advance(Math.min(indent, node.indent));
          return true;
        }
        if (!isBlank && indent < 4) return false;
        this.#advance(Math.min(indent, 4));
        return true;
      case "html":
        return node.end !== null || !isBlank;
      case "paragraph":
      case "table":
        return !isBlank;
      default:
        return false;
    }
  }

  /** Opens the blocks that begin in the line and gives its words to the innermost. */
  #begin(continued: number): void {
    let level = continued;
    for (let begun: number | null = level; begun !== null; ) {
      level = begun;
      begun = this.#isBlank ? null : this.#beginOne(level);
      if (begun === 0) {
        this.#afterBlank = false;
        return;
      }
    }
    const last = this.#open[level - 1];
    if (this.#isBlank) {
      this.#closeTo(level);
      this.#afterBlank = last?.kind !== "quote" && level === continued;
      return;
    }
    const words = this.#rest.trimStart();
    // a paragraph goes on, be it lazily
    if (this.#tip.kind === "paragraph") this.#tip.lines.push(words);
    else if (last?.kind === "table") this.#row(words, last);
    else this.#push(nodeOf("paragraph", { lines: [words] }), level);
    this.#afterBlank = false;
  }

  #row(line: string, table: Node): void {
    table.children.push(nodeOf("row", { lines: [line], number: table.align.length }));
  }

  /** Opens one block: the new level, 0 where the line has nothing left, null where none begins. */
  #beginOne(level: number): number | null {
    const indent = this.#indent;
    if (indent > 3) {
      if (this.#tip.kind === "paragraph" || this.#open[level - 1]?.kind === "table") return null;
      this.#advance(4);
      this.#push(nodeOf("code", { lines: [this.#rest] }), level);
      return 0;
    }
    const line = this.#rest.slice(indent);
    const container = this.#beginContainer(line, indent, level);
    return container ?? (this.#beginLeaf(line, indent, level) ? 0 : null);
  }

  #beginContainer(line: string, indent: number, level: number): number | null {
    if (level > MAX_DEPTH) return null;
    if (line.startsWith(">")) {
      const inner = this.#push(nodeOf("quote"), level);
      this.#advance(indent + 1);
      if (this.#rest.startsWith(" ")) this.#advance(1);
      return inner;
    }
    const [marker, bullet, digits, delimiter] = MARKER.exec(line) ?? [];
    const inParagraph = this.#open[level - 1]?.kind === "paragraph";
    if (marker === undefined || RULE.test(line) || (inParagraph && UNDERLINE.test(line))) return null;
    const isEmpty = line.slice(marker.length).trim() === "";
    const number = Number(digits ?? 1);
    if (inParagraph && (isEmpty || number !== 1)) return null;
    const sign = bullet ?? delimiter ?? "";
    const list = this.#open[level - 1];
    const inList =
      list?.kind === "list" && list.sign === sign
        ? level
        : this.#push(nodeOf("list", { sign, number }), level);
    this.#advance(indent + marker.length);
    const spaces = this.#indent;
    const padding = isEmpty || spaces > 4 ? 1 : spaces;
    const item = nodeOf("item", { indent: indent + marker.length + padding });
    const inner = this.#push(item, inList);
    this.#advance(isEmpty ? this.#rest.length : padding);
    return inner;
  }

  #beginLeaf(line: string, indent: number, level: number): boolean {
    const paragraph = this.#open[level - 1];
    const inParagraph = paragraph?.kind === "paragraph";
    const heading = headingOf(line);
    if (heading !== null) {
      this.#leaf(nodeOf("heading", { number: heading.depth, lines: [heading.text] }), level);
      return true;
    }
    const [, sign, info] = FENCE.exec(line) ?? [];
    if (sign !== undefined) {
      this.#push(nodeOf("code", { sign, info: info?.trim() ?? "", indent }), level);
      return true;
    }
    const end = htmlEnd(line, this.#tip.kind === "paragraph");
    if (end !== undefined) {
      const inner = this.#push(nodeOf("html", { lines: [this.#rest], end }), level);
      if (end?.test(line) === true) this.#closeTo(inner - 1);
      return true;
    }
    if (inParagraph && UNDERLINE.test(line) && this.#underline(paragraph, line)) return true;
    if (inParagraph && this.#beginTable(paragraph, line, level)) return true;
    if (!RULE.test(line)) return false;
    this.#leaf(nodeOf("hr"), level);
    return true;
  }

  /** Adds a block of one line. */
  #leaf(node: Node, level: number): void {
    this.#closeTo(this.#push(node, level) - 1);
  }

  #underline(paragraph: Node, line: string): boolean {
    const parent = this.#open.at(-2) as Node;
    settleParagraph(paragraph, parent, this.definitions);
    if (paragraph.lines.length === 0) return false;
    paragraph.kind = "heading";
    paragraph.number = line.startsWith("=") ? 1 : 2;
    this.#closeTo(this.#open.length - 1);
    return true;
  }

  #beginTable(paragraph: Node, line: string, level: number): boolean {
    const align = alignmentOf(line);
    const header = paragraph.lines.at(-1) ?? "";
    if (align === null || cellsOf(header).length !== align.length) return false;
    paragraph.lines.pop();
    if (paragraph.lines.length === 0) {
      this.#open.pop();
      this.#tip.children.pop();
    }
    const table = nodeOf("table", { align });
    this.#row(header, table);
    this.#push(table, level);
    return true;
  }
}
