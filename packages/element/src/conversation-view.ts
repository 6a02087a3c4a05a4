import { html, nothing, type TemplateResult } from "lit/html.js";
import { Ref } from "./base/ref.ts";
import type { ChatController } from "./chat-controller.ts";
import type { Composer } from "./composer/composer.ts";
import { draftOf } from "./composer/drafts.ts";
import { icon } from "./icon/icon.ts";
import type { ProseContext } from "./markdown/render.ts";
import type { ElementOptions } from "./options/read-options.ts";
import { startScreen } from "./start-screen/start-screen.ts";
import type { Surroundings } from "./surroundings.ts";
import { FollowEnd } from "./transcript/follow-end.ts";
import { transcript } from "./transcript/transcript.ts";

/** The element, as far as the conversation needs it. */
export interface ConversationHost {
  readonly chat: ChatController;
  readonly composer: Composer;
  readonly around: Surroundings;
  readonly options: () => ElementOptions;
  readonly prose: () => ProseContext;
  readonly changed: () => void;
}

/** The conversation as it is read: a start screen or the transcript, and which part of it is in view. */
export class ConversationView {
  readonly #host: ConversationHost;
  readonly #follow: FollowEnd;
  readonly #log = new Ref();
  #dismissed: ReadonlySet<string> = new Set();
  #unsentSeen = 0;

  constructor(host: ConversationHost) {
    this.#host = host;
    this.#follow = new FollowEnd(host.changed, () => host.options().autoScroll);
  }

  /** Moves the focus to the transcript, if there is one. */
  focus(): void {
    this.#log.value?.focus();
  }

  /** To be called after each drawing: follows the end, and shows what was just sent. */
  settle(): void {
    this.#follow.attach(this.#log.value);
    const { length } = this.#host.chat.snapshot.unsent;
    if (length > this.#unsentSeen) this.#follow.toEnd();
    this.#unsentSeen = length;
  }

  /** The way to the end; nothing while the end is in view. */
  latestButton(): TemplateResult | typeof nothing {
    if (this.#follow.isNear || this.#log.value === undefined) return nothing;
    return html`<div class="composer"><button class="btn latest xs" type="button" part="latest" @click=${() => this.#follow.toEnd()}>${icon("arrow-down", { small: true })}${this.#host.prose().strings.latest}</button></div>`;
  }

  /** The conversation. */
  render(): TemplateResult {
    const { chat, composer, around, options, prose, changed } = this.#host;
    const { snapshot } = chat;
    const { strings, say } = prose();
    const isNew =
      snapshot.threadId === null && snapshot.unsent.length === 0 && snapshot.state.items.length === 0;
    if (isNew && !chat.isBusy) {
      const { greeting, prompts } = options();
      return startScreen(
        greeting ?? strings.greeting,
        prompts,
        ({ content }) => {
          chat.send({ content, ...composer.choices.input }).catch(() => undefined); // shown as a card
        },
        strings,
      );
    }
    return transcript({
      strings,
      snapshot,
      dismissed: this.#dismissed,
      log: this.#log,
      prose: prose(),
      say,
      ...around.forTranscript,
      act: (action, turn) => {
        if (action === "resend" && turn !== null) void chat.resend(turn.key);
        else if (action === "retry") void chat.tryAgain();
        else chat.reload().catch(() => undefined); // shown, as above
      },
      edit: ({ key }) => {
        const turn = chat.takeBack(key);
        if (turn !== undefined) composer.take(draftOf(turn.input));
        composer.focus();
      },
      retry: () => void chat.retry(),
      reload: () => void chat.reload().catch(() => undefined),
      showOlder: () => void chat.loadOlder(),
      dismiss: (key) => {
        this.#dismissed = new Set([...this.#dismissed, key]);
        changed();
      },
    });
  }
}
