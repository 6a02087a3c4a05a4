import { css } from "../base/css.ts";

/** Notices, and the strip across the top. */
export const noticeStyles = css`
  .note { display: grid; grid-template-columns: 18px 1fr auto; column-gap: 10px; align-items: start; margin-inline: calc(-1 * var(--wb-hang)); padding: 10px var(--wb-hang); border-radius: var(--wb-r-m); background: var(--tone-soft, var(--wb-sunken)); font-size: var(--wb-t-md); line-height: 1.5; }
  .turn > .note + .note { margin-block-start: var(--wb-2); }
  .note > .i { margin-block-start: 2px; color: var(--tone, var(--wb-text-2)); }
  .note b { font-weight: var(--wb-w-strong); }
  .note.info { --tone: var(--wb-info-text); --tone-soft: var(--wb-info-soft); }
  .note.warning { --tone: var(--wb-warning-text); --tone-soft: var(--wb-warning-soft); }
  .note.danger { --tone: var(--wb-danger-text); --tone-soft: var(--wb-danger-soft); }
  .note .ib { margin: -5px -6px -5px 0; }
  .strip { display: flex; align-items: center; justify-content: center; gap: var(--wb-2); min-block-size: 36px; padding: 6px var(--wb-gutter); background: var(--wb-sunken); border-block-end: 1px solid var(--wb-line); font-size: var(--wb-t-sm); line-height: 1.4; color: var(--wb-text); }
  .strip.off { background: var(--wb-warning-soft); } .strip.off .i { color: var(--wb-warning-text); }
  @container kb (max-width: 520px) { .strip { justify-content: flex-start; text-align: start; } }
  @media (forced-colors: active) { .note, .strip { border: 1px solid CanvasText; } }
`;
