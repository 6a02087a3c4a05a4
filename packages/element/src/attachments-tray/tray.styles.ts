import { css } from "../base/css.ts";

/** Files of a message that is being written, notes about them, and the overlay of a drop. */
export const trayStyles = css`
  .tray { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); gap: 6px; max-block-size: min(220px, 34dvh); padding: 8px 8px 0; overflow-y: auto; }
  .tray .file { position: relative; padding: 7px 5px 7px 7px; border-radius: max(0px, calc(var(--wb-r-l) - 8px)); background: var(--wb-surface); }
  :dir(rtl) .tray .file { padding: 7px 7px 7px 5px; }
  .tray .file:focus-visible { outline-offset: -2px; }
  .tray .file .meta { display: block; }
  .tray .file.bad { border-color: var(--wb-danger-line); background: var(--wb-danger-soft); }
  .tray .file.bad .meta { color: var(--wb-danger-text); }
  .tray .file.bad .sheet { background: transparent; color: var(--wb-danger-text); }
  .tray .file .ib { margin-block: -4px; } .tray .file .ib + .ib { margin-inline-start: -8px; }
  .tray .sheet > img:not([hidden]) + .i { display: none; }
  .bar { display: block; inline-size: 100%; block-size: 3px; margin-block-start: 6px; border-radius: 2px; overflow: hidden; background: var(--wb-line); }
  :dir(rtl) .bar { transform: scaleX(-1); }
  .bar rect { fill: var(--wb-accent); transition: width var(--wb-move) linear; }
  .bar.bad rect { fill: var(--wb-danger-fill); }
  .refused { display: flex; align-items: flex-start; gap: var(--wb-2); margin: 8px 8px 0; padding: 9px 5px 9px 10px; border-radius: max(0px, calc(var(--wb-r-l) - 8px)); background: var(--wb-warning-soft); font-size: var(--wb-t-md); line-height: 1.45; }
  .refused > .i { margin-block-start: 1px; color: var(--wb-warning-text); } .refused .ib { margin: -2px 0; }
  .refused b { font-weight: var(--wb-w-strong); }
  .composer:has(.drop) .box { min-block-size: 116px; }
  .drop { position: absolute; inset: 0; z-index: 2; display: grid; place-content: center; justify-items: center; gap: 2px; border: 2px dashed var(--wb-accent); border-radius: var(--wb-r-l); background: color-mix(in oklab, var(--wb-accent) 7%, var(--wb-raised)); text-align: center; font-size: var(--wb-t-md); line-height: 1.45; }
  .drop b { font-weight: var(--wb-w-strong); }

  @media (prefers-reduced-motion: reduce) { .bar rect { transition: none; } }
  @media (forced-colors: active) { .bar { border: 1px solid CanvasText; } .bar rect { fill: Highlight; } .refused { border: 1px solid CanvasText; } }
`;
