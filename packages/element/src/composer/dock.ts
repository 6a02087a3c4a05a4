import type { ThreadStatus } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import { prose } from "../markdown/prose.ts";
import type { ProseContext } from "../markdown/render.ts";
import type { ElementOptions } from "../options/read-options.ts";
import type { Strings } from "../strings/en.ts";

/** The sentence in the place of the composer; null for a thread that takes messages. */
export function closedComposer(
  status: ThreadStatus | undefined,
  startNew: () => void,
  strings: Strings,
): TemplateResult | null {
  if (status === undefined || status.type === "active") return null;
  const isLocked = status.type === "locked";
  const reason = status.reason ?? (isLocked ? strings.locked : strings.closed);
  return html`<div class="composer" part="composer"><p class="shut">${icon(isLocked ? "lock" : "archive")}<span class="grow">${reason}</span>${
    isLocked
      ? nothing
      : html`<button class="btn xs" type="button" @click=${startNew}>${strings.newConversation}</button>`
  }</p></div>`;
}

/** The line below the composer, Markdown, and the page's own content for it. */
export function disclaimer(option: ElementOptions["disclaimer"], context: ProseContext): TemplateResult {
  const text =
    option === null
      ? nothing
      : html`<div class="foot ${option.highContrast ? "strong" : ""}" part="disclaimer">${prose(option.text, false, context)}</div>`;
  return html`${text}<slot name="disclaimer"></slot>`;
}
