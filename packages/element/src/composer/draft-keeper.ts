import type { ChatController } from "../chat-controller.ts";
import type { Composer } from "./composer.ts";
import { draftOf } from "./drafts.ts";
import { claimPlace, releasePlace } from "./places.ts";

/** Sees to it that the composer shows the draft of the open conversation, and of this element. */
export class DraftKeeper {
  readonly #composer: Composer;
  readonly #chat: ChatController;
  #place: number | null = null;
  #threadId: string | null = null;

  constructor(composer: Composer, chat: ChatController) {
    this.#composer = composer;
    this.#chat = chat;
  }

  /** The element came to the page: it has drafts of its own there, until `disconnect`. */
  connect(): void {
    this.#place = claimPlace(this.#place);
  }

  disconnect(): void {
    releasePlace(this.#place);
  }

  /** To be called before each drawing, with the server's address; null: none. */
  follow(url: string | null): void {
    const { threadId, unsent } = this.#chat.snapshot;
    const key = ["waybill-draft", this.#place, url, threadId].join(" ");
    if (this.#threadId === null && threadId !== null && this.#chat.isBusy) this.#composer.move(key);
    else this.#composer.open(key);
    this.#threadId = threadId;
    this.#composer.keep(unsent.map((turn) => draftOf(turn.input)));
  }
}
