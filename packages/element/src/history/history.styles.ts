import { css } from "../base/css.ts";

/** The list of conversations, beside the transcript or over it. */
export const historyStyles = css`
  .split { flex: 1; display: flex; min-block-size: 0; }
  .split > .main { flex: 1; min-inline-size: 0; display: flex; flex-direction: column; }
  .hist { flex: none; display: flex; flex-direction: column; min-block-size: 0; inline-size: 300px; border-inline-end: 1px solid var(--wb-line); background: var(--wb-surface); padding-block: calc(var(--wb-safe-top) + var(--wb-2)) 0; }
  .hist header { display: flex; align-items: center; justify-content: space-between; padding-inline: 20px 12px; min-block-size: var(--wb-control); }
  .hist h2 { font-size: var(--wb-t-md); font-weight: var(--wb-w-strong); }
  .input { inline-size: 100%; min-block-size: var(--wb-control); padding: 6px var(--wb-3); border: 1px solid var(--wb-edge); border-radius: min(var(--wb-r-m), 10px); background: var(--wb-surface); font-size: var(--wb-t-md); line-height: 1.45; }
  .input:focus-visible { outline-offset: -1px; border-color: transparent; }
  .input::placeholder { color: var(--wb-text-2); opacity: 1; }
  .search { position: relative; margin: var(--wb-2) 12px var(--wb-2); }
  .search .i { position: absolute; inset-inline-start: 9px; inset-block-start: calc((var(--wb-control) - 16px) / 2); inline-size: 16px; block-size: 16px; color: var(--wb-text-2); pointer-events: none; }
  .search .input { padding-inline-start: 33px; }
  .threads { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; padding-block-end: calc(var(--wb-safe-bottom) + var(--wb-4)); }
  .hist h3 { padding: var(--wb-4) 20px var(--wb-1); font-size: var(--wb-t-sm); font-weight: var(--wb-w-medium); color: var(--wb-text-2); line-height: 1.4; }
  .hist ul { padding-inline: 8px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 2px; }
  .th { position: relative; display: flex; align-items: center; border-radius: min(var(--wb-r-m), 10px); }
  .th > .open { flex: 1; min-inline-size: 0; display: block; padding: 8px 12px; min-block-size: 36px; border: 0; background: none; color: var(--wb-text); font-size: var(--wb-t-md); line-height: 1.4; text-align: start; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; border-radius: inherit; cursor: pointer; }
  .th > .open:focus-visible, .th > .ib:focus-visible { outline-offset: -2px; }
  .th:hover { background: var(--wb-hover); }
  .th > .ib { opacity: 0; margin-inline: 0 2px; }
  .th:is(:hover, :focus-within) > .ib, .th > .ib[aria-expanded="true"] { opacity: 1; }
  .th.now { background: var(--wb-accent-soft); }
  .th.now > .open { font-weight: var(--wb-w-medium); }
  .th .input { margin: 2px 4px; }
  .th-menu { position: relative; inline-size: 176px; margin: -2px 4px 4px auto; padding: 6px; border-radius: min(var(--wb-r-l), 14px); background: var(--wb-raised); box-shadow: var(--wb-shadow-float); }
  :dir(rtl) .th-menu { margin-inline: auto 4px; }
  .th-menu button { display: flex; align-items: center; gap: 10px; inline-size: 100%; min-block-size: 36px; padding: 6px 10px; border: 0; border-radius: min(var(--wb-r-m), 8px); background: transparent; font-size: var(--wb-t-md); text-align: start; cursor: pointer; }
  .th-menu button:is(:hover, :focus) { background: var(--wb-hover); }
  .th-menu button .i { color: var(--wb-text-2); }
  .th-menu .risky, .th-menu .risky .i { color: var(--wb-danger-text); }
  .ask-del { margin: 4px 0; padding: 12px; border-radius: min(var(--wb-r-m), 10px); background: var(--wb-danger-soft); font-size: var(--wb-t-md); line-height: 1.45; }
  .ask-del strong { font-weight: var(--wb-w-strong); }
  .ask-del .row { margin-block-start: 10px; }
  .btn.danger { background: var(--wb-danger-fill); border-color: transparent; color: var(--wb-on-status); }
  .hist .wrong { padding: 4px 12px 8px; color: var(--wb-danger-text); font-size: var(--wb-t-sm); line-height: 1.45; }
  .hist .older { margin-block: var(--wb-3); }
  .void { padding: var(--wb-6) 20px; color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.5; }
  .void b { display: block; color: var(--wb-text); font-weight: var(--wb-w-medium); }
  .void .btn { margin-block-start: var(--wb-3); color: var(--wb-text); }
  .bones { display: grid; gap: 24px; padding: 16px 20px; }
  .sk { display: block; block-size: 10px; border-radius: 3px; background: var(--wb-line); animation: breathe-sk 1.4s ease-in-out infinite alternate; }
  @keyframes breathe-sk { to { opacity: 0.45; } }

  @container kb (max-width: 520px) { .hist { position: absolute; inset: 0; z-index: 3; inline-size: 100%; border: 0; } }
  @media (pointer: coarse) { .th > .ib { opacity: 1; } .th > .open { min-block-size: 44px; padding-block: 11px; } .th-menu button { min-block-size: 44px; } }
  @media (prefers-reduced-motion: reduce) { .sk { animation: none; } }
  @media (forced-colors: active) {
    .ask-del, .th-menu { border: 1px solid CanvasText; }
    .th.now, .th:hover { outline: 2px solid Highlight; outline-offset: -2px; }
    .btn.danger { forced-color-adjust: none; background: Highlight; color: HighlightText; border-color: Highlight; }
  }
`;
