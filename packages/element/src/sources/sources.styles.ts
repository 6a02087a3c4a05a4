import { css } from "../base/css.ts";

/** Citations, the list of sources, and everything that folds. */
export const sourcesStyles = css`
  .fold > summary { display: inline-flex; align-items: center; gap: 6px; min-block-size: 32px; color: var(--wb-text-2); font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); border-radius: var(--wb-r-s); }
  .fold > summary > .chev:first-child { margin-inline-start: -4px; margin-inline-end: -2px; }
  .fold > summary > :is(.i, .spin):first-child:not(.chev) { margin-inline: 1px 5px; }
  .fold > summary:hover { color: var(--wb-text); }
  .sources { display: grid; margin-block-start: var(--wb-1); }
  .sources li { display: grid; grid-template-columns: 1.75em 1fr auto; align-items: baseline; gap: var(--wb-1); padding-block: var(--wb-2); border-block-start: 1px solid var(--wb-line); font-size: var(--wb-t-md); line-height: 1.45; }
  .sources li:focus { outline: var(--wb-ring); outline-offset: 0; border-radius: var(--wb-r-s); }
  .sources li > :first-child { color: var(--wb-text-2); font-size: var(--wb-t-sm); font-variant-numeric: tabular-nums; }
  .sources a { color: var(--wb-text); text-decoration: none; font-weight: var(--wb-w-medium); }
  .sources a:hover { text-decoration: underline; }
  .sources .from { color: var(--wb-text-2); font-size: var(--wb-t-sm); padding-inline-start: var(--wb-2); }
  .cited { position: relative; }
  .cite { position: relative; display: inline-block; min-inline-size: 1.45em; border: 0; padding: 0 0.35em; margin-inline-start: 0.2em; border-radius: min(6px, var(--wb-r-s)); background: var(--wb-sunken); box-shadow: inset 0 0 0 1px var(--wb-line); color: var(--wb-text-2); font-size: var(--wb-t-xs); font-weight: var(--wb-w-medium); line-height: 1.5; text-align: center; vertical-align: 0.16em; font-variant-numeric: tabular-nums; cursor: pointer; }
  .cite:hover { background: var(--wb-accent); box-shadow: none; color: var(--wb-on-accent); }
  .peek { position: absolute; inset-block-end: calc(100% + 6px); inset-inline-start: -8px; z-index: 2; display: none; inline-size: max-content; max-inline-size: min(240px, 50cqi); padding: 8px 12px; border-radius: var(--wb-r-m); background: var(--wb-raised); box-shadow: var(--wb-shadow-float); color: var(--wb-text-2); font-size: var(--wb-t-sm); font-weight: var(--wb-w-text); line-height: 1.4; text-align: start; user-select: none; pointer-events: none; }
  .peek b { color: var(--wb-text); font-weight: var(--wb-w-medium); }
  .cite:is(:hover, :focus-visible) + .peek { display: grid; animation: appear 0s 200ms backwards; }
  .src { display: inline-flex; align-items: center; gap: 6px; max-inline-size: 100%; min-block-size: 26px; padding: 1px 9px; border: 1px solid var(--wb-line); border-radius: var(--wb-r-control); font-size: var(--wb-t-sm); color: var(--wb-text); text-decoration: none; line-height: 1.4; }
  :is(a, button).src:hover { border-color: var(--wb-edge); }
  button.src { background: transparent; cursor: pointer; }
  .chips:not([data-all]) > .beyond, .chips[data-all] > .more { display: none; }
  .src .i { inline-size: 13px; block-size: 13px; color: var(--wb-text-2); }
  .chips > li { max-inline-size: 100%; min-inline-size: 0; }

  @container kb (max-width: 520px) { .sources li { grid-template-columns: 1.75em 1fr; } .sources .from { grid-column: 2; padding: 0; } }
  @media (pointer: coarse) {
    .fold > summary { min-block-size: var(--wb-touch); }
    .cite::after { content: ""; position: absolute; inset: 50%; margin: calc(var(--wb-touch) / -2); inline-size: var(--wb-touch); block-size: var(--wb-touch); }
    .src { min-block-size: var(--wb-touch); min-inline-size: var(--wb-touch); justify-content: center; }
  }
  @media (forced-colors: active) { .cite, .peek { border: 1px solid CanvasText; } .cite:hover { forced-color-adjust: none; background: Highlight; color: HighlightText; } }
`;
