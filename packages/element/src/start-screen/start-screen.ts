import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import { scrolls } from "../markdown/scrolls.ts";
import type { StartPrompt } from "../options/read-options.ts";
import type { Strings } from "../strings/en.ts";

/** What a new conversation begins with: a greeting, and suggestions that are sent when chosen. */
export function startScreen(
  greeting: string,
  prompts: readonly StartPrompt[],
  choose: (prompt: StartPrompt) => void,
  strings: Strings,
): TemplateResult {
  return html`<div class="start col" part="start" ${scrolls("group", greeting)}>
    <slot name="start"></slot>
    <h2 part="greeting" dir="auto">${greeting}</h2>
    ${
      prompts.length === 0
        ? nothing
        : html`<ul class="prompts" aria-label=${strings.suggestions}>${prompts.map(
            (prompt) =>
              html`<li><button class="prompt" type="button" part="prompt" @click=${() => choose(prompt)}>${prompt.icon === null ? nothing : icon(prompt.icon)}<span>${prompt.label}</span>${icon("arrow-up", { small: true, also: "go-mark" })}</button></li>`,
          )}</ul>`
    }
  </div>`;
}

/** What an element shows that has no options yet. */
export function quietScreen(strings: Strings): TemplateResult {
  return html`<div class="start col" part="start"><p class="quiet">${strings.notReady}</p></div>`;
}
