import { html, nothing, type TemplateResult } from "lit";
import { Directive, directive } from "lit/directive.js";
import { guard } from "lit/directives/guard.js";
import { type Blocks, noBlocks, readBlocks, topHeadingLevel } from "./blocks.ts";
import { type ProseContext, renderBlock } from "./render.ts";

/** The mark behind the last word of an answer that is being written. */
export const caret: TemplateResult = html`<span class="caret" aria-hidden="true"></span>`;

/**
 * Draws Markdown, block by block. While the text grows, only its last block is read and drawn
 * again; what stands already is not touched, selections and scroll positions included.
 */
class Prose extends Directive {
  #blocks: Blocks = noBlocks;
  #finished = false;

  render(text: string, growing: boolean, context: ProseContext): readonly unknown[] {
    const finishes = !growing && !(this.#finished && this.#blocks.text === text);
    this.#blocks = readBlocks(text, this.#blocks, finishes);
    this.#finished = !growing;
    const { tokens } = this.#blocks;
    const topLevel = topHeadingLevel(tokens);
    const { allowedImageDomains, strings } = context;
    return tokens.map((token, index) => {
      const tail = growing && index === tokens.length - 1 ? caret : nothing;
      return guard([token, topLevel, tail, allowedImageDomains, strings], () =>
        renderBlock(token, topLevel, tail, context),
      );
    });
  }
}

/** See {@link Prose}. */
export const prose = directive(Prose);
