import { html, type TemplateResult } from "lit/html.js";
import type { Strings } from "../strings/en.ts";
import { cardModel } from "./card-model.ts";
import { errorCard } from "./error-card.ts";
import { type ConfigIssue, configVerdict } from "./own-verdicts.ts";

/** What stands in the place of a conversation that the options do not allow. */
export function configCard(
  issue: ConfigIssue,
  url: string | null,
  say: (text: string) => void,
  strings: Strings,
): TemplateResult {
  const card = cardModel(configVerdict(issue, url, strings), { kind: "config", hasThread: false }, strings);
  const nothingToDo = () => undefined;
  return html`<div class="log"><div class="col">${errorCard(card, "card-config", { act: nothingToDo, edit: nothingToDo, say }, strings)}</div></div>`;
}
