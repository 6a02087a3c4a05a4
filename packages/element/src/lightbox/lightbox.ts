import { repeat } from "lit/directives/repeat.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";

/** One image to be looked at. */
export interface LightboxImage {
  readonly url: string;
  readonly name: string;
}

/** Shows images large, one at a time, over everything else. */
export class Lightbox {
  readonly #changed: () => void;
  #images: readonly LightboxImage[] = [];
  #index = 0;
  #state: "loading" | "shown" | "failed" = "loading";
  #opener: HTMLElement | null = null;
  #takesFocus = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isOpen(): boolean {
    return this.#images.length > 0;
  }

  /** Opens it at one of the images; `opener` gets the focus back. Does nothing without images. */
  open(images: readonly LightboxImage[], index: number, opener: HTMLElement | null): void {
    this.#images = images;
    this.#index = index;
    this.#state = "loading";
    this.#opener = opener;
    this.#takesFocus = images.length > 0;
    this.#changed();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#images = [];
    this.#changed();
  }

  /** Moves the focus in, and back out; to be called after each drawing, when nothing is inert any more. */
  settle(root: ParentNode): void {
    if (this.isOpen && this.#takesFocus) {
      this.#takesFocus = false;
      root.querySelector<HTMLElement>(".light .shut-it")?.focus();
    } else if (!this.isOpen && this.#opener !== null) {
      if (this.#opener.isConnected) this.#opener.focus();
      this.#opener = null;
    }
  }

  #go(by: number): void {
    const next = this.#index + by;
    if (next < 0 || next >= this.#images.length) return;
    this.#index = next;
    this.#state = "loading";
    this.#changed();
  }

  #became(state: "shown" | "failed"): void {
    this.#state = state;
    this.#changed();
  }

  readonly #key = (event: KeyboardEvent): void => {
    const { key, currentTarget } = event;
    const isRtl = currentTarget instanceof HTMLElement && currentTarget.matches(":dir(rtl)");
    if (key === "Escape") this.close();
    else if (key === "ArrowRight") this.#go(isRtl ? -1 : 1);
    else if (key === "ArrowLeft") this.#go(isRtl ? 1 : -1);
    else if (key === "Tab" && currentTarget instanceof HTMLElement) return keepWithin(event, currentTarget);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** The dialog; nothing while it is closed. */
  render(strings: Strings): TemplateResult | typeof nothing {
    const image = this.#images[this.#index];
    if (image === undefined) return nothing;
    const count = this.#images.length;
    const step = (by: number, label: string, name: string) =>
      count === 1
        ? html`<span></span>`
        : html`<button class="ib" type="button" aria-label=${label} aria-disabled=${this.#images[this.#index + by] === undefined ? "true" : nothing} @click=${() => this.#go(by)}>${icon(name, { flip: true })}</button>`;
    return html`<div class="light" part="lightbox" role="dialog" aria-modal="true" aria-labelledby="light-name" @keydown=${this.#key}>
      <header><h2 class="cut" id="light-name" dir="auto">${image.name}</h2><a class="ib" href=${image.url} download=${image.name} target="_blank" rel="noopener noreferrer" aria-label=${strings.downloadImage}>${icon("download")}</a><button class="ib shut-it" type="button" aria-label=${strings.closeImage} @click=${() => this.close()}>${icon("x")}</button></header>
      <div class="stage">${step(-1, strings.previousImage, "chevron-left")}<div class="hold">${
        this.#state === "failed"
          ? html`<p role="alert">${strings.imageLost(image.name)}</p>`
          : html`${this.#state === "loading" ? html`<span class="spin late" aria-hidden="true"></span>` : nothing}${repeat(
              [image],
              ({ url }) => url,
              () =>
                html`<img src=${image.url} alt=${image.name} referrerpolicy="no-referrer" @load=${() => this.#became("shown")} @error=${() => this.#became("failed")} />`,
            )}`
      }</div>${step(1, strings.nextImage, "chevron-right")}</div>
      <footer aria-live="polite">${count === 1 ? nothing : strings.imageOf(this.#index + 1, count)}</footer>
    </div>`;
  }
}

/** Turns the focus back at either end. */
function keepWithin(event: KeyboardEvent, dialog: HTMLElement): void {
  const all = [...dialog.querySelectorAll<HTMLElement>("button, a[href]")];
  const last = all.length - 1;
  const at = all.indexOf(event.target as HTMLElement);
  const next = event.shiftKey ? (at <= 0 ? last : null) : at === last ? 0 : null;
  if (next === null) return;
  event.preventDefault();
  all[next]?.focus();
}

/**
 * The images that a press of one of them opens: those of its group, else that one. Read from
 * what is drawn, so that every thumbnail (`button.shot`) leads here by itself; null for any
 * other press.
 */
export function pressedImages(event: Event): {
  readonly images: readonly LightboxImage[];
  readonly index: number;
  readonly opener: HTMLElement;
} | null {
  const opener = event.target instanceof Element ? event.target.closest<HTMLElement>("button.shot") : null;
  if (opener === null || opener.querySelector("img") === null) return null;
  const group = opener.closest(".shots");
  const thumbs = group === null ? [opener] : [...group.querySelectorAll<HTMLElement>("button.shot")];
  const images = thumbs.flatMap((thumb) => {
    const image = thumb.querySelector("img");
    return image === null ? [] : [{ thumb, url: image.src, name: image.alt }];
  });
  return { images, index: images.findIndex(({ thumb }) => thumb === opener), opener };
}
