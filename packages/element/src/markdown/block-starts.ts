/** How the blocks of a text begin. Source: CommonMark 0.31, 4 Leaf blocks, 5 Container blocks. */

const SECTIONS =
  "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul";

/** How raw HTML begins, and what its last line contains; null for a blank line behind it. */
const HTML: readonly (readonly [begin: RegExp, end: RegExp | null])[] = [
  [/^<(?:script|pre|style|textarea)(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [new RegExp(`^</?(?:${SECTIONS})(?:\\s|/?>|$)`, "i"), null],
];
const LONE_TAG =
  /^<(?:[a-z][a-z0-9-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?|\/[a-z][a-z0-9-]*\s*)>\s*$/i;

/**
 * What ends the raw HTML that a line begins: a pattern, or null for a blank line; undefined if
 * it begins none. A lone tag does not interrupt a paragraph.
 */
export function htmlEnd(line: string, inParagraph: boolean): RegExp | null | undefined {
  if (!line.startsWith("<")) return undefined;
  const known = HTML.find(([begin]) => begin.test(line));
  if (known !== undefined) return known[1];
  return !inParagraph && LONE_TAG.test(line) ? null : undefined;
}

/** A rule across the page. */
export const RULE = /^(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/;
/** What makes a heading of the paragraph above. */
export const UNDERLINE = /^(?:=+|-+)[ \t]*$/;
/** The fence of code, and what stands behind it. */
export const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
/** The marker of an item. */
export const MARKER = /^(?:([*+-])|(\d{1,9})([.)]))(?=[ \t]|$)/;

const heading = /^(#{1,6})(?:[ \t]|$)/;
const delimiters = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** A heading that begins with `#`, and its words; null if the line is none. */
export function headingOf(line: string): { depth: number; text: string } | null {
  const depth = heading.exec(line)?.[1]?.length;
  if (depth === undefined) return null;
  const text = line.slice(depth).trim();
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  // what closes a heading stands alone
  const isClosed = end === 0 || " \t".includes(text.charAt(end - 1));
  return { depth, text: isClosed ? text.slice(0, end).trimEnd() : text };
}

/** The cells of a line of a table, as they are written; `\|` is a sign within a cell. */
export function cellsOf(line: string): readonly string[] {
  const cells: string[] = [];
  const text = line.trim();
  let cell = "";
  let from = text.startsWith("|") ? 1 : 0;
  for (let at = from; at < text.length; at += 1) {
    const isEscaped = text[at] === "\\" && text[at + 1] === "|";
    if (!isEscaped && text[at] !== "|") continue;
    cell += text.slice(from, at);
    if (isEscaped) cell += text.charAt(++at);
    else {
      cells.push(cell.trim());
      cell = "";
    }
    from = at + 1;
  }
  if (from < text.length || cell !== "") cells.push((cell + text.slice(from)).trim());
  return cells;
}

/** How the columns of a table are aligned that this line begins below a header; null if it begins none. */
export function alignmentOf(line: string): readonly ("left" | "center" | "right" | null)[] | null {
  if (!/[|:]/.test(line) || !delimiters.test(line)) return null;
  return cellsOf(line).map((cell) => {
    const isLeft = cell.startsWith(":");
    if (cell.endsWith(":")) return isLeft ? "center" : "right";
    return isLeft ? "left" : null;
  });
}
