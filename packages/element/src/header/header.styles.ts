import { css } from "../base/css.ts";

/** The header. */
export const headerStyles = css`
  .head {
    display: flex; align-items: center; gap: var(--wb-1); flex: none;
    min-block-size: calc(var(--wb-control) + var(--wb-u) * 4); padding-block: calc(var(--wb-safe-top) + var(--wb-u) * 2) calc(var(--wb-u) * 2);
    padding-inline: calc(var(--wb-gutter) - (var(--wb-control) - 18px) / 2);
    border-block-end: 1px solid var(--wb-line);
  }
  .head h2 { font-size: var(--wb-t-md); font-weight: var(--wb-w-strong); line-height: 1.35; padding-inline: var(--wb-2); }
  .head .sep { inline-size: 1px; block-size: 18px; background: var(--wb-line); margin-inline: var(--wb-1); }
  .head > slot:first-child + h2 { padding-inline-start: calc((var(--wb-control) - 18px) / 2); }
  @container kb (max-width: 280px) { .head h2 { white-space: normal; } }
  .head h2.unseen { visibility: hidden; }
`;
