import { css } from "../base/css.ts";

/** The error card. */
export const errorCardStyles = css`
  details > summary { list-style: none; cursor: pointer; }
  details > summary::-webkit-details-marker { display: none; }
  summary .chev { transition: transform var(--wb-move) var(--wb-out); }
  details[open] > summary .chev { transform: rotate(90deg); }
  :dir(rtl) details:not([open]) > summary .chev { transform: scaleX(-1); }
  .err { margin-inline: calc(-1 * var(--wb-hang)); border: 1px solid var(--wb-danger-line); border-radius: var(--wb-r-l); background: var(--wb-surface); overflow: clip; }
  .err > div { padding: var(--wb-4) calc(var(--wb-hang) - 1px); }
  .err h3 { font-size: var(--wb-t-lg); font-weight: var(--wb-w-strong); line-height: 1.4; text-wrap: pretty; }
  .err .top { display: grid; grid-template-columns: 18px 1fr; gap: 0 10px; }
  .err .top > .i { color: var(--wb-danger-text); margin-block-start: 2px; }
  .err .top > :not(.i) { grid-column: 2; }
  .err .top p { margin-block-start: var(--wb-2); font-size: var(--wb-t-md); line-height: 1.55; text-wrap: pretty; }
  .err ul.also { margin-block-start: var(--wb-1); padding-inline-start: 1.2em; list-style: disc; color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.55; }
  .err .row { margin-block-start: var(--wb-4); }
  .sure { display: inline-flex; align-items: center; gap: 7px; color: var(--wb-text-2); font-size: var(--wb-t-sm) !important; }
  .sure i { display: inline-flex; gap: 2px; } .sure i::before { content: ""; }
  .sure s { inline-size: 10px; block-size: 4px; border-radius: 1px; background: transparent; box-shadow: inset 0 0 0 1px var(--wb-edge); }
  .sure s.on { background: var(--wb-text-2); box-shadow: none; }
  .err details { border-block-start: 1px solid var(--wb-line); background: var(--wb-sunken); }
  .err summary { display: flex; align-items: center; gap: 10px; min-block-size: 44px; padding-inline: calc(var(--wb-hang) - 1px); font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); }
  .err summary:focus-visible { outline-offset: -3px; border-radius: var(--wb-r-l); }
  .err summary .i { inline-size: 16px; block-size: 16px; color: var(--wb-text-2); margin-inline: 1px; }
  .err .dev { padding: 0 calc(var(--wb-hang) - 1px) var(--wb-4); padding-inline-start: calc(var(--wb-hang) + 27px); }
  .err dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px var(--wb-4); font-size: var(--wb-t-sm); line-height: 1.6; }
  .err dt { color: var(--wb-text-2); } .err dd { min-inline-size: 0; } .err dd .ib { vertical-align: middle; margin-block: -4px; }
  .mono { font-variant-ligatures: none; font-family: var(--waybill-font-mono); font-size: 0.923em; direction: ltr; unicode-bidi: isolate; }
  .cmd { display: flex; align-items: center; gap: var(--wb-2); margin-block-start: var(--wb-3); padding: 6px 6px 6px var(--wb-3); border: 1px solid var(--wb-line); border-radius: var(--wb-r-m); background: var(--wb-surface); direction: ltr; }
  .cmd code { flex: 1; min-inline-size: 0; font: var(--wb-t-sm) / 1.6 var(--waybill-font-mono); font-variant-ligatures: none; overflow-wrap: anywhere; }
  .cmd .ib { margin: 0; }
  .dev .cap { margin-block-start: var(--wb-4); font-size: var(--wb-t-sm); color: var(--wb-text-2); line-height: 1.5; }
  .err .top strong { font-weight: var(--wb-w-strong); }
  .err .dev > p:last-child { margin-block-start: 12px; }

  @container kb (max-width: 520px) {
    .err dl { grid-template-columns: 1fr; gap: 0; } .err dd + dt { margin-block-start: 8px; }
    .err .dev { padding-inline-start: calc(var(--wb-hang) - 1px); }
  }
  @media (forced-colors: active) { .sure s.on { background: Highlight; forced-color-adjust: none; } }
`;
