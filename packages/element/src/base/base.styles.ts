import { css } from "./css.ts";

/** The ground of every component: reset, type, focus and the small shared classes. */
export const baseStyles = css`
  :host { display: block; inline-size: 100%; block-size: 100%; min-block-size: 320px; container: kb / inline-size; }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }

  .kb {
    position: relative; isolation: isolate; overflow: clip;
    display: flex; flex-direction: column; block-size: 100%; min-block-size: inherit;
    background: var(--wb-surface); color: var(--wb-text);
    font: var(--wb-w-text) var(--wb-t-lg) / var(--wb-leading) var(--waybill-font);
    text-align: start; -webkit-font-smoothing: antialiased;
    overflow-wrap: anywhere;
  }
  ::selection { background: var(--wb-selection); }
  h2, h3, h4, h5, h6, p, ul, ol, dl, dd, figure, fieldset, pre, blockquote { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
  ul, ol { list-style: none; }
  button, input, select, textarea { font: inherit; color: inherit; }
  a { color: var(--wb-accent-text); text-underline-offset: 0.18em; text-decoration-thickness: 1px; text-decoration-color: color-mix(in oklab, currentColor 45%, transparent); }
  a:hover { text-decoration-color: currentColor; }
  img, svg { display: block; max-inline-size: 100%; }
  .vh { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .i { inline-size: 18px; block-size: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
  .i.s { inline-size: 16px; block-size: 16px; }
  .i.fill { fill: currentColor; }
  :dir(rtl) .i.flip { transform: scaleX(-1); }
  :focus-visible { outline: var(--wb-ring); outline-offset: var(--wb-ring-gap); }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: var(--wb-2); }
  .grow { flex: 1 1 auto; min-inline-size: 0; }
  .sm { font-size: var(--wb-t-sm); line-height: 1.45; }
  .dim { color: var(--wb-text-2); }
  .num { font-variant-numeric: tabular-nums; }
  .cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-inline-size: 0; }
  .again .done, .again[data-copied] .idle { display: none; }
  .again[data-copied] .done { display: inline-flex; align-items: center; gap: inherit; color: var(--wb-success-text); }
  .again .idle { display: inline-flex; align-items: center; gap: inherit; }

  @container kb (max-width: 520px) { .kb { --wb-gutter: calc(var(--wb-hang) + 4px); } }
`;
