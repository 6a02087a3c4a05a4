import { css } from "../base/css.ts";

/** Images, large, over everything else. */
export const lightboxStyles = css`
  .light { position: absolute; inset: 0; z-index: 5; display: grid; grid-template-rows: auto minmax(0, 1fr) auto; background: light-dark(#14181b, #080a0b); color: #f2f4f5; padding-block: var(--wb-safe-top) var(--wb-safe-bottom); }
  .light .ib { color: #d5dadd; }
  .light .ib:hover { background: rgb(255 255 255 / 0.12); color: #fff; }
  .light .ib[aria-disabled="true"] { opacity: 0.4; cursor: default; background: none; }
  .light :focus-visible { outline-color: #fff; }
  .light header { display: flex; align-items: center; gap: 4px; padding: 10px 12px 10px 20px; font-size: var(--wb-t-md); }
  :dir(rtl) .light header { padding-inline: 20px 12px; }
  .light header h2 { flex: 1; min-inline-size: 0; font-size: inherit; font-weight: var(--wb-w-medium); }
  .light .stage { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: 8px; padding-inline: 12px; min-block-size: 0; }
  .light .hold { display: grid; place-items: center; block-size: 100%; min-block-size: 0; }
  .light .hold > * { grid-area: 1 / 1; }
  .light .hold img { max-block-size: 100%; min-block-size: 0; border-radius: var(--wb-r-s); }
  .light .spin { border-color: rgb(255 255 255 / 0.3); border-block-start-color: #fff; }
  .light footer { min-block-size: 1lh; padding: 14px 20px 18px; text-align: center; font-size: var(--wb-t-sm); color: #c3c9cd; }
`;
