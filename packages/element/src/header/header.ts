import { html, nothing, type TemplateResult } from "lit/html.js";
import type { ChatSnapshot } from "../chat-snapshot.ts";
import { icon } from "../icon/icon.ts";
import type { ElementOptions } from "../options/read-options.ts";
import type { Strings } from "../strings/en.ts";
import { type HeaderAction, headerAction } from "./header-actions.ts";

/** What the header's buttons do. */
export interface HeaderView {
  readonly strings: Strings;
  /** Null: there is no history. */
  readonly history: { readonly isOpen: boolean; readonly toggle: (button: HTMLElement) => void } | null;
  /** What the history calls the open conversation; undefined if it does not know it. */
  readonly knownTitle: string | undefined;
  readonly startNew: () => void;
  readonly act: (side: "left" | "right") => void;
}

/** The header with the conversation's title; nothing if the page has its own. */
export function header(
  options: ElementOptions["header"],
  { state: { thread }, threadId, phase }: ChatSnapshot,
  view: HeaderView,
): TemplateResult | typeof nothing {
  if (!options.enabled) return nothing;
  const { strings, history } = view;
  const known = options.titleText ?? (thread === null ? view.knownTitle : thread.title);
  const title = known ?? (threadId === null ? strings.newConversation : strings.conversation);
  // A conversation that is being opened is called nothing before its title is known.
  const isAwaited = known === undefined && thread === null && phase === "loading";
  const toggle = (event: Event) => {
    if (event.currentTarget instanceof HTMLElement) history?.toggle(event.currentTarget);
  };
  return html`<header class="head" part="header">
    <slot name="header-start"></slot>
    ${ownAction(options.leftAction, () => view.act("left"), strings)}
    ${history === null ? nothing : html`<button class="ib" type="button" part="header-action" aria-label=${strings.conversations} aria-expanded=${history.isOpen ? "true" : "false"} @click=${toggle}>${icon("panel-left", { flip: true })}</button>`}
    <h2 class="grow cut ${options.titleEnabled && !isAwaited ? "" : "unseen"}" part="title" dir="auto" title=${title}>${title}</h2>
    <slot name="header-end"></slot>
    ${ownAction(options.rightAction, () => view.act("right"), strings)}
    ${options.rightAction === null ? nothing : html`<span class="sep"></span>`}
    <button class="ib" type="button" part="header-action" aria-label=${strings.newConversation} @click=${view.startNew}>${icon("square-pen")}</button>
  </header>`;
}

function ownAction(
  action: HeaderAction | null,
  act: () => void,
  strings: Strings,
): TemplateResult | typeof nothing {
  if (action === null) return nothing;
  const { icon: name, label, fill } = headerAction(action, strings);
  const flip = /left|right/.test(action.icon) || action.icon.startsWith("back");
  return html`<button class="ib" type="button" part="header-action" aria-label=${label} @click=${act}>${icon(name, { flip, fill })}</button>`;
}
