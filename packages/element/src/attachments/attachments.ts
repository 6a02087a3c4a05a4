import type { Attachment, ImageAttachment } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import { pictureAddress } from "../markdown/addresses.ts";
import type { Strings } from "../strings/en.ts";
import { fileKind } from "./file-kind.ts";
import { shownName, splitFileName } from "./file-name.ts";

/** Images shown before the rest is behind a button. */
const SHOWN = 3;

/** A file as a row: icon by type, its name with the end kept. */
function fileChip({ name, mime_type: mimeType }: Attachment, strings: Strings): TemplateResult {
  const { start, end } = splitFileName(name);
  const kind = fileKind(mimeType);
  return html`<li class="file" part="attachment"><span class="sheet">${icon(kind.icon)}</span><span class="grow"><span class="name" dir="auto"><span>${start}</span><span>${end}</span></span><span class="meta">${strings.fileTypes[kind.name]}</span></span></li>`;
}

/** Files as a list; nothing for none. */
export function fileList(files: readonly Attachment[], strings: Strings): TemplateResult | typeof nothing {
  if (files.length === 0) return nothing;
  return html`<ul class="files" aria-label=${strings.files}>${files.map((file) => fileChip(file, strings))}</ul>`;
}

/** An image that cannot be loaded is named, in the place where it would be. */
function markLost(event: Event): void {
  const image = event.currentTarget;
  if (image instanceof HTMLElement) image.closest(".shot")?.setAttribute("data-lost", "");
}

/** The address may have been renewed. */
function markFound(event: Event): void {
  const image = event.currentTarget;
  if (image instanceof HTMLElement) image.closest(".shot")?.removeAttribute("data-lost");
}

function shot(image: ImageAttachment, more: string, strings: Strings): TemplateResult {
  const source = pictureAddress(image.preview_url);
  const name = shownName(image.name);
  const content = html`<img src=${source ?? nothing} alt=${name} referrerpolicy="no-referrer" @error=${markLost} @load=${markFound} /><span class="lost">${icon("image")}<span>${strings.imageLost(name)}</span></span>`;
  return source === null
    ? html`<span class="shot ${more}" part="attachment">${content}</span>`
    : html`<button class="shot ${more}" part="attachment" type="button" aria-label=${strings.openImage(name)}>${content}</button>`;
}

function showAll(event: Event): void {
  const group = event.currentTarget instanceof HTMLElement ? event.currentTarget.closest(".shots") : null;
  group?.setAttribute("data-all", "");
  const next = group?.querySelector<HTMLElement>(".beyond");
  next?.focus(); // the button that had the focus is gone
}

/** Images: one alone in its own shape, several as tiles, three of them and the rest behind a button; nothing for none. */
export function imageGroup(
  images: readonly ImageAttachment[],
  strings: Strings,
): TemplateResult | typeof nothing {
  const [first] = images;
  if (first === undefined) return nothing;
  if (images.length === 1) return shot(first, "one", strings);
  const hidden = images.length > SHOWN + 1 ? images.length - SHOWN : 0;
  return html`<div class="shots" role="group" aria-label=${strings.images}>${images.map((image, index) =>
    shot(image, hidden > 0 && index >= SHOWN ? "beyond" : "", strings),
  )}${hidden === 0 ? nothing : html`<button class="shot more" type="button" dir="ltr" aria-label=${strings.moreImages(hidden)} @click=${showAll}>+${hidden}</button>`}</div>`;
}
