import type { InputTag } from "@waybill/protocol";
import { html, type TemplateResult } from "lit/html.js";
import { ref } from "../base/ref.ts";
import { icon } from "../icon/icon.ts";
import { tagIcon } from "./entity.ts";

const tags = new WeakMap<Element, InputTag>();

/** Remembers which tag an element shows. */
export function markTag(element: Element, tag: InputTag): void {
  tags.set(element, tag);
}

/** The tag an element shows; undefined if it shows none. */
export function tagOfElement(element: Element): InputTag | undefined {
  return tags.get(element);
}

/** The element of the tag an event happened in; null if it did not. */
export function tagElementOf(event: Event): HTMLElement | null {
  const [target] = event.composedPath();
  const element = target instanceof Element ? target.closest<HTMLElement>(".tag") : null;
  return element !== null && tags.has(element) ? element : null;
}

/** What stands inside of a tag. */
export function tagContent(tag: InputTag): TemplateResult {
  const name = tagIcon(tag);
  return html`${name === undefined ? "" : icon(name)}${tag.text}`;
}

/** A tag in a message: a button if there is something behind it. */
export function tagView(tag: InputTag): TemplateResult {
  const mark = ref((element) => markTag(element, tag));
  return tag.interactive === true
    ? html`<button class="tag" part="tag" type="button" ${mark}>${tagContent(tag)}</button>`
    : html`<span class="tag" part="tag" ${mark}>${tagContent(tag)}</span>`;
}
