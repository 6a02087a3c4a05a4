import type { Json } from "@waybill/protocol";
import type { TemplateResult } from "lit/html.js";
import type { ChatController } from "./chat-controller.ts";
import type { EmitChatEvent } from "./chat-events.ts";
import { type ClientToolHandler, ClientTools } from "./client-tool/client-tools.ts";
import { Feedback } from "./feedback/feedback.ts";
import { HistoryPanel } from "./history/history-panel.ts";
import { ThreadList } from "./history/thread-list.ts";
import { Lightbox, pressedImages } from "./lightbox/lightbox.ts";
import { pressedDeeplink } from "./markdown/deeplink.ts";
import type { ElementOptions } from "./options/read-options.ts";
import type { LocaleStrings } from "./strings/registry.ts";
import type { TranscriptView } from "./transcript/transcript.ts";

/** The element, as far as its surroundings need it. */
export interface SurroundingsHost {
  readonly element: HTMLElement;
  readonly chat: ChatController;
  readonly options: () => ElementOptions;
  readonly locale: () => LocaleStrings & { readonly format: string };
  readonly clientTool: () => ClientToolHandler | undefined;
  readonly emit: EmitChatEvent;
  readonly say: (text: string) => void;
  readonly changed: () => void;
}

/** What stands around a conversation: history, lightbox, judgement of answers, tools of the page. */
export class Surroundings {
  readonly #host: SurroundingsHost;
  readonly #list: ThreadList;
  readonly #history: HistoryPanel;
  readonly #lightbox: Lightbox;
  readonly #feedback: Feedback;
  readonly #tools: ClientTools;
  readonly #resized: ResizeObserver | null;
  /** Whether an answer ended in this page and may have left a call for it. */
  #toolIsDue = false;
  #sendingAnswers: string | null = null;
  #covers = false;

  constructor(host: SurroundingsHost) {
    this.#host = host;
    const { chat, changed } = host;
    this.#list = new ThreadList(() => chat.client, changed);
    this.#history = new HistoryPanel(this.#list, changed);
    this.#lightbox = new Lightbox(changed);
    this.#feedback = new Feedback(() => chat.client, changed);
    this.#tools = new ClientTools({
      handler: host.clientTool,
      answer: (result) => this.#answerTool(result),
      changed,
      failed: (error) => host.emit("chatkit.error", { error }),
    });
    this.#resized =
      typeof ResizeObserver === "undefined"
        ? null
        : new ResizeObserver(() => {
            if (this.#history.covers(host.element.clientWidth) !== this.#covers) changed();
          });
  }

  connect(): void {
    this.#resized?.observe(this.#host.element);
  }

  disconnect(): void {
    this.#resized?.disconnect();
  }

  /** Forgets what belongs to another server. */
  reset(): void {
    this.#list.reset();
    this.hideHistory();
    this.#lightbox.close();
  }

  /** Opens the history; `opener` gets the focus back. Does nothing if it is open, or not enabled. */
  showHistory(opener: HTMLElement | null): void {
    if (this.#host.options().history.enabled && this.#history.open(opener))
      this.#host.emit("chatkit.history.open", undefined);
  }

  /** Closes the history. Does nothing if it is closed. */
  hideHistory(): void {
    if (this.#history.close()) this.#host.emit("chatkit.history.close", undefined);
  }

  /** For the header; null if there is no history. */
  get historyButton(): { readonly isOpen: boolean; readonly toggle: (button: HTMLElement) => void } | null {
    if (!this.#host.options().history.enabled) return null;
    const { isOpen } = this.#history;
    return { isOpen, toggle: (button) => (isOpen ? this.hideHistory() : this.showHistory(button)) };
  }

  /** What the history calls a conversation; undefined if it does not know it, or it has no title. */
  titleOf(threadId: string | null): string | undefined {
    return this.#list.threads.find(({ id }) => id === threadId)?.title;
  }

  /** Whether the history lies over the conversation, which is then out of reach. */
  get covers(): boolean {
    return this.#covers;
  }

  /** Whether the lightbox lies over everything. */
  get isLit(): boolean {
    return this.#lightbox.isOpen;
  }

  /** An answer has ended. */
  answerEnded(): void {
    this.#toolIsDue = true;
  }

  /** To be called after each drawing: moves the focus, and carries out what the answer asks of the page. */
  settle(root: ParentNode): void {
    this.#history.settle(root);
    this.#lightbox.settle(root);
    const { snapshot, isBusy } = this.#host.chat;
    if (snapshot.state.thread !== null && this.#history.isOpen) this.#list.keep(snapshot.state.thread);
    if (!this.#toolIsDue || isBusy) return;
    this.#toolIsDue = false;
    const last = snapshot.state.items.at(-1);
    if (last?.type === "client_tool_call" && last.status === "pending") void this.#tools.run(last);
  }

  #answerTool(result: Json): void {
    this.#host.chat
      .proceed((client, threadId, signal) => client.sendToolOutput(threadId, result, { signal }))
      .catch(() => undefined); // shown as a card
  }

  /** The history; nothing while it is closed. */
  history(): unknown {
    const { chat, options, locale, say, element } = this.#host;
    const { strings, format } = locale();
    const { threadId } = chat.snapshot;
    this.#covers = this.#history.covers(element.clientWidth);
    return this.#history.render({
      strings,
      locale: format,
      options: options().history,
      threadId,
      covers: this.#covers,
      openThread: (id) => {
        if (this.#covers) this.hideHistory();
        if (id !== chat.snapshot.threadId) chat.open(id).catch(() => undefined); // shown as a card
      },
      close: () => this.hideHistory(),
      renamed: (thread) => chat.learn(thread),
      deleted: (id) => {
        if (id === chat.snapshot.threadId) chat.open(null).catch(() => undefined);
      },
      say,
    });
  }

  /** The lightbox; nothing while it is closed. */
  lightbox(): TemplateResult | unknown {
    return this.#lightbox.render(this.#host.locale().strings);
  }

  /** What the transcript needs of all this. */
  get forTranscript(): Pick<
    TranscriptView,
    "offersRetry" | "feedback" | "tools" | "sendingAnswers" | "sendAnswers" | "giveFeedback" | "pressed"
  > {
    const { chat, options, locale, say, emit, changed } = this.#host;
    const { feedback, retry } = options().actions;
    return {
      offersRetry: retry,
      feedback: feedback ? this.#feedback : null,
      tools: this.#tools,
      sendingAnswers: this.#sendingAnswers,
      sendAnswers: (itemId, answers) => {
        this.#sendingAnswers = itemId;
        chat
          .proceed((client, threadId, signal) => client.sendAnswers(threadId, itemId, answers, { signal }))
          .catch(() => undefined) // shown as a card
          .finally(() => {
            this.#sendingAnswers = null;
            changed();
          });
      },
      giveFeedback: (itemIds, kind) => {
        const { threadId } = chat.snapshot;
        if (threadId === null) return;
        void this.#feedback.give(threadId, itemIds, kind).then((sent) => {
          const { strings } = locale();
          say(sent ? strings.feedbackSent : strings.feedbackFailed);
        });
      },
      pressed: (event) => {
        const pressed = pressedImages(event);
        if (pressed !== null) this.#lightbox.open(pressed.images, pressed.index, pressed.opener);
        const link = pressedDeeplink(event);
        if (link !== null) emit("chatkit.deeplink", link);
      },
    };
  }
}
