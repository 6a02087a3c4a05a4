import { css } from "./css.ts";

/** Buttons with a label, and buttons that are an icon. */
export const buttonStyles = css`
  .btn {
    display: inline-flex; align-items: center; justify-content: center; gap: var(--wb-2);
    min-block-size: var(--wb-control); padding: 5px calc(var(--wb-u) * 3.5);
    border: 1px solid var(--wb-edge); border-radius: var(--wb-r-control);
    background: transparent; font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); line-height: 1.3;
    cursor: pointer; text-align: start; transition: background var(--wb-quick), border-color var(--wb-quick);
  }
  .btn:hover { background: var(--wb-hover); }
  .btn:active { background: var(--wb-press); }
  .btn.primary { background: var(--wb-accent); border-color: transparent; color: var(--wb-on-accent); }
  .btn.primary:hover { background: var(--wb-accent-hover); color: var(--wb-on-accent-hover); }
  .btn.xs { min-block-size: 28px; padding: 2px 10px; font-size: var(--wb-t-sm); }

  .ib { /* icon button: the mark stays small, the target does not */
    position: relative; display: inline-grid; place-items: center; flex: none;
    inline-size: var(--wb-control); block-size: var(--wb-control); padding: 0;
    border: 0; border-radius: var(--wb-r-control); background: transparent; color: var(--wb-text-2);
    cursor: pointer; transition: background var(--wb-quick), color var(--wb-quick);
  }
  .ib.s { inline-size: 32px; block-size: 32px; }
  .ib.xs { inline-size: 24px; block-size: 24px; }
  .ib:hover { background: var(--wb-hover); color: var(--wb-text); }
  .ib[aria-pressed="true"] { background: var(--wb-accent-soft); color: var(--wb-accent-text); }
  .ib.go { background: var(--wb-accent); color: var(--wb-on-accent); }
  .ib.go[aria-disabled="true"] { background: var(--wb-hover); color: var(--wb-text-off); cursor: default; }
  .ib.stop { background: var(--wb-text); color: var(--wb-surface); }
  @media (pointer: coarse) { .ib.s::after, .ib.xs::after, .btn:is(.xs, .copy)::after { content: ""; position: absolute; inset: 50%; margin: calc(var(--wb-touch) / -2); inline-size: var(--wb-touch); block-size: var(--wb-touch); } .btn:is(.xs, .copy) { position: relative; } }
  /* colours are the system's; a filled control needs its plate taken away */
  @media (forced-colors: active) {
    .ib[aria-pressed="true"], :is(.btn, .ib, .prompt):hover { outline: 2px solid Highlight; outline-offset: -2px; }
    .btn.primary, .ib:is(.go, .stop) { forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Highlight; }
    .ib:is(.go, .stop)[aria-disabled="true"] { background: Canvas; color: GrayText; outline: 1px solid GrayText; }
    .btn.primary:hover, .ib:is(.go, .stop):hover { outline-color: CanvasText; }
  }
`;
