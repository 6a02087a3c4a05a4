import type { ChatClient, PageAttachment, SendInput } from "@waybill/client";
import type { UserMessageContent } from "@waybill/protocol";
import type { TemplateResult } from "lit/html.js";
import { type DroppedFiles, DropZone } from "../attachments-tray/drop-zone.ts";
import {
  createFilePolicy,
  type FilePolicy,
  type Refusal,
  sortFiles,
} from "../attachments-tray/file-policy.ts";
import { refusalText } from "../attachments-tray/tray.ts";
import { type TrayItem, Uploads, unsettled } from "../attachments-tray/uploads.ts";
import { Ref } from "../base/ref.ts";
import type { EmitChatEvent } from "../chat-events.ts";
import type { ComposerValue } from "../chat-options.ts";
import { Dictation } from "../dictation/dictation.ts";
import { type EntityHandlers, tagOf } from "../entities/entity.ts";
import { TagPreview } from "../entities/tag-preview.ts";
import { TagSearch } from "../entities/tag-search.ts";
import { Popup } from "../menus/popup.ts";
import { readMessageContent } from "../options/message-content.ts";
import type { Strings } from "../strings/en.ts";
import { Choices } from "./choices.ts";
import type { AttachmentOptions, ComposerOptions } from "./composer-options.ts";
import { composerView } from "./composer-view.ts";
import { isBlank, textContent } from "./content.ts";
import { type Draft, type DraftStore, emptyDraft, joinDrafts } from "./drafts.ts";
import { Field } from "./field.ts";

/** A press within this time of a swap of Send and Stop was meant for the other one. */
const SWAP_GUARD_MS = 500;
const ANY_FILE: AttachmentOptions = { maxCount: null, maxSize: null, accept: null };

/** What the composer works with, and whom it tells. */
export interface ComposerHost {
  readonly store: DraftStore;
  readonly strings: () => Strings;
  readonly options: () => ComposerOptions;
  readonly entities: () => EntityHandlers;
  /** Null while there is no server. */
  readonly client: () => ChatClient | null;
  readonly changed: () => void;
  readonly emit: EmitChatEvent;
  readonly say: (text: string) => void;
}

/** What the composer does at this moment, and why it may not. */
export interface ComposerView {
  readonly placeholder: string;
  /** Why nothing can be sent, in words; null if it can. */
  readonly blocked: string | null;
  /** Whether Stop stands in the place of Send. */
  readonly answering: boolean;
  readonly mayStop: boolean;
  readonly send: (input: Omit<SendInput, "threadId">) => void;
  readonly stop: () => void;
}

const later = (act: () => void, delayMs: number) => void setTimeout(act, delayMs);

/** The field a message is written in, with its draft, files, tools, models, tags and dictation. */
export class Composer {
  readonly host: ComposerHost;
  readonly form = new Ref();
  readonly field = new Field(() => this.edit());
  readonly choices: Choices;
  readonly tools: Popup;
  readonly models: Popup;
  readonly tags: TagSearch;
  readonly preview: TagPreview;
  readonly dictation: Dictation;
  readonly #uploads: Uploads;
  readonly #drops: DropZone;
  #key = "";
  #content: readonly UserMessageContent[] = [];
  #quotedText: string | null = null;
  /** Messages that are on their way or failed: kept with the draft until the server has them. */
  #unsent: readonly Draft[] = [];
  #server: Parameters<typeof createFilePolicy>[1] = null;
  #refused: readonly Refusal[] = [];
  #isOver = false;
  #answering = false;
  #swappedAt = Number.NEGATIVE_INFINITY;

  constructor(host: ComposerHost) {
    this.host = host;
    const { changed, client, strings, say } = host;
    this.choices = new Choices(host.options, (toolId) => host.emit("chatkit.tool.change", { toolId }));
    this.tools = new Popup("tools", "menu", changed);
    this.models = new Popup("models", "listbox", changed);
    this.tags = new TagSearch({
      search: () => host.entities().search,
      changed,
      found: (count) => say(strings().entitiesFound(count)),
      later,
    });
    this.preview = new TagPreview(host.entities, changed, later);
    this.dictation = new Dictation({ client, strings, changed, say, heard: (text) => this.#hear(text) });
    this.#uploads = new Uploads({
      client,
      strategy: () => host.options().uploadStrategy,
      changed: (draft, ready) => this.#filesChanged(draft, ready),
      ended: ({ name, fault }) =>
        say(fault === null ? strings().uploaded(name) : strings().uploadFailed(name, fault.reason)),
      deleteFailed: (error) =>
        host.emit("chatkit.log", { name: "attachment.delete_failed", data: { error: String(error) } }),
    });
    this.#drops = new DropZone(
      () => host.options().attachments !== null && this.form.value !== undefined,
      (isOver) => {
        this.#isOver = isOver;
        if (isOver) void this.#learnPolicy();
        changed();
      },
      (dropped) => void this.attach(dropped),
    );
  }

  /** Listens to drops on the element and to tags in it, for as long as it lives. */
  listen(element: HTMLElement, root: HTMLElement | DocumentFragment): void {
    this.#drops.listen(element);
    this.preview.listen(root);
  }

  /** The draft as it is. */
  get draft(): Draft {
    return {
      content: this.#content,
      attachments: this.#uploads.ready(this.#key),
      quotedText: this.#quotedText,
    };
  }

  /** The files of the draft, also those under way. */
  get files(): readonly TrayItem[] {
    return this.#uploads.of(this.#key);
  }

  /** Files that were not taken, the last time some were added. */
  get refused(): readonly Refusal[] {
    return this.#refused;
  }

  /** Whether files are held over the element. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Which files are taken, as far as the server has said. */
  get policy(): FilePolicy {
    return createFilePolicy(this.host.options().attachments ?? ANY_FILE, this.#server);
  }

  /** Turns to the draft kept under a key. What was unsent there becomes part of it. */
  open(key: string): void {
    if (key === this.#key) return;
    const { content, attachments, quotedText } = this.host.store.read(key);
    this.#key = key;
    this.#unsent = [];
    this.#content = content;
    this.#quotedText = quotedText;
    this.#refused = [];
    this.tags.follow(null);
    this.#uploads.set(key, attachments);
  }

  /** Goes on with the same draft under another key: the conversation got its name. */
  move(key: string): void {
    if (key === this.#key) return;
    if (this.#key !== "") this.host.store.write(this.#key, emptyDraft);
    this.#uploads.move(this.#key, key);
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
    this.#write(joinDrafts(draft, this.draft));
  }

  /**
   * Sets what a page names and leaves the rest.
   *
   * @throws RangeError for a tool or a model that the page does not offer; nothing is set then.
   */
  set({ text, content, reply, attachments, files, selectedToolId, selectedModelId }: ComposerValue): void {
    if (selectedModelId !== undefined) this.choices.chooseModel(selectedModelId);
    if (selectedToolId !== undefined) this.choices.chooseTool(selectedToolId);
    const { draft } = this;
    this.#write({
      content:
        content !== undefined
          ? readMessageContent(content)
          : text === undefined
            ? draft.content
            : textContent(text),
      attachments: attachments ?? draft.attachments,
      quotedText: reply === undefined ? draft.quotedText : reply || null,
    });
    if (files !== undefined) void this.attach({ files, folders: [] });
  }

  /** Moves the focus to the field; does nothing while a sentence stands in its place. */
  focus(): void {
    this.field.focus();
  }

  /** Fits what has been drawn to the draft and to the place there is. */
  settle(): void {
    this.field.write(this.#content);
    const form = this.form.value;
    const menu = form?.querySelector<HTMLElement>(".pop");
    const frame = form?.closest("section")?.getBoundingClientRect();
    if (form !== undefined && menu && frame !== undefined)
      menu.style.maxBlockSize = `${Math.min(360, form.getBoundingClientRect().top - frame.top - 16)}px`;
    this.tools.settle();
    this.models.settle();
    form?.querySelector("#tags .is-active")?.scrollIntoView({ block: "nearest" });
    this.preview.settle();
  }

  /** Takes files that were picked, dropped, pasted or handed over; says which it does not take. */
  async attach({ files, folders }: DroppedFiles): Promise<void> {
    const key = this.#key;
    if (files.length + folders.length === 0) return;
    await this.#learnPolicy();
    const { taken, refused } = sortFiles(files, this.policy, this.#uploads.of(key).length);
    this.#refused = [...folders.map((name): Refusal => ({ name, reason: "folder" })), ...refused];
    if (this.#refused.length > 0) this.host.say(this.refusalText());
    this.#uploads.add(key, taken);
    this.host.changed();
  }

  /** Which files were not taken, and why. */
  refusalText(): string {
    const strings = this.host.strings();
    const reasons = this.#refused.map((refusal) => refusalText(refusal, strings));
    return [strings.notAdded(this.#refused.length), ...reasons].join(" ");
  }

  /** Takes the note about them away. */
  dismissRefused(): void {
    this.#refused = [];
    this.focus();
    this.host.changed();
  }

  /** Uploads a failed file again. */
  retry(key: number): void {
    this.#uploads.retry(key);
  }

  /** Takes a file out of the draft. */
  remove(key: number): void {
    this.#uploads.remove(key);
  }

  /** Takes the quote away. */
  removeQuote(): void {
    this.#write({ ...this.draft, quotedText: null });
    this.focus();
  }

  /** A person edited the field. */
  edit(): void {
    this.#content = this.field.read();
    this.tags.follow(this.field.query());
    this.#save();
    this.host.changed();
  }

  /** Takes the active entity of the list, or one of them; whether there was one. */
  takeTag(index = this.tags.state?.active ?? 0): boolean {
    const entity = this.tags.state?.found[index];
    if (entity === undefined) return false;
    this.field.focus();
    this.field.insertTag(tagOf(entity));
    return true;
  }

  /** Why nothing can be sent, in words; null if it can. */
  reason({ blocked }: ComposerView): string | null {
    const strings = this.host.strings();
    const { moving, failed } = unsettled(this.files);
    if (blocked !== null) return blocked;
    if (moving > 0) return strings.sendWhenUploaded(moving);
    if (failed !== undefined) return strings.sendWhenMended(failed.name);
    return isBlank(this.#content) && this.draft.attachments.length === 0 ? strings.sendWhenWritten : null;
  }

  /** Sends the draft, or says why it cannot be sent. */
  send(view: ComposerView): void {
    const strings = this.host.strings();
    const reason = this.reason(view) ?? (view.answering ? strings.sendWhenIdle : null);
    if (reason !== null) {
      this.host.say(strings.said(reason));
      return;
    }
    const { content, attachments, quotedText } = this.draft;
    const input = {
      content,
      attachments,
      ...(quotedText === null ? {} : { quotedText }),
      ...this.choices.input,
    };
    this.#write(emptyDraft);
    this.choices.settle();
    view.send(input);
  }

  /** Stops the answer, or says why it cannot be stopped. */
  stop(view: ComposerView): void {
    const strings = this.host.strings();
    if (view.mayStop) view.stop();
    else this.host.say(strings.said(strings.stopNotAllowed));
  }

  /** The one button of Send and Stop was pressed. */
  press(view: ComposerView): void {
    if (performance.now() - this.#swappedAt < SWAP_GUARD_MS) return;
    if (view.answering) this.stop(view);
    else this.send(view);
  }

  /** The form with the field and the one button. */
  render(view: ComposerView): TemplateResult {
    if (view.answering !== this.#answering) {
      this.#answering = view.answering;
      this.#swappedAt = performance.now();
    }
    return composerView(this, view);
  }

  #hear(text: string): void {
    const last = this.#content.at(-1);
    const isApart = last === undefined || (last.type === "input_text" && /\s$/.test(last.text));
    this.field.insert(isApart ? text : ` ${text}`);
    this.host.say(text);
  }

  #write({ content, attachments, quotedText }: Draft): void {
    this.#content = content;
    this.#quotedText = quotedText;
    this.#uploads.set(this.#key, attachments);
  }

  #filesChanged(key: string, ready: readonly PageAttachment[]): void {
    const { store } = this.host;
    if (key === this.#key) this.#save();
    else store.write(key, { ...store.read(key), attachments: ready });
    this.host.changed();
  }

  #save(): void {
    if (this.#key === "") return;
    this.host.store.write(
      this.#key,
      this.#unsent.reduceRight((rest, draft) => joinDrafts(draft, rest), this.draft),
    );
  }

  /** A server that cannot be asked is asked again by the upload, which says what is wrong. */
  async #learnPolicy(): Promise<void> {
    const capabilities = await this.host
      .client()
      ?.capabilities()
      .catch(() => null);
    this.#server = capabilities?.attachments ?? null;
    this.host.changed();
  }
}
