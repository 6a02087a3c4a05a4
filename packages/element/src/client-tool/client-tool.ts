import type { ClientToolCallItem } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";
import type { ToolState } from "./client-tools.ts";

/** What became of a call of one of the page's tools. */
export function clientTool(
  call: ClientToolCallItem,
  state: ToolState,
  /** Whether the answer still goes on, with this call or without. */
  busy: boolean,
  again: () => void,
  strings: Strings,
): TemplateResult {
  const name = html`<span class="mono">${call.name}</span>`;
  const line = (mark: unknown, words: string, more: unknown = nothing) =>
    html`<p class="doing" part="tool-call">${mark}<span>${words} ${name}</span>${more}</p>`;
  const retry = html`<button class="btn xs" type="button" part="action" @click=${again}>${icon("rotate-ccw", { small: true })}${strings.tryAgain}</button>`;
  if (call.status === "completed" || state.is === "used")
    return line(icon("check", { small: true }), strings.usedTool);
  if (state.is === "running" || busy)
    return line(html`<span class="spin" aria-hidden="true"></span>`, strings.usingTool);
  if (state.is === "waiting") return line(icon("wrench", { small: true }), strings.toolWaiting, retry);
  const title = state.is === "missing" ? strings.toolMissing : strings.toolFailed;
  const advice = state.is === "failed" ? state.reason : strings.fixTool;
  return html`<section class="err" part="error-card" role="group" aria-label=${title}><div><div class="top">${icon("wrench")}<h3>${title}</h3><p>${name}</p><p dir="auto">${advice}</p><div class="row">${retry}</div></div></div></section>`;
}
