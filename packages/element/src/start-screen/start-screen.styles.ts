import { css } from "../base/css.ts";

/** The greeting and the prompts. */
export const startScreenStyles = css`
  .start { flex: 1; display: flex; flex-direction: column; padding-block-end: var(--wb-6); }
  .start h2 { font-size: var(--wb-t-3xl); font-weight: var(--wb-w-strong); letter-spacing: calc(var(--wb-track-tight) * 1.4); line-height: 1.2; text-wrap: balance; margin-block-end: var(--wb-6); }
  .prompts li + li { border-block-start: 1px solid var(--wb-line); }
  .prompts li:has(> :is(:hover)), .prompts li:has(> :is(:hover)) + li { border-color: transparent; }
  .prompt { display: flex; align-items: center; gap: var(--wb-3); inline-size: calc(100% + 2 * var(--wb-hang)); margin-inline: calc(-1 * var(--wb-hang)); padding: var(--wb-3) var(--wb-hang); min-block-size: 48px; border: 0; border-radius: var(--wb-r-m); background: transparent; text-align: start; line-height: 1.4; cursor: pointer; transition: background var(--wb-quick); }
  .prompt > .i { color: var(--wb-text-2); }
  .prompt > .go-mark { margin-inline-start: auto; opacity: 0; transition: opacity var(--wb-quick); }
  .prompt:hover, .prompt.is-hover { background: var(--wb-hover); }
  .prompt:is(:hover, :focus-visible) > .go-mark { opacity: 1; }
  .start { overflow-y: auto; min-block-size: 0; }
  /* the content rests on the composer, and its top can still be scrolled to */
  .start::before { content: ""; flex: 1 1 var(--wb-16); }
  .start .quiet { color: var(--wb-text-2); }

  @container kb (max-width: 520px) { .start h2 { font-size: calc(var(--wb-size) * 1.5); } }
`;
