import { css } from "../base/css.ts";

/** Images that a model makes. */
export const generatedImageStyles = css`
  .made { position: relative; inline-size: min(100%, 340px); border-radius: var(--wb-r-l); overflow: hidden; background: var(--wb-sunken); box-shadow: 0 0 0 1px var(--wb-line); }
  .made.growing, .made[data-lost] { aspect-ratio: 4 / 3; }
  .made img { inline-size: 100%; block-size: auto; min-block-size: 44px; object-fit: contain; }
  .made.growing img { block-size: 100%; object-fit: cover; }
  .made > .shot { display: block; inline-size: 100%; border-radius: 0; box-shadow: none; }
  .made > .shot:focus-visible { outline-offset: -4px; }
  .made > .shot img { aspect-ratio: auto; }
  .made .veil { position: absolute; inset: 0; display: grid; place-content: end start; gap: var(--wb-2); padding: var(--wb-4); color: var(--wb-text-2); font-size: var(--wb-t-md); }
  .made img ~ .veil { inset-block-start: auto; background: var(--wb-raised); }
  .made .lost { display: none; }
  .made[data-lost] > :is(.shot, img) { display: none; }
  .made[data-lost] .lost { display: flex; align-items: center; gap: var(--wb-2); padding: var(--wb-4); color: var(--wb-text-2); font-size: var(--wb-t-md); }
  .made .bar { display: block; inline-size: 160px; block-size: 4px; border-radius: 2px; overflow: hidden; background: var(--wb-line); }
  .made .bar > i { display: block; block-size: 100%; background: var(--wb-accent); border-radius: inherit; transition: inline-size var(--wb-move) linear; }

  @media (forced-colors: active) { .made, .made .bar { border: 1px solid CanvasText; } .made .bar > i { background: Highlight; forced-color-adjust: none; } }
`;
