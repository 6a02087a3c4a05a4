import { css } from "../base/css.ts";

/** Questions and their native controls. */
export const structuredInputStyles = css`
  .ask { margin-inline: calc(-1 * var(--wb-hang)); border: 1px solid var(--wb-line); border-radius: var(--wb-r-l); background: var(--wb-raised); padding: var(--wb-4) calc(var(--wb-hang) - 1px); display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--wb-5); }
  .ask legend, .ask .q { padding: 0; font-weight: var(--wb-w-strong); font-size: var(--wb-t-lg); line-height: 1.4; }
  .ask .hint { color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.5; margin-block-start: 2px; }
  .ask .wrong { color: var(--wb-danger-text); font-size: var(--wb-t-md); line-height: 1.45; }
  .ask .wrong:empty { display: none; }
  .ask .area { margin-block-start: 12px; }
  .opts { display: grid; gap: 6px; margin-block-start: var(--wb-3); }
  .opt { display: flex; align-items: center; gap: 10px; min-block-size: max(44px, var(--wb-control)); padding: 8px 13px; border: 1px solid var(--wb-line); border-radius: var(--wb-r-m); font-size: var(--wb-t-md); line-height: 1.4; cursor: pointer; }
  .opt:hover { background: var(--wb-hover); }
  .opt:has(:checked) { border-color: var(--wb-accent); background: var(--wb-accent-soft); box-shadow: inset 0 0 0 1px var(--wb-accent); }
  .opt:has(:focus-visible) { outline: var(--wb-ring); outline-offset: var(--wb-ring-gap); }
  .opt :focus-visible { outline: 0; }
  input:is([type="radio"], [type="checkbox"]) { appearance: none; flex: none; inline-size: 18px; block-size: 18px; margin: 0; border: 1.5px solid var(--wb-edge); background: var(--wb-surface); display: inline-grid; place-content: center; cursor: pointer; }
  input[type="radio"] { border-radius: 50%; }
  input[type="checkbox"] { border-radius: min(5px, var(--wb-r-s)); }
  input:is([type="radio"], [type="checkbox"]):checked { background: var(--wb-accent); border-color: var(--wb-accent); }
  input[type="radio"]:checked::before { content: ""; inline-size: 7px; block-size: 7px; border-radius: 50%; background: var(--wb-on-accent); }
  input[type="checkbox"]:checked::before { content: ""; inline-size: 9px; block-size: 5px; margin-block-start: -2px; border: solid var(--wb-on-accent); border-width: 0 0 2px 2px; rotate: -45deg; }
  .area { display: block; resize: vertical; inline-size: 100%; min-block-size: calc(var(--wb-control) * 2.2); padding: 6px var(--wb-3); border: 1px solid var(--wb-edge); border-radius: min(var(--wb-r-m), 10px); background: var(--wb-surface); font-size: var(--wb-t-md); line-height: 1.45; }
  .area:focus-visible { outline-offset: -1px; border-color: transparent; }
  .btn.ghost { border-color: transparent; }
  .btn[aria-disabled="true"] { color: var(--wb-text-off); border-color: var(--wb-line); background: transparent; cursor: default; }
  .given { display: grid; gap: var(--wb-3); font-size: var(--wb-t-md); line-height: 1.5; }
  .given dt { color: var(--wb-text-2); }
  .given dd { font-weight: var(--wb-w-medium); white-space: pre-line; }
  .given dd.none { font-weight: var(--wb-w-text); color: var(--wb-text-2); }

  @media (forced-colors: active) { input:is([type="radio"], [type="checkbox"]) { appearance: auto; } .opt:has(:checked) { outline: 2px solid Highlight; outline-offset: -2px; } }
`;
