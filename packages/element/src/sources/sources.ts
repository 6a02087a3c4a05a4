import type { AssistantMessageItem, Source } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import { linkAddress } from "../markdown/addresses.ts";
import type { Strings } from "../strings/en.ts";
import { markOf, withoutMarks } from "./marks.ts";

/** Sources of an answer that are listed openly; of more, the list is folded. */
const OPEN_UP_TO = 3;
/** Sources of a task that are shown before the rest is behind a button, if that hides more than one. */
const CHIPS = 2;
/** The sources of an answer, each once, in the order of their first use; a source's number is its place. */
export function sourcesOf(items: readonly AssistantMessageItem[]): readonly Source[] {
  const sources = new Map<string, Source>();
  for (const item of items)
    for (const part of item.content)
      for (const { source } of part.annotations)
        if (!sources.has(keyOf(source))) sources.set(keyOf(source), source);
  return [...sources.values()];
}

/** Changes whenever the numbers of sources could. */
export function keyOfSources(sources: readonly Source[]): string {
  return sources.map(keyOf).join("\n");
}

function keyOf(source: Source): string {
  if (source.type === "url") return `url ${source.url}`;
  return source.type === "file" ? `file ${source.filename} ${source.title}` : `entity ${source.id}`;
}

/** The text of a part with a mark wherever one of the sources is cited; marks of the text's own are taken out. */
export function markCitations(
  part: AssistantMessageItem["content"][number],
  sources: readonly Source[],
): string {
  const numbers = new Map(sources.map((source, index) => [keyOf(source), index + 1]));
  const cited = part.annotations
    .flatMap(({ index, source }) =>
      index === undefined ? [] : [{ index, number: numbers.get(keyOf(source)) ?? 0 }],
    )
    .sort((one, other) => one.index - other.index);
  let text = "";
  let at = 0;
  for (const { index, number } of cited) {
    text += withoutMarks(part.text.slice(at, Math.max(at, index))) + (number > 0 ? markOf(number) : "");
    at = Math.max(at, index);
  }
  return text + withoutMarks(part.text.slice(at));
}

/** The number that stands in a text; leads to the source, and shows it while it is pointed at. */
export function citation(number: number, source: Source, strings: Strings): TemplateResult {
  return html`<span class="cited"><button class="cite" type="button" part="citation" data-cites=${number} aria-label=${strings.source(number, source.title)} @click=${jump} @pointerenter=${keepInView} @focus=${keepInView}>${number}</button><span class="peek" aria-hidden="true"><b>${source.title}</b>${placeOf(source, strings)}</span></span>`;
}

/** Moves what is shown of a source inwards, where the edge of the conversation would cut it. */
function keepInView({ currentTarget }: Event): void {
  const peek = currentTarget instanceof Element ? currentTarget.nextElementSibling : null;
  const frame = peek?.closest(".log")?.getBoundingClientRect();
  if (!(peek instanceof HTMLElement) || frame === undefined) return;
  peek.style.marginInlineStart = "0px";
  const { left, right } = peek.getBoundingClientRect();
  const inwards = Math.min(0, frame.right - 8 - right) + Math.max(0, frame.left + 8 - left);
  const isMirrored = getComputedStyle(peek).direction === "rtl";
  peek.style.marginInlineStart = `${isMirrored ? -inwards : inwards}px`;
}

function jump({ currentTarget }: Event): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const number = currentTarget.dataset["cites"];
  const target = currentTarget
    .closest(".turn")
    ?.querySelector<HTMLElement>(`.sources [data-source="${number}"]`);
  if (!target) return;
  target.closest("details")?.setAttribute("open", "");
  cameFrom.set(target, currentTarget);
  target.focus();
}

const cameFrom = new WeakMap<Element, HTMLElement>();

/** Esc in a source leads back to where it was cited. */
function goBack(event: KeyboardEvent): void {
  const item = event.target instanceof Element ? event.target.closest("[data-source]") : null;
  const citing = item === null ? undefined : cameFrom.get(item);
  if (event.key !== "Escape" || citing === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  citing.focus();
}

/** Where a source is from: a host, a file, the words of whoever made the entity. */
export function placeOf(source: Source, strings: Strings): string {
  if (source.type === "url") return source.attribution ?? hostOf(source.url);
  if (source.type === "file") return strings.file;
  return source.label ?? source.description ?? "";
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, "") : "";
}

/** The list of sources; nothing for none. */
export function sourceList(sources: readonly Source[], strings: Strings): TemplateResult | typeof nothing {
  if (sources.length === 0) return nothing;
  return html`<details class="fold" part="sources" ?open=${sources.length <= OPEN_UP_TO}><summary>${icon("chevron-right", { small: true, also: "chev" })}${strings.sources(sources.length)}</summary><ol class="sources" @keydown=${goBack}>${sources.map(
    (source, index) =>
      html`<li data-source=${index + 1} tabindex="-1"><span>${index + 1}</span><span><bdi>${sourceTitle(source)}</bdi></span><span class="from">${placeOf(source, strings)}</span></li>`,
  )}</ol></details>`;
}

function sourceTitle(source: Source): TemplateResult | string {
  const address = source.type === "url" ? linkAddress(source.url) : null;
  if (address === null) return source.title;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${source.title}</a>`;
}

function showAll({ currentTarget }: Event): void {
  const chips = currentTarget instanceof HTMLElement ? currentTarget.closest(".chips") : null;
  chips?.setAttribute("data-all", "");
  chips?.querySelector<HTMLElement>(".beyond > *")?.focus(); // the button that had the focus is gone
}

/** Sources of a task, as chips: the first of them, the rest behind a button; nothing for none. */
export function sourceChips(sources: readonly Source[], strings: Strings): TemplateResult | typeof nothing {
  if (sources.length === 0) return nothing;
  const hidden = sources.length > CHIPS + 1 ? sources.length - CHIPS : 0;
  return html`<ul class="row chips" aria-label=${strings.sources(sources.length)}>${sources.map(
    (source, index) => {
      const address = source.type === "url" ? linkAddress(source.url) : null;
      const label = source.type === "url" ? placeOf(source, strings) || source.title : source.title;
      const content = html`${icon(source.type === "url" ? "globe" : "file-text")}<span class="cut" dir="auto">${label}</span>`;
      const isBeyond = hidden > 0 && index >= CHIPS;
      return html`<li class=${isBeyond ? "beyond" : ""}>${address === null ? html`<span class="src" tabindex=${isBeyond ? "-1" : nothing}>${content}</span>` : html`<a class="src" href=${address} target="_blank" rel="noopener noreferrer" aria-label=${`${source.title}, ${label}`}>${content}</a>`}</li>`;
    },
  )}${hidden === 0 ? nothing : html`<li class="more"><button class="src" type="button" dir="ltr" aria-label=${strings.moreSources(hidden)} @click=${showAll}>+${hidden}</button></li>`}</ul>`;
}
