import { cellsOf } from "./block-starts.ts";
import { readInlines } from "./inlines.ts";
import { takeDefinitions, unescape } from "./targets.ts";
import type { Block, Inline, Item, Row, Table } from "./tokens.ts";

/** Addresses by the normal form of their labels. */
export type Definitions = ReadonlyMap<string, string>;

/** One block while its text is read. Those that are closed never change again. */
export interface Node {
  kind: Exclude<Block["type"], "codeblock"> | "document" | "item" | "row" | "code";
  children: Node[];
  lines: string[];
  /** The level of a heading, the number of a list's first item. */
  number: number;
  /** The column from which the content of an item counts; how far a fence is indented. */
  indent: number;
  /** The sign of a list's items; the fence of code, "" for code that is indented. */
  sign: string;
  /** What stands behind a fence; in the brackets of a task. */
  info: string;
  isLoose: boolean;
  align: Table["align"];
  /** What ends raw HTML: see `htmlEnd`. */
  end: RegExp | null;
  /** What is drawn, once that is known. */
  view: Block | Item | Row | null;
  /** The labels that were looked for, and what was found. */
  sought: Map<string, string | undefined> | null;
}

/** A new node, with what differs from an empty one. */
export function nodeOf(kind: Node["kind"], differs: Partial<Node> = {}): Node {
  return {
    kind,
    children: [],
    lines: [],
    number: 0,
    indent: 0,
    sign: "",
    info: "",
    isLoose: false,
    align: [],
    end: null,
    view: null,
    sought: null,
    ...differs,
  };
}

/** A copy that may change while its origin does not. */
export function copyOf(node: Node): Node {
  return { ...node, children: [...node.children], lines: [...node.lines], view: null, sought: null };
}

/** Short rows of a table are filled up to this many cells, so that a small text stays a small tree. */
const MAX_ADDED = 100;

const TASK = /^\[([ xX])\][ \t]+(?=\S)/;

/** Ends a paragraph: definitions at its beginning go into the map, the mark of a task to its item. */
export function settleParagraph(paragraph: Node, parent: Node, definitions: Map<string, string>): void {
  const first = paragraph.lines[0] ?? "";
  if (!first.startsWith("[")) return;
  const [mark, info] = (parent.kind === "item" && parent.children[0] === paragraph && TASK.exec(first)) || [];
  if (mark !== undefined && info !== undefined) {
    parent.info = info;
    paragraph.lines[0] = first.slice(mark.length);
    return;
  }
  const rest = takeDefinitions(paragraph.lines.join("\n"), definitions);
  paragraph.lines = rest === "" ? [] : rest.split("\n");
}

/** Drops what was drawn with definitions that are others now. */
export function forgetOutdated(node: Node, definitions: Definitions): boolean {
  let isOutdated = false;
  for (const [label, href] of node.sought ?? []) isOutdated ||= definitions.get(label) !== href;
  for (const child of node.children) isOutdated = forgetOutdated(child, definitions) || isOutdated;
  if (isOutdated) node.view = null;
  return isOutdated;
}

/** What is drawn of a node's children: the same objects as before where nothing changed. */
export function viewsOf(node: Node, definitions: Definitions): readonly Block[] {
  return node.children.map((child) => viewOf(child, definitions) as Block);
}

function viewOf(node: Node, definitions: Definitions): Block | Item | Row {
  node.view ??= draw(node, definitions);
  return node.view;
}

function inlinesOf(node: Node, text: string, definitions: Definitions): readonly Inline[] {
  return readInlines(text, (label) => {
    const href = definitions.get(label);
    node.sought ??= new Map();
    node.sought.set(label, href);
    return href;
  });
}

function draw(node: Node, definitions: Definitions): Block | Item | Row {
  const { kind, lines, children } = node;
  const blocks = () => viewsOf(node, definitions);
  const inner = (text: string) => inlinesOf(node, text.trimEnd(), definitions);
  switch (kind) {
    case "heading":
      return { type: kind, depth: node.number, inner: inner(lines.join("\n")) };
    case "code":
      return { type: "codeblock", lang: unescape(node.info), text: codeOf(node) };
    case "html":
      return { type: kind, text: lines.join("\n") };
    case "hr":
      return { type: kind };
    case "quote":
      return { type: kind, blocks: blocks() };
    case "list": {
      const items = children.map((child) => viewOf(child, definitions) as Item);
      return {
        type: kind,
        ordered: ").".includes(node.sign),
        start: node.number,
        loose: node.isLoose,
        items,
      };
    }
    case "item":
      return { type: kind, checked: node.info === "" ? null : node.info !== " ", blocks: blocks() };
    case "table": {
      const [header, ...rows] = children.map((child) => viewOf(child, definitions) as Row);
      return { type: kind, align: node.align, header: header ?? { type: "row", cells: [] }, rows };
    }
    case "row": {
      const cells = cellsOf(lines[0] ?? "").slice(0, node.number);
      while (cells.length < Math.min(node.number, MAX_ADDED)) cells.push("");
      return { type: kind, cells: cells.map(inner) };
    }
    default:
      return { type: "paragraph", inner: inner(lines.join("\n")) };
  }
}

function codeOf({ lines, sign }: Node): string {
  if (sign !== "") return lines.join("\n");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, last + 1).join("\n");
}
