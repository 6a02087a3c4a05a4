import { type ChatClientOptions, createChatClient } from "@waybill/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { Announcer } from "./announcer/announcer.ts";
import { Narrator } from "./announcer/narrator.ts";
import { EventfulElement } from "./base/eventful-element.ts";
import { ref } from "./base/ref.ts";
import { ChatController } from "./chat-controller.ts";
import type { ChatOptions, ComposerValue, CustomActionOption, UserMessage } from "./chat-options.ts";
import { Composer } from "./composer/composer.ts";
import { closedComposer, disclaimer } from "./composer/dock.ts";
import { DraftKeeper } from "./composer/draft-keeper.ts";
import { DraftStore, draftOf } from "./composer/drafts.ts";
import { ConversationView } from "./conversation-view.ts";
import { readEntityHandlers } from "./entities/entity.ts";
import { configCard } from "./error-card/config-card.ts";
import { localVerdict } from "./error-card/local-verdict.ts";
import { type ConfigIssue, configVerdict } from "./error-card/own-verdicts.ts";
import { header } from "./header/header.ts";
import { registerIcons } from "./icon/icons.ts";
import type { ProseContext } from "./markdown/render.ts";
import { offlineStrip } from "./notice/notice.ts";
import { jsonFields, readMessageContent } from "./options/message-content.ts";
import {
  type ElementOptions,
  readClientTool,
  readFetch,
  readOptions,
  readRelay,
  remarkOptions,
  runHeaderAction,
} from "./options/read-options.ts";
import { quietScreen } from "./start-screen/start-screen.ts";
import type { Strings } from "./strings/en.ts";
import { type ElementLocale, elementLocale } from "./strings/locale.ts";
import { onStrings, registerStrings } from "./strings/registry.ts";
import { elementSheet } from "./styles.ts";
import { Surroundings } from "./surroundings.ts";
import { ThemeSheet } from "./theme/theme-sheet.ts";
import { isOffered } from "./transcript/unshown.ts";

const noOptions = readOptions({});

function isCoarse(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/**
 * A chat on a page: `<waybill-chat>`. Talks to the server named by its options and to nobody
 * else, and is never blank: without options it says so, with wrong ones it shows what is wrong.
 *
 * Source: `@openai/chatkit` 1.9, `OpenAIChatKit`.
 */
export class WaybillChat extends EventfulElement {
  static readonly observedAttributes: readonly string[] = ["url"];
  /** See `registerIcons`; here for pages that use the bundle. */
  static registerIcons: typeof registerIcons = registerIcons;
  /** See `registerStrings`; here for pages that use the bundle. */
  static registerStrings: typeof registerStrings = registerStrings;

  readonly #announcer = new Announcer();
  readonly #narrator = new Narrator(
    {
      say: (text) => this.#announcer.say(text),
      waiting: () => this.#announcer.waiting("polite"),
      later: (act, delayMs) => void setTimeout(act, delayMs),
    },
    () => this.#strings,
  );
  readonly #composer = new Composer({
    store: new DraftStore(() => sessionStorage),
    strings: () => this.#strings,
    options: () => this.#options.composer,
    entities: () => readEntityHandlers(this.#raw),
    client: () => this.#chat.client,
    changed: () => this.requestUpdate(),
    emit: (name, detail) => this.events.emit(name, detail),
    say: (text) => this.#announcer.say(text),
  });
  readonly #themeSheet = new ThemeSheet();
  readonly #chat = new ChatController(
    this,
    createChatClient,
    {
      emit: (name, detail) => this.events.emit(name, detail),
      sent: () => this.#narrator.begin(this.#options.announcements),
      failed: (failure) => {
        const { title, advice } = localVerdict(failure.verdict, this.#strings);
        this.#announcer.say(`${title}. ${this.#strings.whatYouCanDo} ${advice}`, "assertive");
      },
      alerted: (text) => this.#announcer.say(text, "assertive"),
      returned: (turn) => this.#composer.take(draftOf(turn.input)),
      ended: (how) => {
        this.#narrator.follow(this.#chat.snapshot, this.#options.announcements);
        this.#narrator.end(how, this.#options.announcements);
        if (how === "complete") this.#around.answerEnded();
      },
    },
    () => this.#strings,
  );
  readonly #around = new Surroundings({
    element: this,
    chat: this.#chat,
    options: () => this.#options,
    locale: () => this.#locale,
    clientTool: () => readClientTool(this.#raw),
    emit: (name, detail) => this.events.emit(name, detail),
    say: (text) => this.#announcer.say(text),
    changed: () => this.requestUpdate(),
  });
  readonly #drafts = new DraftKeeper(this.#composer, this.#chat);
  readonly #conversation = new ConversationView({
    chat: this.#chat,
    composer: this.#composer,
    around: this.#around,
    options: () => this.#options,
    prose: () => this.#prose,
    changed: () => this.requestUpdate(),
  });
  #url: string | null = null;
  /** A `url` that was set before the element was known here; it counts more than the attribute. */
  #earlyUrl: string | null = null;
  #isNewUrl = false;
  #raw: unknown = null;
  #endStrings = (): void => undefined;
  #options: ElementOptions = noOptions;
  #prose: ProseContext = this.#proseFor(undefined);
  #optionsText = "";
  #issue: ConfigIssue | null = null;
  #focused: Element | null = null;

  constructor() {
    super();
    if (!Object.hasOwn(this, "url")) return;
    this.#earlyUrl = this.url;
    Reflect.deleteProperty(this, "url");
  }

  /** The protocol route, for pages that need no other option. `setOptions` takes its place. */
  get url(): string | null {
    return this.#url;
  }

  set url(url: string | null) {
    if (url === this.#url) return;
    this.#url = url;
    this.#isNewUrl = true;
    this.requestUpdate();
  }

  // ---- the official element's methods

  /**
   * Takes a full set of options; nothing of an earlier set is kept. Costs next to nothing when
   * nothing has changed, and never touches the draft or an answer that is being written, unless
   * `api.url` changes. Options without effect are named once each by `chatkit.log`.
   */
  setOptions(options: ChatOptions): void {
    this.#raw = options;
    for (const { name, option } of remarkOptions(options)) this.events.remark(name, { option });
    const next = readOptions(options);
    const text = JSON.stringify(next);
    if (text === this.#optionsText) return;
    const before = this.#options;
    const isFirst = this.#optionsText === "";
    this.#options = next;
    this.#optionsText = text;
    if (isFirst || before.url !== next.url || before.issue !== next.issue) this.#connect(next);
    this.requestUpdate();
  }

  /** Moves the focus to the field a message is written in. */
  async focusComposer(): Promise<void> {
    await this.updateComplete;
    this.#composer.focus();
  }

  /**
   * Opens a thread, or with null a new conversation. Resolves when the thread is loaded. An
   * answer that is being written is no longer read.
   *
   * @throws ChatFailure if it cannot be loaded, which is shown as well.
   */
  async setThreadId(threadId: string | null): Promise<void> {
    await this.#chat.open(threadId);
  }

  /**
   * Sends a message to the open thread, or to a new one. Resolves as soon as the server has
   * stored it; the answer arrives after that, between `chatkit.response.start` and `.end`.
   *
   * @throws ChatFailure, with a verdict, if it was not accepted: it is then shown with its text
   *   and a card, and fired as `chatkit.error`. Error if an answer is being written, or there are
   *   no options.
   */
  async sendUserMessage(message: UserMessage): Promise<void> {
    const { text, content, reply, attachments, newThread, toolChoice, model } = message;
    await this.#chat.send(
      {
        ...(content === undefined ? { text: text ?? "" } : { content: readMessageContent(content) }),
        ...(reply ? { quotedText: reply } : {}),
        ...(attachments === undefined ? {} : { attachments }),
        ...(toolChoice === undefined ? {} : { toolChoice }),
        ...(model === undefined ? {} : { model }),
      },
      newThread === true,
    );
  }

  /** Reads the open thread again. Does nothing for a new conversation or while an answer is written. */
  async fetchUpdates(): Promise<void> {
    await this.#chat.reload();
  }

  /**
   * Sends an action to the server, for the widget `itemId` or for none; what it answers becomes
   * part of the conversation. Resolves when the answer has ended.
   *
   * @throws ChatFailure if it failed, which is shown as well; Error if an answer is being written
   *   or there is no conversation yet.
   */
  async sendCustomAction(action: CustomActionOption, itemId?: string): Promise<void> {
    const { type, payload } = action;
    const sent = payload === undefined ? { type } : { type, payload: jsonFields(payload) };
    await this.#chat.proceed((client, threadId, signal) =>
      client.sendAction(threadId, sent, itemId, { signal }),
    );
  }

  /**
   * Sets what is written, and sends nothing. What is left out stays as it is. Files are uploaded
   * as if the person had attached them.
   *
   * @throws RangeError for a tool or model that the options do not offer; nothing is set then.
   */
  async setComposerValue(value: ComposerValue): Promise<void> {
    this.#composer.set(value);
  }

  /** Opens the list of conversations. Does nothing if it is open, or `history.enabled` is false. */
  async showHistory(): Promise<void> {
    const { activeElement } = document;
    this.#around.showHistory(activeElement instanceof HTMLElement ? activeElement : null);
    await this.updateComplete;
  }

  /** Closes the list of conversations. Does nothing if it is closed. */
  async hideHistory(): Promise<void> {
    this.#around.hideHistory();
    await this.updateComplete;
  }

  // ---- life

  attributeChangedCallback(_name: string, _before: string | null, url: string | null): void {
    this.url = url;
  }

  override connectedCallback(): void {
    if (this.#earlyUrl !== null) this.url = this.#earlyUrl;
    this.#earlyUrl = null;
    super.connectedCallback();
    this.#drafts.connect();
    this.#around.connect();
    this.#endStrings = onStrings(() => this.requestUpdate());
    window.addEventListener("online", this.#networkChanged);
    window.addEventListener("offline", this.#networkChanged);
  }

  disconnectedCallback(): void {
    this.#drafts.disconnect();
    this.#around.disconnect();
    this.#endStrings();
    window.removeEventListener("online", this.#networkChanged);
    window.removeEventListener("offline", this.#networkChanged);
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = super.createRenderRoot();
    root.adoptedStyleSheets = [elementSheet()];
    this.#themeSheet.attach(root);
    this.#composer.listen(this, root);
    return root;
  }

  /** While an answer streams, several events share one frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.#chat.snapshot.phase === "answering" && this.hasUpdated && !document.hidden)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    if (this.#isNewUrl && this.#url && this.#raw === null) {
      this.setOptions({ api: { url: this.#url } });
      this.#raw = null; // the attribute counts until there are real options
    }
    this.#isNewUrl = false;
    this.#focused = this.shadowRoot?.activeElement ?? null;
    this.#drafts.follow(this.#options.url);
    const domains = this.#chat.snapshot.state.thread?.allowed_image_domains;
    const isOther = domains?.join() !== this.#prose.allowedImageDomains?.join();
    if (isOther || this.#prose.strings !== this.#strings) this.#prose = this.#proseFor(domains);
  }

  protected override updated(): void {
    const contrast = this.#themeSheet.apply(this, this.#options.theme);
    if (contrast !== null) this.events.remark("theme.low_contrast", contrast);
    this.#composer.settle();
    this.#conversation.settle();
    const { snapshot } = this.#chat;
    this.#narrator.follow(snapshot, this.#options.announcements);
    if (this.shadowRoot !== null) this.#around.settle(this.shadowRoot);
    const focused = this.shadowRoot?.activeElement ?? null;
    // What had the focus and is gone gives it to the field: the person goes on writing there.
    if (this.#focused !== null && !this.#focused.isConnected && focused === null) {
      if (isCoarse()) this.#conversation.focus();
      else this.#composer.focus();
    }
    for (const item of snapshot.state.items) {
      if (!isOffered(item)) this.events.remark("item.not_offered", { type: item.type, id: item.id });
    }
    if (this.#optionsText !== "") this.events.settle(this.#options.url !== null && this.#issue === null);
  }

  #connect({ url, issue, initialThread }: ElementOptions): void {
    this.#issue = issue;
    this.#around.reset();
    if (url === null) this.#chat.disconnect();
    else {
      try {
        const raw = () => this.#raw;
        const options: ChatClientOptions = {
          url,
          onLog: (entry) => this.events.emit("chatkit.log", entry),
          // Read at each request: without a page's own, uploads can tell how far they are.
          get fetch() {
            return readFetch(raw());
          },
          get relay() {
            return readRelay(raw());
          },
        };
        this.#chat.connect(options);
        // A failure is shown as a card and fired by then.
        if (initialThread !== null) this.#chat.open(initialThread).catch(() => undefined);
      } catch {
        this.#issue = "url_invalid";
        this.#chat.disconnect();
      }
    }
    if (this.#issue !== null) {
      const { title, userMessage } = configVerdict(this.#issue, url, this.#strings);
      this.events.emit("chatkit.error", { error: new Error(`${title}. ${userMessage}`) });
    }
  }

  #proseFor(allowedImageDomains: readonly string[] | undefined): ProseContext {
    return { strings: this.#strings, allowedImageDomains, say: (text) => this.#announcer.say(text) };
  }

  readonly #networkChanged = (event: Event): void => {
    if (event.type === "online") this.#announcer.say(this.#strings.connected);
    else this.#announcer.say(this.#strings.offline, "assertive");
    this.requestUpdate();
  };

  #startNew(): void {
    this.#chat
      .open(null)
      .then(() => this.focusComposer())
      .catch(() => undefined);
  }

  get #locale(): ElementLocale {
    return elementLocale(this.#options.locale, navigator.language);
  }

  get #strings(): Strings {
    return this.#locale.strings;
  }

  // ---- what is seen

  protected override render(): TemplateResult {
    const { snapshot } = this.#chat;
    const { strings, lang, dir } = this.#locale;
    const options = this.#options;
    const thread = snapshot.state.thread;
    const around = this.#around;
    const history = around.history();
    const head = header(options.header, snapshot, {
      strings,
      history: this.#issue === null ? around.historyButton : null,
      knownTitle: around.titleOf(snapshot.threadId),
      startNew: () => this.#startNew(),
      act: (side) => runHeaderAction(this.#raw, side),
    });
    return html`<section class="kb" part="root" role="region" aria-label=${options.frameTitle ?? strings.chat} lang=${lang ?? nothing} dir=${dir ?? nothing}>
      <div class="split" ?inert=${around.isLit}>${history}<div class="main" ?inert=${around.covers}>
      ${head === nothing ? html`<h2 class="vh">${options.frameTitle ?? strings.chat}</h2>` : head}
      ${offlineStrip(!navigator.onLine, strings)}
      ${this.#middle()}
      <div class="dock" part="dock"><div class="col">
        ${this.#conversation.latestButton()}
        ${closedComposer(thread?.status, () => this.#startNew(), strings) ?? this.#field()}
        ${disclaimer(options.disclaimer, this.#prose)}
      </div></div>
      </div></div>
      ${around.lightbox()}
      <div class="vh" aria-live="polite" ${ref((region) => this.#announcer.attach("polite", region))}></div>
      <div class="vh" aria-live="assertive" ${ref((region) => this.#announcer.attach("assertive", region))}></div>
    </section>`;
  }

  #field(): TemplateResult {
    const { snapshot, mayStop, isBusy } = this.#chat;
    const strings = this.#strings;
    const isOff = this.#optionsText === "" || this.#issue !== null;
    return this.#composer.render({
      placeholder: this.#options.placeholder ?? strings.placeholder,
      blocked: isOff ? strings.sendWhenReady : snapshot.phase === "loading" ? strings.sendWhenLoaded : null,
      answering: isBusy,
      mayStop,
      send: (input) => void this.#chat.send(input).catch(() => undefined), // shown and fired, as below
      stop: () => this.#chat.stop(),
    });
  }

  #middle(): TemplateResult {
    const strings = this.#strings;
    const say = (text: string) => this.#announcer.say(text);
    if (this.#issue !== null) return configCard(this.#issue, this.#options.url, say, strings);
    return this.#optionsText === "" ? quietScreen(strings) : this.#conversation.render();
  }
}
