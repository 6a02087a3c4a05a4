import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { createRef, ref } from "lit/directives/ref.js";
import { fileChip } from "../attachments/attachments.ts";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";
import { type Draft, type DraftStore, emptyDraft, isEmptyDraft, joinDrafts } from "./drafts.ts";

/** A press within this time of a swap of Send and Stop was meant for the other one. */
const SWAP_GUARD_MS = 500;

/** What the composer does, and why it may not. */
export interface ComposerView {
  readonly strings: Strings;
  readonly placeholder: string;
  /** Why nothing can be sent, in words; null if it can. */
  readonly blocked: string | null;
  /** Whether Stop stands in the place of Send. */
  readonly answering: boolean;
  readonly mayStop: boolean;
  readonly send: (draft: Draft) => void;
  readonly stop: () => void;
  readonly say: (text: string) => void;
}

/** The field a message is written in, with its draft. */
export class Composer {
  readonly #store: DraftStore;
  readonly #changed: () => void;
  readonly #field = createRef<HTMLTextAreaElement>();
  #key: string | null = null;
  #draft: Draft = emptyDraft;
  /** Messages that are on their way or failed: kept with the draft until the server has them. */
  #unsent: readonly Draft[] = [];
  #answering = false;
  #swappedAt = Number.NEGATIVE_INFINITY;

  constructor(store: DraftStore, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** The draft as it is. */
  get draft(): Draft {
    return this.#draft;
  }

  /** Turns to the draft kept under a key. What was unsent there becomes part of it. */
  open(key: string): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#unsent = [];
    this.#draft = this.#store.read(key);
  }

  /** Goes on with the same draft under another key: the conversation got its name. */
  move(key: string): void {
    if (key === this.#key) return;
    if (this.#key !== null) this.#store.write(this.#key, emptyDraft);
    this.#key = key;
    this.#save();
  }

  /** Says which messages the server does not have, so that they survive a reload. */
  keep(unsent: readonly Draft[]): void {
    if (JSON.stringify(unsent) === JSON.stringify(this.#unsent)) return;
    this.#unsent = unsent;
    this.#save();
  }

  /** Puts a message back, above what has been written since. */
  take(draft: Draft): void {
    this.#write(joinDrafts(draft, this.#draft));
  }

  /** Moves the focus to the field; does nothing while a sentence stands in its place. */
  focus(): void {
    this.#field.value?.focus();
  }

  /** Fits the field to its text, where the browser does not do it by itself. */
  fit(): void {
    const field = this.#field.value;
    if (field === undefined || CSS.supports("field-sizing", "content")) return;
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight}px`;
  }

  #write(draft: Draft): void {
    this.#draft = draft;
    this.#save();
    this.#changed();
  }

  #save(): void {
    if (this.#key === null) return;
    this.#store.write(
      this.#key,
      this.#unsent.reduceRight((rest, draft) => joinDrafts(draft, rest), this.#draft),
    );
  }

  #reason({ strings, blocked }: ComposerView): string | null {
    return blocked ?? (isEmptyDraft(this.#draft) ? strings.sendWhenWritten : null);
  }

  #send(view: ComposerView): void {
    const reason = this.#reason(view) ?? (view.answering ? view.strings.sendWhenIdle : null);
    if (reason !== null) {
      view.say(view.strings.said(reason));
      return;
    }
    const draft = this.#draft;
    this.#write(emptyDraft);
    view.send(draft);
  }

  #stop(view: ComposerView): void {
    if (view.mayStop) view.stop();
    else view.say(view.strings.said(view.strings.stopNotAllowed));
  }

  #press(view: ComposerView): void {
    if (performance.now() - this.#swappedAt < SWAP_GUARD_MS) return;
    if (view.answering) this.#stop(view);
    else this.#send(view);
  }

  #pressKey(event: KeyboardEvent, view: ComposerView): void {
    // 229: Safari ends a composition before it reports the Enter that ended it.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "." && (event.ctrlKey || event.metaKey) && view.answering) {
      event.preventDefault();
      this.#stop(view);
    } else if (
      event.key === "Enter" &&
      !event.shiftKey &&
      !event.altKey &&
      !matchMedia("(pointer: coarse)").matches
    ) {
      event.preventDefault();
      this.#send(view);
    }
  }

  /** The form with the field and the one button. */
  render(view: ComposerView): TemplateResult {
    const { strings, answering } = view;
    if (answering !== this.#answering) {
      this.#answering = answering;
      this.#swappedAt = performance.now();
    }
    const { text } = this.#draft;
    return html`<form class="composer" part="composer" aria-label=${strings.writeMessage} @submit=${(event: Event) => event.preventDefault()}>
      <div class="box">
        ${this.#quote(view)}${this.#tray(view)}
        <textarea
          class="field"
          part="field"
          rows="1"
          ${ref(this.#field)}
          aria-label=${strings.message}
          placeholder=${view.placeholder}
          dir=${text === "" ? nothing : "auto"}
          enterkeyhint=${matchMedia("(pointer: coarse)").matches ? "enter" : "send"}
          .value=${live(text)}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLTextAreaElement)
              this.#write({ ...this.#draft, text: event.target.value });
          }}
          @keydown=${(event: KeyboardEvent) => this.#pressKey(event, view)}
        ></textarea>
        <div class="tools"><slot name="composer-start"></slot><div class="end">${this.#button(view)}</div></div>
      </div>
    </form>`;
  }

  #button(view: ComposerView): TemplateResult {
    const { strings, answering } = view;
    const off = answering ? (view.mayStop ? null : strings.stopNotAllowed) : this.#reason(view);
    return html`<button
      class="ib ${answering ? "stop" : "go"}"
      part=${answering ? "stop" : "send"}
      type="button"
      aria-label=${off ?? (answering ? strings.stop : strings.send)}
      aria-disabled=${off === null ? nothing : "true"}
      @click=${() => this.#press(view)}
    >${answering ? icon("square", { small: true, fill: true }) : icon("arrow-up")}</button>`;
  }

  #quote({ strings }: ComposerView): TemplateResult | typeof nothing {
    const { quotedText } = this.#draft;
    if (quotedText === null) return nothing;
    return html`<div class="reply"><span class="grow cut">${quotedText}</span>${removeButton(
      strings.removeQuote,
      () => {
        this.#write({ ...this.#draft, quotedText: null });
        this.focus();
      },
    )}</div>`;
  }

  #tray({ strings }: ComposerView): TemplateResult | typeof nothing {
    const { attachments } = this.#draft;
    if (attachments.length === 0) return nothing;
    return html`<ul class="tray" aria-label=${strings.attachmentsToSend}>${attachments.map((attachment) =>
      fileChip(
        attachment,
        removeButton(strings.remove(attachment.name), () => {
          const rest = this.#draft.attachments.filter((other) => other !== attachment);
          this.#write({ ...this.#draft, attachments: rest });
          this.focus();
        }),
      ),
    )}</ul>`;
  }
}

function removeButton(label: string, act: () => void): TemplateResult {
  return html`<button class="ib s" type="button" aria-label=${label} @click=${act}>${icon("x", { small: true })}</button>`;
}
