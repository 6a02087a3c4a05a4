import { css } from "../base/css.ts";

/** Images and files, in a message and in the composer. */
export const attachmentStyles = css`
  .shots { display: grid; grid-template-columns: repeat(4, minmax(0, 88px)); gap: var(--wb-2); }
  .shot { display: block; padding: 0; border: 0; border-radius: var(--wb-r-m); overflow: hidden; background: var(--wb-line); cursor: zoom-in; box-shadow: 0 0 0 1px var(--wb-line); }
  .shot img { inline-size: 100%; aspect-ratio: 1; object-fit: cover; }
  .shot.one img { inline-size: auto; block-size: auto; aspect-ratio: auto; max-inline-size: min(300px, 100cqi - 4 * var(--wb-gutter)); max-block-size: 220px; }
  .shot.more { display: grid; place-items: center; aspect-ratio: 1; background: var(--wb-raised); color: var(--wb-text); font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); }
  .files { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 232px), 1fr)); gap: var(--wb-2); }
  .file { display: flex; align-items: center; gap: var(--wb-3); min-inline-size: 0; padding: var(--wb-2) var(--wb-3) var(--wb-2) var(--wb-2); border: 1px solid var(--wb-line); border-radius: var(--wb-r-m); background: var(--wb-raised); line-height: 1.35; }
  .file .sheet { display: grid; place-items: center; flex: none; inline-size: 36px; block-size: 36px; border-radius: var(--wb-r-s); background: var(--wb-sunken); color: var(--wb-text-2); overflow: hidden; }
  .file .sheet img { inline-size: 100%; block-size: 100%; object-fit: cover; }
  /* two spans, so that the end of a name survives; dir=auto per name */
  .file .name { display: flex; inline-size: fit-content; max-inline-size: 100%; font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); overflow-wrap: normal; }
  .file .name span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-inline-size: 0; }
  .file .name span + span { flex: none; white-space: nowrap; unicode-bidi: isolate; }
  .file .meta { font-size: var(--wb-t-sm); color: var(--wb-text-2); }
  button.shot { color: inherit; text-align: start; }
  span.shot { cursor: default; }
  .shot .lost { display: none; align-items: center; gap: var(--wb-2); padding: var(--wb-3); color: var(--wb-text-2); font-size: var(--wb-t-sm); line-height: 1.4; }
  .shot[data-lost] { background: var(--wb-raised); }
  .shot[data-lost] img { display: none; }
  .shot[data-lost] .lost { display: flex; }
  .shot.one { inline-size: fit-content; max-inline-size: 100%; }
  .shots:not([data-all]) > .beyond { display: none; }
  .shots[data-all] > .more { display: none; }

  @media (forced-colors: active) { .shot { border: 1px solid CanvasText; } }
  @container kb (max-width: 280px) { .file .sheet { display: none; } }
`;
