import { css } from "../base/css.ts";

/** Workflows and their steps. */
export const workflowStyles = css`
  .fold > summary > .num { font-weight: var(--wb-w-text); }
  .steps { position: relative; margin-block-start: var(--wb-1); padding-block: var(--wb-1); }
  .step { position: relative; display: grid; grid-template-columns: 18px minmax(0, 1fr); column-gap: 10px; padding-block: 6px; font-size: var(--wb-t-md); line-height: 1.5; }
  .steps > .step::before { content: ""; position: absolute; inset-block: 30px -4px; inset-inline-start: 8px; inline-size: 1px; background: var(--wb-line); }
  .steps > .step:last-child::before { display: none; }
  .step > :is(.i, .spin) { margin-block-start: 3px; color: var(--wb-text-2); margin-inline: 1px; inline-size: 16px; block-size: 16px; }
  .step .name { font-weight: var(--wb-w-medium); }
  .step :is(p:not(.name), .prose) { color: var(--wb-text-2); font-size: var(--wb-t-md); }
  .step .row { margin-block-start: 6px; gap: 6px; }
`;
