import { css } from "../base/css.ts";

/** A person's message: the slip, the quote above it and its tags. */
export const messageStyles = css`
  .slip { margin-inline: calc(-1 * var(--wb-hang)); padding: var(--wb-3) var(--wb-hang); border-radius: var(--wb-r-l); background: var(--wb-user); }
  .slip > p { white-space: pre-line; }
  .slip:has(> .shot:first-child) { padding-block-start: var(--wb-hang); }
  .slip > * + * { margin-block-start: var(--wb-3); }
  .slip > .quote { padding-inline-start: var(--wb-3); border-inline-start: 2px solid var(--wb-edge); color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.5; }
  .slip > .quote p { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
  .tag { display: inline-block; max-inline-size: 100%; padding: 0 6px; border-radius: var(--wb-r-s); background: var(--wb-accent-soft); box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--wb-accent) 22%, transparent); color: var(--wb-accent-text); font: inherit; font-weight: var(--wb-w-medium); line-height: 1.35; border: 0; cursor: pointer; vertical-align: baseline; }
  .tag .i { display: inline-block; inline-size: 13px; block-size: 13px; margin-inline-end: 3px; vertical-align: -1.5px; }
  .tag:hover { box-shadow: inset 0 0 0 1px var(--wb-accent); }
  .slip.sending > * { opacity: 0.72; }
  .slip > p:empty { display: none; }
  span.tag { cursor: default; }

  @media (forced-colors: active) { .slip, .tag { border: 1px solid CanvasText; } }
`;
