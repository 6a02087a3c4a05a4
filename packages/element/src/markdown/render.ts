import { html, nothing, type TemplateResult } from "lit";
import type { MarkedToken, Tokens } from "marked";
import { copyButton } from "../base/copy-button.ts";
import { icon } from "../icon/icon.ts";
import { drawMarks, marksIn, withoutMarks } from "../sources/marks.ts";
import type { Strings } from "../strings/en.ts";
import { imageAddress, linkAddress } from "./addresses.ts";
import { innerTokens } from "./blocks.ts";
import { parseDeeplink } from "./deeplink.ts";
import { decodeEntities } from "./entities.ts";
import { languageName } from "./languages.ts";
import { countLines } from "./plain-text.ts";
import { scrolls } from "./scrolls.ts";

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

type Drawn = TemplateResult | string | typeof nothing | readonly Drawn[];

/**
 * Draws one block. Every string from the text becomes a text node or a checked address: no
 * markup is parsed, so raw HTML is shown as it is written. `tail` stands behind the last word.
 */
export function renderBlock(token: MarkedToken, topLevel: number, tail: Drawn, context: ProseContext): Drawn {
  const draw = (inner: readonly MarkedToken[], end: Drawn = nothing) => blocks(inner, topLevel, end, context);
  const words = (inner: { readonly tokens?: readonly unknown[] }) => inlines(innerTokens(inner), context);
  switch (token.type) {
    case "paragraph":
      return html`<p dir="auto">${words(token)}${tail}</p>`;
    case "text":
      return "tokens" in token && token.tokens !== undefined
        ? [words(token), tail]
        : [written(token.text, context), tail];
    case "heading":
      return heading(token.depth, topLevel, [words(token), tail]);
    case "blockquote":
      return html`<blockquote dir="auto">${draw(innerTokens(token), tail)}</blockquote>`;
    case "list": {
      const items = token.items.map((item, index) =>
        listItem(item, draw(innerTokens(item), index === token.items.length - 1 ? tail : nothing)),
      );
      return token.ordered
        ? html`<ol dir="auto" start=${token.start === "" || token.start === 1 ? nothing : token.start}>${items}</ol>`
        : html`<ul dir="auto">${items}</ul>`;
    }
    case "code":
      return [code(token, context), cited(token, context), tail];
    case "table":
      return [table(token, context), tail];
    case "hr":
      return [html`<hr />`, tail];
    case "html":
      return html`<p class="raw" dir="auto">${withoutMarks(token.text).trimEnd()}${cited(token, context)}${tail}</p>`;
    case "space":
    case "def":
    case "checkbox":
      return nothing;
    default:
      return [inline(token, context), tail];
  }
}

function blocks(tokens: readonly MarkedToken[], topLevel: number, tail: Drawn, context: ProseContext): Drawn {
  return tokens.map((token, index) =>
    renderBlock(token, topLevel, index === tokens.length - 1 ? tail : nothing, context),
  );
}

function heading(depth: number, topLevel: number, content: Drawn): TemplateResult {
  const level = 4 + depth - topLevel;
  if (level <= 4) return html`<h4 dir="auto" data-level=${depth}>${content}</h4>`;
  if (level === 5) return html`<h5 dir="auto" data-level=${depth}>${content}</h5>`;
  return html`<h6 dir="auto" data-level=${depth}>${content}</h6>`;
}

function listItem(item: Tokens.ListItem, content: Drawn): TemplateResult {
  if (!item.task) return html`<li>${content}</li>`;
  return html`<li class="task">${icon(item.checked === true ? "check" : "square", { small: true })}<div>${content}</div></li>`;
}

function code(token: Tokens.Code, { strings, say }: ProseContext): TemplateResult {
  const language = languageName(token.lang) ?? strings.plainCode;
  const text = withoutMarks(token.text);
  const lines = countLines(text);
  return html`<figure class="code" part="code"><figcaption><span>${language}</span>${copyButton(
    { text: () => text, label: strings.copy, className: "btn copy", shown: true },
    strings,
    say,
  )}</figcaption><pre ${scrolls("group", strings.codeLabel(language, lines))}><code>${text}</code></pre></figure>`;
}

function table(token: Tokens.Table, context: ProseContext): TemplateResult {
  const label = context.strings.tableLabel(token.header.length, token.rows.length);
  const side = (cell: Tokens.TableCell) =>
    cell.align === "right" ? "end" : cell.align === "center" ? "mid" : nothing;
  const words = (cell: Tokens.TableCell) => inlines(innerTokens(cell), context);
  return html`<div class="wide" part="table" ${scrolls("region", label)}><table dir="auto">
    <thead><tr>${token.header.map((cell) => html`<th scope="col" class=${side(cell)}>${words(cell)}</th>`)}</tr></thead>
    <tbody>${token.rows.map((row) => html`<tr>${row.map((cell) => html`<td class=${side(cell)}>${words(cell)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

function inlines(tokens: readonly MarkedToken[], context: ProseContext): Drawn {
  return tokens.map((token) => inline(token, context));
}

function inline(token: MarkedToken, context: ProseContext): Drawn {
  switch (token.type) {
    case "text":
      return "tokens" in token && token.tokens !== undefined
        ? inlines(innerTokens(token), context)
        : written(token.text, context);
    case "escape":
      return token.text;
    case "strong":
      return html`<strong>${inlines(innerTokens(token), context)}</strong>`;
    case "em":
      return html`<em>${inlines(innerTokens(token), context)}</em>`;
    case "del":
      return html`<del>${inlines(innerTokens(token), context)}</del>`;
    case "codespan":
      return [html`<code>${withoutMarks(token.text)}</code>`, cited(token, context)];
    case "br":
      return html`<br />`;
    case "html":
      // The one tag that Markdown has no short form for inside of a table.
      return /^<br\s*\/?>$/i.test(token.text)
        ? html`<br />`
        : [withoutMarks(token.text), cited(token, context)];
    case "link":
      return link(token, context);
    case "image":
      return image(token, context);
    default:
      return nothing;
  }
}

/** Words as they are read, with the numbers of what they cite. */
function written(text: string, { cite }: ProseContext): Drawn {
  return drawMarks(decodeEntities(text), cite ?? (() => nothing));
}

/** The numbers that stood in what cannot hold them, behind it. */
function cited({ raw }: { readonly raw: string }, { cite }: ProseContext): Drawn {
  return cite === undefined ? nothing : marksIn(raw).map(cite);
}

function link(token: Tokens.Link, context: ProseContext): Drawn {
  const href = decodeEntities(withoutMarks(token.href));
  if (parseDeeplink(href) !== null)
    return html`<button class="link" type="button" data-deeplink=${href}>${inlines(innerTokens(token), { ...context, cite: () => nothing })}</button>`;
  const address = linkAddress(href);
  if (address === null) return inlines(innerTokens(token), context);
  // a number is a button, which cannot stand in a link
  const content = inlines(innerTokens(token), { ...context, cite: () => nothing });
  return [anchor(address, content), cited(token, context)];
}

/** A link in a new tab, which learns nothing of the page it was opened from. */
function anchor(address: string, content: Drawn): TemplateResult {
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${content}</a>`;
}

function image(token: Tokens.Image, { strings, allowedImageDomains }: ProseContext): Drawn {
  const href = decodeEntities(withoutMarks(token.href));
  const alt = decodeEntities(withoutMarks(token.text));
  const source = imageAddress(href, allowedImageDomains);
  if (source !== null)
    return html`<img src=${source} alt=${alt} loading="lazy" referrerpolicy="no-referrer" />`;
  const address = linkAddress(href);
  const instead = strings.imageNotLoaded(alt || href);
  return address === null ? instead : anchor(address, instead);
}
