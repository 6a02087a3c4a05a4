import { css } from "../base/css.ts";

/** Markdown, its tables and code, and the caret of an answer that is being written. */
export const proseStyles = css`
  .link { border: 0; padding: 0; background: none; color: var(--wb-accent-text); text-align: start; text-decoration: underline 1px color-mix(in oklab, currentColor 45%, transparent); text-underline-offset: 0.18em; cursor: pointer; }
  .prose > * + * { margin-block-start: calc(var(--wb-u) * 3.5); }
  .prose > h4, .prose > h5, .prose > h6 { font-weight: var(--wb-w-strong); line-height: 1.3; margin-block-start: var(--wb-6); }
  .prose > :first-child { margin-block-start: 0; }
  /* the look follows the Markdown level, the element follows the outline */
  .prose > [data-level="1"] { font-size: var(--wb-t-2xl); letter-spacing: var(--wb-track-tight); }
  .prose > [data-level="2"] { font-size: var(--wb-t-xl); }
  .prose > [data-level="3"] { font-size: var(--wb-t-lg); }
  .prose > h4 + *, .prose > h5 + *, .prose > h6 + * { margin-block-start: var(--wb-2); }
  .prose strong { font-weight: var(--wb-w-strong); }
  .prose ul, .prose ol { padding-inline-start: 1.375em; display: grid; gap: var(--wb-1); }
  .prose ul { list-style: disc; } .prose ol { list-style: decimal; }
  .prose li::marker { color: var(--wb-text-2); font-variant-numeric: tabular-nums; }
  .prose li > ul { margin-block-start: var(--wb-1); }
  .prose blockquote { padding-inline-start: var(--wb-4); border-inline-start: 2px solid var(--wb-edge); color: var(--wb-text-2); }
  .prose code { font: 0.875em / 1.5 var(--waybill-font-mono); font-variant-ligatures: none; padding: 0.12em 0.36em; border-radius: min(5px, var(--wb-r-s)); background: var(--wb-sunken); box-shadow: inset 0 0 0 1px var(--wb-line); }
  .prose hr { border: 0; border-block-start: 1px solid var(--wb-line); margin-block: var(--wb-6); }
  .wide { overflow-x: auto; margin-inline: calc(-1 * var(--wb-hang)); padding-inline: var(--wb-hang); }
  table { border-collapse: collapse; min-inline-size: 100%; inline-size: max-content; font-size: var(--wb-t-md); line-height: 1.45; overflow-wrap: normal; }
  th { font-size: var(--wb-t-sm); font-weight: var(--wb-w-medium); color: var(--wb-text-2); text-align: start; white-space: nowrap; }
  th, td { padding: var(--wb-2) var(--wb-4) var(--wb-2) 0; border-block-end: 1px solid var(--wb-line); vertical-align: baseline; }
  :dir(rtl) :is(th, td) { padding: var(--wb-2) 0 var(--wb-2) var(--wb-4); }
  thead th { border-block-end-color: var(--wb-edge); padding-block-start: 0; }
  :is(th, td).end { text-align: end; font-variant-numeric: tabular-nums; }
  :is(th, td):last-child { padding-inline-end: 0; }

  .code { margin-inline: calc(-1 * var(--wb-hang)); border-radius: var(--wb-r-l); background: var(--wb-code-bg); overflow: clip; }
  .code figcaption { display: flex; align-items: center; justify-content: space-between; min-block-size: 40px; padding-inline: var(--wb-hang) 6px; font-size: var(--wb-t-sm); color: var(--wb-text-2); }
  .code pre { overflow-x: auto; padding: 0 var(--wb-hang) var(--wb-4); direction: ltr; text-align: start; font: calc(var(--wb-size) * 0.8125) / 1.65 var(--waybill-font-mono); tab-size: 2; overflow-wrap: normal; font-variant-ligatures: none; }
  .code pre:focus-visible { outline-offset: -2px; }
  .prose pre code { all: unset; }
  .btn.copy { color: var(--wb-text-2); border-color: transparent; min-block-size: 28px; padding: 2px 10px; gap: 6px; font-size: var(--wb-t-sm); }
  .btn.copy:hover { color: var(--wb-text); }
  .btn.copy.done { color: var(--wb-success-text); }

  .caret { display: inline-block; inline-size: 2px; block-size: 1.1em; margin-inline-start: 2px; background: var(--wb-accent); vertical-align: -0.18em; }
  .caret.wait { animation: breathe 1.2s ease-in-out infinite alternate; }
  @keyframes breathe { from { opacity: 1; } to { opacity: 0.15; } }
  .prose .raw { white-space: pre-wrap; }
  .prose img { border-radius: var(--wb-r-m); max-block-size: 420px; }
  .prose li > p + p { margin-block-start: var(--wb-2); }
  .prose li > ol { margin-block-start: var(--wb-1); }
  .prose li.task { list-style: none; margin-inline-start: -1.375em; display: grid; grid-template-columns: 1.375em minmax(0, 1fr); }
  .prose li.task > .i { margin-block-start: 0.32em; color: var(--wb-text-2); }
  td { max-inline-size: 26em; }
  :is(th, td).mid { text-align: center; }

  @media (prefers-reduced-motion: reduce) { .caret.wait { animation: none; } }
  @media (forced-colors: active) { .code { border: 1px solid CanvasText; } .caret { background: Highlight; forced-color-adjust: none; } }
`;
