import type { ThreadMetadata } from "@waybill/protocol";
import { repeat } from "lit/directives/repeat.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";
import { groupByDay } from "./day-groups.ts";
import type { ThreadList } from "./thread-list.ts";

/** Below this width the panel covers the conversation, as the style sheet has it. */
const COVERS_BELOW_PX = 520;

/** What a person may do in the history. */
export interface HistoryOptions {
  readonly enabled: boolean;
  readonly showDelete: boolean;
  readonly showRename: boolean;
}

/** What the panel shows and does. */
export interface HistoryView {
  readonly strings: Strings;
  readonly locale: string;
  readonly options: HistoryOptions;
  /** The open conversation. */
  readonly threadId: string | null;
  readonly covers: boolean;
  readonly openThread: (threadId: string) => void;
  readonly close: () => void;
  readonly renamed: (thread: ThreadMetadata) => void;
  readonly deleted: (threadId: string) => void;
  readonly say: (text: string) => void;
}

type Mode = { readonly is: "menu" | "rename" | "delete"; readonly threadId: string };

/** The list of conversations: search, open, rename and delete in place. */
export class HistoryPanel {
  readonly #list: ThreadList;
  readonly #changed: () => void;
  #isOpen = false;
  #query = "";
  #mode: Mode | null = null;
  #opener: HTMLElement | null = null;
  /** What gets the focus as soon as it is drawn. */
  #focus: string | null = null;
  #returnTo: HTMLElement | null = null;
  #spoken: ReturnType<typeof setTimeout> | undefined;

  constructor(list: ThreadList, changed: () => void) {
    this.#list = list;
    this.#changed = changed;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether an element of this width is covered by the open panel. */
  covers(width: number): boolean {
    return this.#isOpen && width <= COVERS_BELOW_PX;
  }

  /** Opens it with the focus in the search; `opener` gets the focus back. False if it is open already. */
  open(opener: HTMLElement | null): boolean {
    if (this.#isOpen) return false;
    this.#isOpen = true;
    this.#opener = opener;
    this.#query = "";
    this.#mode = null;
    this.#focus = ".search .input";
    void this.#list.refresh();
    this.#changed();
    return true;
  }

  /** Closes it; false if it is closed already. The focus goes back to what opened it. */
  close(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    clearTimeout(this.#spoken);
    this.#focus = null;
    this.#returnTo = this.#opener;
    this.#opener = null;
    this.#changed();
    return true;
  }

  /** Moves the focus to where it belongs; to be called after each drawing. */
  settle(root: ParentNode): void {
    if (this.#returnTo !== null) {
      if (this.#returnTo.isConnected) this.#returnTo.focus();
      this.#returnTo = null;
    }
    if (this.#focus === null) return;
    const target = root.querySelector<HTMLElement>(`.hist ${this.#focus}`);
    if (target === null) return;
    this.#focus = null;
    target.focus();
    if (target instanceof HTMLInputElement && target.type === "text") target.select();
  }

  #set(mode: Mode | null, focus: string | null): void {
    this.#mode = mode;
    this.#focus = focus;
    this.#changed();
  }

  #found(strings: Strings): readonly ThreadMetadata[] {
    const query = this.#query.trim().toLocaleLowerCase();
    if (query === "") return this.#list.threads;
    return this.#list.threads.filter((thread) =>
      (thread.title ?? strings.conversation).toLocaleLowerCase().includes(query),
    );
  }

  /** The panel; nothing while it is closed. */
  render(view: HistoryView): TemplateResult | typeof nothing {
    if (!this.#isOpen) return nothing;
    const { strings } = view;
    return html`<div class="hist" part="history" aria-label=${strings.conversations} role=${view.covers ? "dialog" : "complementary"} aria-modal=${view.covers ? "true" : nothing} @keydown=${(event: KeyboardEvent) => this.#key(event, view)}>
      <header><h2>${strings.conversations}</h2><button class="ib" type="button" aria-label=${strings.closeConversations} @click=${view.close}>${icon("x")}</button></header>
      <div class="search" role="search">${icon("search")}<input class="input" part="history-search" type="search" aria-label=${strings.searchConversations} placeholder=${strings.search} .value=${this.#query} @input=${(event: Event) => this.#search(event, view)} /></div>
      <div class="threads" @scroll=${(event: Event) => this.#scrolled(event)}>${this.#content(view)}</div>
    </div>`;
  }

  #content(view: HistoryView): unknown {
    const { strings, locale } = view;
    const { hasMore, isOpening, fault, threads } = this.#list;
    if (isOpening)
      return html`<div class="bones late" aria-busy="true"><span class="vh" role="status">${strings.loadingConversations}</span>${[64, 88, 52, 76, 40].map((width) => html`<span class="sk" .style=${`inline-size:${width}%`}></span>`)}</div>`;
    if (fault?.what === "list" && threads.length === 0)
      return html`<p class="void" role="alert"><b>${strings.listFailed}</b><button class="btn xs" type="button" @click=${() => void this.#list.refresh()}>${strings.tryAgain}</button></p>`;
    if (threads.length === 0)
      return html`<p class="void"><b>${strings.noConversations}</b>${strings.noConversationsHint}</p>`;
    const found = this.#found(strings);
    const more = hasMore
      ? html`<div class="older"><button class="btn xs" type="button" @click=${() => void this.#list.more()}>${strings.showMore}</button></div>`
      : nothing;
    const wrong =
      fault?.what === "list" ? html`<p class="wrong" role="alert">${strings.listFailed}</p>` : nothing;
    if (found.length === 0)
      return html`<p class="void" role="status"><b>${strings.noMatch(this.#query.trim())}</b>${strings.noMatchHint}</p>${wrong}${more}`;
    return html`${groupByDay(found, locale, new Date()).map(
      (group, index) =>
        html`<h3 id="day-${index}">${group.label}</h3><ul aria-labelledby="day-${index}">${repeat(
          group.threads,
          (thread) => thread.id,
          (thread) => this.#row(thread, view),
        )}</ul>`,
    )}${wrong}${more}`;
  }

  #row(thread: ThreadMetadata, view: HistoryView): TemplateResult {
    const { strings, options } = view;
    const title = thread.title ?? strings.conversation;
    const mode = this.#mode?.threadId === thread.id ? this.#mode.is : null;
    const { fault } = this.#list;
    const wrong =
      fault !== null && fault.what !== "list" && fault.threadId === thread.id
        ? html`<p class="wrong" role="alert">${fault.what === "rename" ? strings.renameFailed : strings.deleteFailed}</p>`
        : nothing;
    if (mode === "delete")
      return html`<li data-thread=${thread.id}>${this.#question(thread, title, view)}${wrong}</li>`;
    if (mode === "rename")
      return html`<li data-thread=${thread.id}><div class="th"><input class="input" type="text" aria-label=${strings.newTitle} .value=${title} maxlength="200" @blur=${(event: Event) => this.#rename(event, thread, view, false)} /></div></li>`;
    const isNow = thread.id === view.threadId;
    const more =
      options.showRename || options.showDelete
        ? html`<button class="ib s" type="button" aria-label=${strings.moreFor(title)} aria-haspopup="menu" aria-expanded=${mode === "menu" ? "true" : "false"} @click=${() => (mode === "menu" ? this.#set(null, null) : this.#set({ is: "menu", threadId: thread.id }, "[role=menuitem]"))}>${icon("ellipsis", { small: true })}</button>`
        : nothing;
    return html`<li data-thread=${thread.id}><div class="th ${isNow ? "now" : ""}" part="history-item"><button class="open" type="button" aria-current=${isNow ? "page" : nothing} @click=${() => view.openThread(thread.id)}><bdi>${title}</bdi></button>${more}</div>${mode === "menu" ? this.#menu(thread, title, view) : nothing}${wrong}</li>`;
  }

  #menu(thread: ThreadMetadata, title: string, { strings, options }: HistoryView): TemplateResult {
    const item = (is: "rename" | "delete", name: string, label: string, focus: string) =>
      html`<button type="button" role="menuitem" tabindex="-1" class=${is === "delete" ? "risky" : ""} @click=${() => this.#set({ is, threadId: thread.id }, focus)}>${icon(name)}<span>${label}</span></button>`;
    return html`<div class="th-menu" role="menu" aria-label=${title} @focusout=${(event: FocusEvent) => this.#menuLeft(event)}>${options.showRename ? item("rename", "pencil", strings.rename, ".th .input") : nothing}${options.showDelete ? item("delete", "trash", strings.delete, ".ask-del .keep") : nothing}</div>`;
  }

  #menuLeft(event: FocusEvent): void {
    const { currentTarget, relatedTarget } = event;
    if (
      currentTarget instanceof Node &&
      relatedTarget instanceof Node &&
      currentTarget.contains(relatedTarget)
    )
      return;
    if (this.#mode?.is === "menu" && this.#focus === null) this.#set(null, null);
  }

  #question(thread: ThreadMetadata, title: string, view: HistoryView): TemplateResult {
    const { strings } = view;
    const id = `delete-${thread.id}`;
    return html`<div class="ask-del" role="group" aria-labelledby=${id}><p id=${id}><strong>${strings.deleteQuestion(title)}</strong> ${strings.deleteHint}</p><div class="row"><button class="btn danger xs" type="button" @click=${() => void this.#delete(thread, view)}>${strings.delete}</button><button class="btn xs keep" type="button" @click=${() => this.#set(null, rowOf(thread.id))}>${strings.keep}</button></div></div>`;
  }

  // ---- what a person does

  #key(event: KeyboardEvent, view: HistoryView): void {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || event.isComposing) return;
    const threadId = target.closest<HTMLElement>("[data-thread]")?.dataset["thread"];
    const row =
      threadId === undefined ? undefined : this.#list.threads.find((thread) => thread.id === threadId);
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (key === "Escape") {
      done();
      if (this.#mode?.is === "menu") this.#set(null, menuButtonOf(this.#mode.threadId));
      else if (this.#mode !== null) this.#set(null, rowOf(this.#mode.threadId));
      else view.close();
    } else if (this.#mode?.is === "rename" && key === "Enter" && row !== undefined) {
      done();
      this.#rename(event, row, view, true);
    } else if (target.role === "menuitem") {
      if (key === "ArrowDown" || key === "ArrowUp" || key === "Home" || key === "End") {
        done();
        moveWithin(target, "[role=menuitem]", key);
      }
    } else if (target.matches(".open") && row !== undefined && this.#mode === null) {
      if (key === "F2" && view.options.showRename) {
        done();
        this.#set({ is: "rename", threadId: row.id }, ".th .input");
      } else if (key === "Delete" && view.options.showDelete) {
        done();
        this.#set({ is: "delete", threadId: row.id }, ".ask-del .keep");
      } else if (key === "ArrowDown" || key === "ArrowUp") {
        done();
        moveWithin(target, ".open", key);
      }
    } else if (target.matches(".search .input") && key === "ArrowDown") {
      done();
      target.closest(".hist")?.querySelector<HTMLElement>(".open")?.focus();
    }
  }

  #search(event: Event, { strings, say }: HistoryView): void {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    this.#query = event.currentTarget.value;
    this.#changed();
    if (this.#query.trim() === "") return;
    void this.#list.searchOn(() => this.#found(strings).length);
    clearTimeout(this.#spoken);
    this.#spoken = setTimeout(() => say(strings.found(this.#found(strings).length)), 500);
  }

  #scrolled({ currentTarget }: Event): void {
    if (!(currentTarget instanceof HTMLElement)) return;
    const below = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight;
    if (below < 200 && this.#list.fault === null) void this.#list.more();
  }

  #rename(event: Event, thread: ThreadMetadata, view: HistoryView, keepFocus: boolean): void {
    if (this.#mode?.is !== "rename" || !(event.target instanceof HTMLInputElement)) return;
    const title = event.target.value.trim();
    this.#set(null, keepFocus ? rowOf(thread.id) : null);
    if (title === "" || title === (thread.title ?? view.strings.conversation)) return;
    void this.#list.rename(thread.id, title).then((renamed) => {
      if (renamed !== null) view.renamed(renamed);
    });
  }

  async #delete(thread: ThreadMetadata, view: HistoryView): Promise<void> {
    const shown = this.#found(view.strings);
    const index = shown.indexOf(thread);
    const neighbour = shown[index + 1] ?? shown[index - 1];
    if (!(await this.#list.delete(thread.id))) return;
    this.#set(null, neighbour === undefined ? ".search .input" : rowOf(neighbour.id));
    view.say(view.strings.deleted(thread.title ?? view.strings.conversation));
    view.deleted(thread.id);
  }
}

function rowOf(threadId: string): string {
  return `[data-thread="${CSS.escape(threadId)}"] .open`;
}

function menuButtonOf(threadId: string): string {
  return `[data-thread="${CSS.escape(threadId)}"] .th > .ib`;
}

/** Moves the focus among the elements that match, in the order of the panel. */
function moveWithin(from: HTMLElement, selector: string, key: string): void {
  const all = [...(from.closest(".threads")?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const index = all.indexOf(from);
  const next =
    key === "Home" ? 0 : key === "End" ? all.length - 1 : Math.max(0, index + (key === "ArrowDown" ? 1 : -1));
  all[next]?.focus();
}
