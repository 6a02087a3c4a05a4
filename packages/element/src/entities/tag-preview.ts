import { html, nothing, type TemplateResult } from "lit/html.js";
import { Ref, ref } from "../base/ref.ts";
import { type EntityHandlers, entityOf } from "./entity.ts";
import { tagElementOf, tagOfElement } from "./tags.ts";

/** A rest on a tag before its preview is asked for. */
const REST_MS = 200;

/** Clicks on tags, and previews of what rests under the pointer or has the focus. */
export class TagPreview {
  readonly #handlers: () => EntityHandlers;
  readonly #changed: () => void;
  readonly #later: (act: () => void, delayMs: number) => void;
  readonly #box = new Ref();
  #anchor: HTMLElement | null = null;
  #texts: readonly string[] = [];
  #turn = 0;

  constructor(
    handlers: () => EntityHandlers,
    changed: () => void,
    later: (act: () => void, delayMs: number) => void,
  ) {
    this.#handlers = handlers;
    this.#changed = changed;
    this.#later = later;
  }

  /** Listens on the root of the element for as long as it lives. */
  listen(root: HTMLElement | DocumentFragment): void {
    const rest = (event: Event) => this.#rest(tagElementOf(event));
    root.addEventListener("pointerover", rest);
    root.addEventListener("focusin", rest);
    root.addEventListener("focusout", () => this.#rest(null));
    root.addEventListener("pointerleave", () => this.#rest(null));
    root.addEventListener("keydown", (event) => {
      if (event instanceof KeyboardEvent && event.key === "Escape" && this.#texts.length > 0) {
        event.stopPropagation();
        this.#rest(null);
      }
    });
    root.addEventListener("click", (event) => {
      const element = tagElementOf(event);
      const tag = element === null ? undefined : tagOfElement(element);
      if (tag?.interactive === true) this.#handlers().click?.(entityOf(tag));
    });
  }

  #rest(anchor: HTMLElement | null): void {
    const tag = anchor === null ? undefined : tagOfElement(anchor);
    const wanted = tag?.interactive === true ? anchor : null;
    if (wanted === this.#anchor) return;
    this.#anchor = wanted;
    this.#turn += 1;
    const turn = this.#turn;
    if (this.#texts.length > 0) {
      this.#texts = [];
      this.#changed();
    }
    if (tag === undefined || wanted === null) return;
    this.#later(() => void this.#ask(turn, tag), REST_MS);
  }

  async #ask(turn: number, tag: NonNullable<ReturnType<typeof tagOfElement>>): Promise<void> {
    const { preview } = this.#handlers();
    if (turn !== this.#turn || preview === null) return;
    const texts = await preview(entityOf(tag)).catch(() => null); // the tag itself says enough
    if (turn !== this.#turn || texts === null) return;
    this.#texts = texts;
    this.#changed();
  }

  /** Puts the preview beside its tag. To be called when it has been drawn. */
  settle(): void {
    const box = this.#box.value;
    const parent = box?.offsetParent;
    if (box === undefined || this.#anchor === null || !parent) return;
    const tag = this.#anchor.getBoundingClientRect();
    const frame = parent.getBoundingClientRect();
    const left = Math.min(tag.left - frame.left, frame.width - box.offsetWidth - 8);
    const above = tag.top - frame.top - box.offsetHeight - 6;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${above < 8 ? tag.bottom - frame.top + 6 : above}px`;
  }

  /** The preview; nothing while there is none. */
  render(): TemplateResult | typeof nothing {
    if (this.#texts.length === 0) return nothing;
    const [title, ...rest] = this.#texts;
    return html`<div class="preview" role="tooltip" part="preview" ${ref(this.#box.take)}><b>${title}</b>${rest.map((text) => html`<p>${text}</p>`)}</div>`;
  }
}
