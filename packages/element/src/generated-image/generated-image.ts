import type { GeneratedImageItem } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { copyButton } from "../base/copy-button.ts";
import { icon } from "../icon/icon.ts";
import { pictureAddress } from "../markdown/addresses.ts";
import type { Strings } from "../strings/en.ts";
import { copyImage } from "./copy-image.ts";

/** Where the making of an image stands. */
export interface ImageProgress {
  readonly growing: boolean;
  /** 0 to 1; null where the server does not tell. */
  readonly progress: number | null;
}

/** Remembers on the box whether its image could be loaded. */
function mark(event: Event): void {
  const image = event.currentTarget;
  if (image instanceof HTMLElement)
    image.closest(".made")?.toggleAttribute("data-lost", event.type === "error");
}

/**
 * An image that a model makes: a box of its later place, with what there is of it, and how far
 * it is. Finished, it opens in the lightbox and can be downloaded and copied.
 */
export function generatedImage(
  { image }: GeneratedImageItem,
  { growing, progress }: ImageProgress,
  strings: Strings,
  say: (text: string) => void,
): TemplateResult {
  const source = image === undefined ? null : pictureAddress(image.url);
  if (source === null && !growing)
    return html`<p class="ended" part="generated-image">${icon("image", { small: true })}${strings.imageFailed}</p>`;
  const percent = progress === null ? null : Math.round(Math.min(1, Math.max(0, progress)) * 100);
  const words = percent === null ? strings.drawing : strings.drawingDone(percent);
  const veil = growing
    ? html`<div class="veil"><span>${words}</span>${
        percent === null
          ? html`<span class="spin" aria-hidden="true"></span>`
          : html`<span class="bar" role="progressbar" aria-label=${strings.drawing} aria-valuenow=${percent} aria-valuemin="0" aria-valuemax="100"><i .style=${`inline-size:${percent}%`}></i></span>`
      }</div>`
    : nothing;
  const shown =
    source === null
      ? nothing
      : html`<img src=${source} alt=${strings.generatedImage} referrerpolicy="no-referrer" @error=${mark} @load=${mark} />`;
  const picture =
    growing || source === null
      ? shown
      : html`<button class="shot" type="button" aria-label=${strings.openGenerated}>${shown}</button>`;
  return html`<figure class="made ${growing ? "growing" : ""}" part="generated-image">${picture}<p class="lost">${icon("image", { small: true })}${strings.imageLost(strings.generatedImage)}</p>${veil}</figure>${
    growing || source === null
      ? nothing
      : html`<div class="acts" role="group" aria-label=${strings.aboutImage}><a class="ib s" part="action" href=${source} download target="_blank" rel="noopener noreferrer" aria-label=${strings.downloadImage}>${icon("download", { small: true })}</a>${copyButton(
          {
            text: { write: () => copyImage(source) },
            label: strings.copyImage,
            className: "ib s",
            part: "action",
          },
          strings,
          say,
        )}</div>`
  }`;
}
