import { Directive, directive } from "lit/directive.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { type Blocks, noBlocks, readBlocks, topHeadingLevel } from "./blocks.ts";
import { drawBlocks, type ProseContext } from "./render.ts";

/** The mark behind the last word of an answer that is being written. */
export const caret: TemplateResult = html`<span class="caret" aria-hidden="true"></span>`;

/**
 * Draws Markdown. While the text grows, only its last block is read and drawn again, and of that
 * the last item or row; what stands already is not touched, selections and scroll positions
 * included.
 */
class Prose extends Directive {
  #blocks: Blocks = noBlocks;

  render(text: string, growing: boolean, context: ProseContext): unknown {
    this.#blocks = readBlocks(text, this.#blocks);
    const { tokens } = this.#blocks;
    return drawBlocks(tokens, topHeadingLevel(tokens), growing ? caret : nothing, context);
  }
}

/** See {@link Prose}. */
export const prose = directive(Prose);
