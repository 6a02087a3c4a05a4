import { formatSize } from "@waybill/protocol";
import { repeat } from "lit/directives/repeat.js";
import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { fileKind } from "../attachments/file-kind.ts";
import { splitFileName } from "../attachments/file-name.ts";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";
import type { FilePolicy, Refusal } from "./file-policy.ts";
import type { TrayItem } from "./uploads.ts";

/** What can be done with the files of a draft. */
export interface TrayView {
  readonly strings: Strings;
  readonly items: readonly TrayItem[];
  readonly retry: (key: number) => void;
  readonly remove: (key: number) => void;
  /** Gives the focus to the field. */
  readonly leave: () => void;
}

/** A preview that cannot be loaded gives its place to the icon below it. */
function hide(event: Event): void {
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.hidden = true;
}

function meta(item: TrayItem, strings: Strings): string {
  const size = item.sizeBytes === null ? null : formatSize(item.sizeBytes);
  switch (item.state) {
    case "reserved":
      return strings.uploadWaits;
    case "uploading":
      return size === null || item.sentBytes === 0
        ? strings.uploadStarts
        : strings.uploadProgress(formatSize(item.sentBytes), size);
    case "failed":
      return item.fault?.reason ?? "";
    case "ready":
      return size ?? strings.fileTypes[fileKind(item.mimeType).name];
  }
}

function bar({ name, state, sentBytes, sizeBytes }: TrayItem): TemplateResult | typeof nothing {
  if (state === "ready" || state === "reserved") return nothing;
  const percent = sizeBytes ? Math.min(100, Math.round((sentBytes / sizeBytes) * 100)) : 0;
  // Drawn, not styled: a page's policy may forbid style attributes.
  return html`<svg class="bar ${state === "failed" ? "bad" : ""}" viewBox="0 0 100 1" preserveAspectRatio="none" role="progressbar" aria-label=${name} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent}>${svg`<rect width=${percent} height="1"></rect>`}</svg>`;
}

/** The neighbour that gets the focus when a file goes: the next, else the one before, else the field. */
function removeFrom(row: Element | null, key: number, { remove, leave }: TrayView): void {
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  if (next instanceof HTMLElement) next.focus();
  else leave();
  remove(key);
}

function pressKey(event: KeyboardEvent, key: number, view: TrayView): void {
  const row = event.currentTarget;
  if (!(row instanceof HTMLElement)) return;
  const isRtl = row.matches(":dir(rtl)");
  const onto = (next: Element | null | undefined) => {
    if (next instanceof HTMLElement) next.focus();
  };
  if (event.key === "Delete" || event.key === "Backspace") removeFrom(row, key, view);
  else if (event.key === (isRtl ? "ArrowRight" : "ArrowLeft")) onto(row.previousElementSibling);
  else if (event.key === "Escape") view.leave();
  else if (event.key === (isRtl ? "ArrowLeft" : "ArrowRight")) {
    if (row.nextElementSibling === null) view.leave();
    else onto(row.nextElementSibling);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function chip(item: TrayItem, view: TrayView): TemplateResult {
  const { strings } = view;
  const { start, end } = splitFileName(item.name);
  const preview = item.thumbnail ?? item.attachment?.preview_url;
  const button = (label: string, name: string, act: (event: Event) => void) =>
    html`<button class="ib s" type="button" aria-label=${label} @click=${act}>${icon(name, { small: true })}</button>`;
  const isMoving = item.state === "reserved" || item.state === "uploading";
  return html`<li class="file ${item.state === "failed" ? "bad" : ""}" part="attachment" tabindex="-1" data-state=${item.state} @keydown=${(event: KeyboardEvent) => pressKey(event, item.key, view)}>
    <span class="sheet">${preview === undefined ? nothing : html`<img src=${preview} alt="" referrerpolicy="no-referrer" @error=${hide} />`}${icon(fileKind(item.mimeType).icon)}</span>
    <span class="grow"><span class="name" dir="auto"><span>${start}</span><span>${end}</span></span><span class="meta num">${meta(item, strings)}</span>${bar(item)}</span>
    ${item.state === "failed" && item.file !== null && item.fault?.mayRetry ? button(strings.uploadAgain(item.name), "rotate-ccw", () => view.retry(item.key)) : nothing}
    ${button((isMoving ? strings.cancelUpload : strings.remove)(item.name), "x", (event) =>
      removeFrom(
        event.currentTarget instanceof Element ? event.currentTarget.closest("li") : null,
        item.key,
        view,
      ),
    )}
  </li>`;
}

/** The files of a draft; nothing for none. */
export function tray(view: TrayView): TemplateResult | typeof nothing {
  if (view.items.length === 0) return nothing;
  return html`<ul class="tray" aria-label=${view.strings.attachmentsToSend}>${repeat(
    view.items,
    ({ key }) => key,
    (item) => chip(item, view),
  )}</ul>`;
}

/** Why files were not taken, one sentence each. */
export function refusalText(refusal: Refusal, strings: Strings): string {
  const { name } = refusal;
  switch (refusal.reason) {
    case "size":
      return strings.tooLarge(name, formatSize(refusal.sizeBytes), formatSize(refusal.maxBytes));
    case "type":
      return strings.typeNotAccepted(name);
    case "folder":
      return strings.isFolder(name);
    case "count":
      return strings.tooMany(name, refusal.maxCount);
  }
}

/** One note in the composer: what it says first, the rest, and how it goes. */
export function composerNote(
  title: string,
  text: string,
  label: string,
  dismiss: () => void,
): TemplateResult {
  return html`<div class="refused" role="note">${icon("triangle-alert")}<p class="grow">${title === "" ? nothing : html`<b>${title}</b> `}${text}</p><button class="ib s" type="button" aria-label=${label} @click=${dismiss}>${icon("x", { small: true })}</button></div>`;
}

/** What is accepted, in words, for the overlay of a drop. */
export function acceptedText(policy: FilePolicy, strings: Strings): string {
  const kinds = policy.patterns.map((pattern) => {
    const family = pattern.endsWith("/*") ? pattern.slice(0, -2).toLowerCase() : "";
    if (family === "image" || family === "video" || family === "audio" || family === "text")
      return strings.fileKinds[family];
    return strings.fileTypes[fileKind(pattern).name];
  });
  const limit = Math.max(...(policy.patterns.length === 0 ? ["*/*"] : policy.patterns).map(policy.maxBytes));
  const words = [...new Set(kinds)].join(", ");
  return strings.accepted(
    words === "" ? strings.anyFiles : words[0]?.toUpperCase() + words.slice(1),
    formatSize(limit),
  );
}
