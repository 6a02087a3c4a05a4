import type { ThreadState } from "@waybill/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";

const ICONS = { info: "info", warning: "triangle-alert", danger: "octagon-alert" } as const;

/** A notice of the server, which can be dismissed. */
export function notice(
  { level, title, message }: ThreadState["notices"][number],
  dismiss: () => void,
  strings: Strings,
): TemplateResult {
  return html`<div class="note ${level}" role="note" part="notice">${icon(ICONS[level])}<p>${title === undefined ? nothing : html`<b>${title}</b> `}${message}</p><button class="ib s" type="button" aria-label=${strings.dismiss(title ?? message)} @click=${dismiss}>${icon("x", { small: true })}</button></div>`;
}

/** The strip across the top while there is no network. */
export function offlineStrip(offline: boolean, strings: Strings): TemplateResult {
  return html`<div role="status" part="connection">${offline ? html`<div class="strip off">${icon("wifi-off", { small: true })}<span>${strings.offline}</span></div>` : nothing}</div>`;
}
