import type { ThreadMetadata } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icon/icon.ts";
import type { ElementOptions } from "../options/read-options.ts";
import type { Strings } from "../strings/en.ts";

/** The header with the conversation's title; nothing if the page has its own. */
export function header(
  options: ElementOptions["header"],
  thread: ThreadMetadata | null,
  startNew: () => void,
  strings: Strings,
): TemplateResult | typeof nothing {
  if (!options.enabled) return nothing;
  const title =
    options.titleText ?? thread?.title ?? (thread === null ? strings.newConversation : strings.conversation);
  return html`<header class="head" part="header">
    <slot name="header-start"></slot>
    <h2 class="grow cut ${options.titleEnabled ? "" : "unseen"}" part="title" dir="auto">${title}</h2>
    <slot name="header-end"></slot>
    <button class="ib" type="button" part="header-action" aria-label=${strings.newConversation} @click=${startNew}>${icon("square-pen")}</button>
  </header>`;
}
