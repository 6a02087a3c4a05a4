import { html, nothing, type TemplateResult } from "lit/html.js";
import { findIcon } from "./icons.ts";

/** How an icon is drawn. */
export interface IconLook {
  /** 16 px in the place of 18. */
  readonly small?: boolean;
  /** Filled, not only outlined. */
  readonly fill?: boolean;
  /** Mirrored from right to left, for arrows. */
  readonly flip?: boolean;
  /** Further class names. */
  readonly also?: string;
}

/** An icon, hidden from assistive technology; nothing for an unknown name. */
export function icon(name: string, look: IconLook = {}): TemplateResult | typeof nothing {
  const path = findIcon(name);
  if (path === undefined) return nothing;
  const classes = ["i", look.small && "s", look.fill && "fill", look.flip && "flip", look.also];
  return html`<svg class=${classes.filter(Boolean).join(" ")} viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}
