import type { DirectiveResult } from "lit/directive.js";
import { guard } from "lit/directives/guard.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { copyButton } from "../base/copy-button.ts";
import { icon } from "../icon/icon.ts";
import { drawMarks, marksIn, withoutMarks } from "../sources/marks.ts";
import type { Strings } from "../strings/en.ts";
import { imageAddress, linkAddress } from "./addresses.ts";
import { parseDeeplink } from "./deeplink.ts";
import { languageName } from "./languages.ts";
import { countLines } from "./plain-text.ts";
import { scrolls } from "./scrolls.ts";
import type { Block, Code, Image, Inline, Item, Link, List, Row, Table } from "./tokens.ts";

/** What the drawing of Markdown needs to know. */
export interface ProseContext {
  readonly strings: Strings;
  /** See `imageAddress`. */
  readonly allowedImageDomains: readonly string[] | undefined;
  /** Tells those who listen. */
  readonly say: (text: string) => void;
  /** Draws the number of a cited source; without it, a text has no marks. */
  readonly cite?: (number: number) => TemplateResult | typeof nothing;
}

type Drawn = TemplateResult | string | typeof nothing | DirectiveResult | readonly Drawn[];

/** How many blocks, items or rows that did not change cost one comparison. */
const GROUP = 32;

/**
 * Draws blocks, each of them anew only where it is another than before. Every string from the
 * text becomes a text node or a checked address: no markup is parsed, so raw HTML is shown as it
 * is written. `tail` stands behind the last word.
 */
export function drawBlocks(
  blocks: readonly Block[],
  topLevel: number,
  tail: Drawn,
  context: ProseContext,
): Drawn {
  return drawEach(blocks, [topLevel], tail, context, (block, end) =>
    drawBlock(block, topLevel, end, context),
  );
}

/** Draws each of many, only where it, or one of the values that all depend on, is another than before. */
function drawEach<One>(
  all: readonly One[],
  values: readonly unknown[],
  tail: Drawn,
  context: ProseContext,
  draw: (one: One, tail: Drawn) => Drawn,
): Drawn {
  const shared = [...values, context.allowedImageDomains, context.strings];
  const groups = Array.from({ length: Math.ceil(all.length / GROUP) }, (_, group) =>
    all.slice(group * GROUP, (group + 1) * GROUP),
  );
  return groups.map((group, place) => {
    const last = place === groups.length - 1 ? group.length - 1 : -1;
    const end = last === -1 ? nothing : tail;
    return guard([...group, ...shared, end], () =>
      group.map((one, index) => {
        const own = index === last ? end : nothing;
        return guard([one, ...shared, own], () => draw(one, own));
      }),
    );
  });
}

function drawBlock(block: Block, topLevel: number, tail: Drawn, context: ProseContext): Drawn {
  switch (block.type) {
    case "paragraph":
      return html`<p dir="auto">${inlines(block.inner, context)}${tail}</p>`;
    case "heading":
      return heading(block.depth, topLevel, [inlines(block.inner, context), tail]);
    case "quote":
      return html`<blockquote dir="auto">${drawBlocks(block.blocks, topLevel, tail, context)}</blockquote>`;
    case "list":
      return list(block, topLevel, tail, context);
    case "codeblock":
      return [code(block, context), cited(block.text, context), tail];
    case "table":
      return [table(block, context), tail];
    case "hr":
      return [html`<hr />`, tail];
    case "html":
      return html`<p class="raw" dir="auto">${withoutMarks(block.text).trimEnd()}${cited(block.text, context)}${tail}</p>`;
  }
}

function list(
  { items, loose, ordered, start }: List,
  topLevel: number,
  tail: Drawn,
  context: ProseContext,
): Drawn {
  const drawn = drawEach(items, [topLevel, loose], tail, context, (item, end) =>
    listItem(item, loose, topLevel, end, context),
  );
  return ordered
    ? html`<ol dir="auto" start=${start === 1 ? nothing : start}>${drawn}</ol>`
    : html`<ul dir="auto">${drawn}</ul>`;
}

function listItem(item: Item, loose: boolean, topLevel: number, tail: Drawn, context: ProseContext): Drawn {
  const { blocks, checked } = item;
  const content = loose
    ? drawBlocks(blocks, topLevel, tail, context)
    : blocks.map((block, index) => {
        const end = index === blocks.length - 1 ? tail : nothing;
        return block.type === "paragraph"
          ? [inlines(block.inner, context), end]
          : drawBlocks([block], topLevel, end, context);
      });
  const ends = blocks.length === 0 ? tail : nothing;
  if (checked === null) return html`<li>${content}${ends}</li>`;
  return html`<li class="task">${icon(checked ? "check" : "square", { small: true })}<div>${content}</div></li>`;
}

function heading(depth: number, topLevel: number, content: Drawn): TemplateResult {
  const level = 4 + depth - topLevel;
  if (level <= 4) return html`<h4 dir="auto" data-level=${depth}>${content}</h4>`;
  if (level === 5) return html`<h5 dir="auto" data-level=${depth}>${content}</h5>`;
  return html`<h6 dir="auto" data-level=${depth}>${content}</h6>`;
}

function code(token: Code, { strings, say }: ProseContext): TemplateResult {
  const language = languageName(token.lang) ?? strings.plainCode;
  const text = withoutMarks(token.text);
  const lines = countLines(text);
  return html`<figure class="code" part="code"><figcaption><span>${language}</span>${copyButton(
    { text: () => text, label: strings.copy, className: "btn copy", shown: true },
    strings,
    say,
  )}</figcaption><pre ${scrolls("group", strings.codeLabel(language, lines))}><code>${text}</code></pre></figure>`;
}

function table({ align, header, rows }: Table, context: ProseContext): TemplateResult {
  const label = context.strings.tableLabel(header.cells.length, rows.length);
  const sides = align.map((side) => (side === "right" ? "end" : side === "center" ? "mid" : nothing));
  const cells = (
    row: Row,
    draw: (side: string | typeof nothing | undefined, words: Drawn) => TemplateResult,
  ) => row.cells.map((cell, index) => draw(sides[index], inlines(cell, context)));
  const body = drawEach(
    rows,
    [],
    nothing,
    context,
    (row) => html`<tr>${cells(row, (side, words) => html`<td class=${side}>${words}</td>`)}</tr>`,
  );
  return html`<div class="wide" part="table" ${scrolls("region", label)}><table dir="auto">
    <thead><tr>${cells(header, (side, words) => html`<th scope="col" class=${side}>${words}</th>`)}</tr></thead>
    <tbody>${body}</tbody>
  </table></div>`;
}

function inlines(inner: readonly Inline[], context: ProseContext): Drawn {
  return inner.map((one) => inline(one, context));
}

function inline(one: Inline, context: ProseContext): Drawn {
  switch (one.type) {
    case "text":
      // words as they are read, with the numbers of what they cite
      return drawMarks(one.text, context.cite ?? (() => nothing));
    case "strong":
      return html`<strong>${inlines(one.inner, context)}</strong>`;
    case "em":
      return html`<em>${inlines(one.inner, context)}</em>`;
    case "del":
      return html`<del>${inlines(one.inner, context)}</del>`;
    case "code":
      return [html`<code>${withoutMarks(one.text)}</code>`, cited(one.text, context)];
    case "br":
      return html`<br />`;
    case "html":
      // The one tag that Markdown has no short form for inside of a table.
      return /^<br\s*\/?>$/i.test(one.text)
        ? html`<br />`
        : [withoutMarks(one.text), cited(one.text, context)];
    case "link":
      return link(one, context);
    case "image":
      return image(one, context);
  }
}

/** The numbers that stood in what cannot hold them, behind it. */
function cited(text: string, { cite }: ProseContext): Drawn {
  return cite === undefined ? nothing : marksIn(text).map(cite);
}

function link(one: Link, context: ProseContext): Drawn {
  const href = withoutMarks(one.href);
  const isDeep = parseDeeplink(href) !== null;
  const address = linkAddress(href);
  if (!isDeep && address === null) return inlines(one.inner, context);
  // a number is a button, which cannot stand in a link
  const content = inlines(one.inner, { ...context, cite: () => nothing });
  if (address === null)
    return html`<button class="link" type="button" data-deeplink=${href}>${content}</button>`;
  return [anchor(address, content), cited(one.raw, context)];
}

/** A link in a new tab, which learns nothing of the page it was opened from. */
function anchor(address: string, content: Drawn): TemplateResult {
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${content}</a>`;
}

function image(one: Image, { strings, allowedImageDomains }: ProseContext): Drawn {
  const href = withoutMarks(one.href);
  const alt = withoutMarks(one.text);
  const source = imageAddress(href, allowedImageDomains);
  if (source !== null)
    return html`<img src=${source} alt=${alt} loading="lazy" referrerpolicy="no-referrer" />`;
  const address = linkAddress(href);
  const instead = strings.imageNotLoaded(alt || href);
  return address === null ? instead : anchor(address, instead);
}
