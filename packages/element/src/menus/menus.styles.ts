import { css } from "../base/css.ts";

/** Menus and lists above the composer, and the buttons that open them. */
export const menuStyles = css`
  .menu { inline-size: min(100%, 320px); padding: 6px; border-radius: min(var(--wb-r-l), 14px); background: var(--wb-raised); box-shadow: var(--wb-shadow-float); font-size: var(--wb-t-md); line-height: 1.4; }
  .menu .grp { padding: 8px 10px 4px; color: var(--wb-text-2); font-size: var(--wb-t-sm); font-weight: var(--wb-w-medium); }
  .menu p.grp { padding-block-end: 8px; }
  .menu > :is([role="menu"], [role="listbox"]) { border-radius: inherit; }
  .menu > :focus-visible { outline: 0; }
  .mi { display: flex; align-items: center; gap: 10px; inline-size: 100%; min-block-size: 36px; padding: 6px 10px; border: 0; border-radius: min(var(--wb-r-m), 8px); background: transparent; text-align: start; cursor: pointer; }
  .mi .i { color: var(--wb-text-2); }
  .mi .i.tick { color: var(--wb-accent-text); margin-inline-start: auto; }
  .mi small { display: block; font-size: var(--wb-t-sm); color: var(--wb-text-2); }
  .mi.is-active { background: var(--wb-hover); }
  .menu:has(:focus-visible) .mi.is-active { outline: var(--wb-ring); outline-offset: -2px; }
  .mi[aria-disabled="true"] { color: var(--wb-text-off); cursor: default; } .mi[aria-disabled="true"] small { color: inherit; }
  .mi mark { background: none; color: inherit; font-weight: var(--wb-w-strong); text-decoration: underline; text-decoration-color: var(--wb-accent); text-underline-offset: 3px; }
  .pop { position: absolute; z-index: 3; inset-block-end: calc(100% + var(--wb-2)); inset-inline-start: 0; overflow-y: auto; overscroll-behavior: contain; }
  .pop.at-end { inset-inline: auto 0; }
  .pick { display: inline-flex; align-items: center; gap: 5px; min-block-size: var(--wb-control); min-inline-size: var(--wb-control); justify-content: center; padding: 0 10px; border: 0; border-radius: var(--wb-r-control); background: transparent; color: var(--wb-text-2); font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); white-space: nowrap; cursor: pointer; }
  .pick:hover, .pick[aria-expanded="true"] { background: var(--wb-hover); color: var(--wb-text); }
  .pick[aria-pressed="true"] { background: var(--wb-accent-soft); color: var(--wb-accent-text); }

  @container kb (max-width: 520px) { .pick { position: relative; } .pick .long { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); } }
  @media (pointer: coarse) { .mi { min-block-size: 44px; } }
  @media (forced-colors: active) {
    .menu, .preview { border: 1px solid CanvasText; }
    .mi.is-active, .pick[aria-pressed="true"], .pick:hover { outline: 2px solid Highlight; outline-offset: -2px; }
  }
`;
