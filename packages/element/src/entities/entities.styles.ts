import { css } from "../base/css.ts";

/** Tags in the field, and what is shown of them. */
export const entityStyles = css`
  .field .tag { white-space: nowrap; user-select: all; }
  button.tag, .field .tag[data-interactive] { cursor: pointer; }
  .preview { position: absolute; z-index: 4; inline-size: max-content; max-inline-size: min(280px, 100% - 16px); padding: 10px 12px; border-radius: min(var(--wb-r-l), 14px); background: var(--wb-raised); box-shadow: var(--wb-shadow-float); font-size: var(--wb-t-sm); line-height: 1.45; color: var(--wb-text-2); pointer-events: none; }
  .preview b { color: var(--wb-text); font-size: var(--wb-t-md); font-weight: var(--wb-w-medium); }
`;
