import { css } from "../base/css.ts";

/** The scrolling log, its column and the distances between turns. */
export const transcriptStyles = css`
  .log { flex: 1 1 auto; padding-block: var(--wb-6) var(--wb-8); }
  .log:focus-visible { outline-offset: -3px; }
  .col { inline-size: 100%; max-inline-size: calc(var(--waybill-measure) + 2 * var(--wb-gutter)); margin-inline: auto; padding-inline: calc(var(--wb-gutter) + var(--wb-safe-start)) calc(var(--wb-gutter) + var(--wb-safe-end)); }
  .turn + .turn { margin-block-start: var(--wb-6); }
  .turn.bot + .turn.user { margin-block-start: var(--wb-8); }
  .turn > * + * { margin-block-start: var(--wb-4); }
  .turn > .vh + * { margin-block-start: 0; }
  .hang { margin-inline: calc(-1 * var(--wb-hang)); }

  .spin { inline-size: 16px; block-size: 16px; flex: none; border-radius: 50%; border: 1.75px solid var(--wb-line); border-block-start-color: var(--wb-accent); animation: turn 0.9s linear infinite; }
  @keyframes turn { to { rotate: 1turn; } }
  .doing { display: flex; align-items: center; gap: 10px; color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.45; }
  .doing > .i, .doing > .spin { margin-inline: 1px; }
  .doing b { color: var(--wb-text); font-weight: var(--wb-w-medium); }
  .ended > .i { margin-inline: 1px; }
  .ended { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.45; }
  .ended .btn { margin-inline-start: var(--wb-1); color: var(--wb-text); }
  .acts { display: flex; align-items: center; gap: 2px; margin-inline-start: -8px; margin-block-start: var(--wb-2) !important; }
  .log { overflow-y: auto; overscroll-behavior: contain; min-block-size: 0; }
  .older { display: flex; justify-content: center; margin-block-end: var(--wb-6); }
  .unshown { display: flex; align-items: baseline; gap: var(--wb-2); padding: var(--wb-2) var(--wb-3); margin-inline: calc(-1 * var(--wb-hang)); border: 1px solid var(--wb-line); border-radius: var(--wb-r-m); color: var(--wb-text-2); font-size: var(--wb-t-md); line-height: 1.45; }
  .unshown .i { align-self: center; }
  .awaited { display: grid; gap: 14px; }
  .awaited .slip > .sk { margin-block: 8px; }
  /* nothing is said of a wait that is shorter than this */
  .late { animation: appear 0s 300ms backwards; }
  @keyframes appear { from { visibility: hidden; } }

  @media (pointer: coarse) { .acts { gap: 12px; } }
  @media (prefers-reduced-motion: reduce) { .spin { animation: none; border-inline-end-color: var(--wb-accent); } }
`;
