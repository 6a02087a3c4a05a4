import { css } from "../base/css.ts";

/** The dock with the composer, the sentence in its place, and the disclaimer. */
export const composerStyles = css`
  .dock { position: relative; flex: none; padding-block: 0 calc(var(--wb-safe-bottom) + var(--wb-3)); }
  .composer { position: relative; margin-inline: calc(-1 * var(--wb-hang)); }
  .box { border: 1px solid var(--wb-edge); border-radius: var(--wb-r-l); background: var(--wb-raised); transition: border-color var(--wb-quick); }
  .box:has(.field:focus-visible), .box.is-focus { outline: var(--wb-ring); outline-offset: -1px; border-color: transparent; }
  .field { padding: var(--wb-3) calc(var(--wb-hang) - 1px) var(--wb-1); min-block-size: calc(1lh + var(--wb-4)); max-block-size: 14lh; overflow-y: auto; outline: 0; white-space: pre-wrap; cursor: text; }
  .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 2px; padding: 0 7px 7px calc(var(--wb-hang) - 1px - (var(--wb-control) - 18px) / 2); }
  :dir(rtl) .tools { padding: 0 calc(var(--wb-hang) - 1px - (var(--wb-control) - 18px) / 2) 7px 7px; }
  .tools .end { display: flex; align-items: center; gap: 2px; margin-inline-start: auto; min-inline-size: 0; }
  .tools .go, .tools .stop { margin-inline-start: var(--wb-1); }
  .foot { padding-block-start: var(--wb-2); font-size: var(--wb-t-sm); line-height: 1.45; color: var(--wb-text-2); text-align: start; }
  .foot.strong { color: var(--wb-text); }
  .reply { display: flex; align-items: center; gap: var(--wb-2); margin: 6px 6px 0; padding: 4px 2px 4px 10px; border-radius: calc(var(--wb-r-l) - 6px); background: var(--wb-sunken); font-size: var(--wb-t-sm); line-height: 1.45; color: var(--wb-text-2); }
  :dir(rtl) .reply { padding: 4px 10px 4px 2px; }
  .shut { display: flex; align-items: flex-start; gap: 10px; border: 1px solid var(--wb-line); border-radius: var(--wb-r-l); background: var(--wb-sunken); padding: var(--wb-3) calc(var(--wb-hang) - 1px); font-size: var(--wb-t-md); line-height: 1.5; }
  .shut .i { margin-block-start: 2px; color: var(--wb-text-2); }
  .latest.btn:hover { background: var(--wb-sunken); }
  .latest.btn { position: absolute; inset-block-end: calc(100% + 10px); inset-inline: 0; inline-size: fit-content; margin-inline: auto; z-index: 1; background: var(--wb-raised); border-color: transparent; box-shadow: var(--wb-shadow-float); }
  .field { overflow-wrap: anywhere; }
  /* afloat, so that the caret stands in front of it */
  .field.is-empty::before { content: attr(data-placeholder); float: inline-start; block-size: 0; color: var(--wb-text-2); pointer-events: none; }
  .tools .status { padding-inline-start: 6px; }
  .foot p { display: inline; }

  @container kb (max-width: 520px) { .shut { flex-wrap: wrap; } .shut .grow { flex-basis: 60%; } .shut .btn { margin-inline-start: 28px; } }
  @media (forced-colors: active) { .shut { border: 1px solid CanvasText; } }
`;
