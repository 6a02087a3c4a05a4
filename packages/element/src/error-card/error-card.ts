import { html, nothing, type TemplateResult } from "lit/html.js";
import { copyButton } from "../base/copy-button.ts";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";
import type { CardAction, CardModel } from "./card-model.ts";

/** What the buttons of a card do. */
export interface CardHandlers {
  readonly act: (action: CardAction) => void;
  readonly edit: () => void;
  readonly say: (text: string) => void;
}

/** The error card. `id` is unique in its shadow root. */
export function errorCard(
  card: CardModel,
  id: string,
  handlers: CardHandlers,
  strings: Strings,
): TemplateResult {
  const { primary } = card;
  const copies = primary === null && !card.canEdit;
  return html`<section class="err" part="error-card" aria-labelledby=${id}>
    <div><div class="top">${icon(card.icon)}<h3 id=${id}>${card.title}</h3>
      <p class="sure"><i aria-hidden="true">${[1, 2, 3].map((bar) => html`<s class=${bar <= card.bars ? "on" : ""}></s>`)}</i><span><span class="vh">${strings.howSure}</span>${card.confidence}</span></p>
      <p>${card.meaning}</p>
      ${card.alternatives.length === 0 ? nothing : html`<p class="dim">${strings.couldAlsoBe}</p><ul class="also">${card.alternatives.map((other) => html`<li>${other}</li>`)}</ul>`}
      <p><strong>${strings.whatYouCanDo}</strong> ${card.advice}</p>
      <div class="row">
        ${primary === null ? nothing : html`<button class="btn primary" type="button" part="action" @click=${() => handlers.act(primary.action)}>${icon("rotate-ccw", { small: true })}${primary.label}</button>`}
        ${card.canEdit ? html`<button class="btn ${primary === null ? "primary" : ""}" type="button" part="action" @click=${handlers.edit}>${strings.editMessage}</button>` : nothing}
        ${copies ? copyButton({ text: () => card.copyText, label: strings.copyDetails, className: "btn", shown: true, icon: "clipboard", part: "action" }, strings, handlers.say) : nothing}
      </div></div></div>
    <details><summary>${icon("chevron-right", { also: "chev" })}${strings.developerDetails}</summary>
      <div class="dev"><dl>${card.details.map(
        ({ term, value, literal, copies: copiesValue }) =>
          html`<dt>${term}</dt><dd>${literal ? html`<span class="mono">${value}</span>` : value}${copiesValue ? html` ${copyButton({ text: () => value, label: strings.copyRequestId, className: "ib xs" }, strings, handlers.say)}` : nothing}</dd>`,
      )}</dl>
      ${
        card.command === null
          ? nothing
          : html`<p class="cap">${strings.toSee}</p>
      <div class="cmd"><code>${card.command}</code>${copyButton({ text: () => `${card.command}`, label: strings.copyCommand, className: "ib s" }, strings, handlers.say)}</div>`
      }
      <p>${copyButton({ text: () => card.copyText, label: strings.copyAllDetails, className: "btn xs", shown: true, icon: "clipboard" }, strings, handlers.say)}</p></div>
    </details>
  </section>`;
}
