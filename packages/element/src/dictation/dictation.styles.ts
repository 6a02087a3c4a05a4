import { css } from "../base/css.ts";

/** The level of a recording, its time and the wait for its text. */
export const dictationStyles = css`
  .wave { flex: 1 1 0; inline-size: 0; min-inline-size: 0; block-size: var(--wb-control); padding-inline: var(--wb-2); }
  :dir(rtl) .wave { transform: scaleX(-1); }
  .wave rect { fill: var(--wb-edge); } .wave .on { fill: var(--wb-accent); }
  .recorded { padding-inline: var(--wb-2); }
  .tools .doing { min-block-size: var(--wb-control); padding-inline: var(--wb-2); }
  @media (forced-colors: active) { .wave .on { fill: Highlight; } }
`;
