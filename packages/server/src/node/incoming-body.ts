import type { NodeRequest } from "./exchange.ts";

const BUFFER_BYTES = 1024 * 1024;

/**
 * The body of a Node request, piece by piece. Nothing is read before the first piece is asked for; from
 * then on at most 1 MiB ahead of who reads.
 */
export class IncomingBody {
  readonly #incoming: NodeRequest;
  readonly #signal: AbortSignal;
  #pieces: Buffer[] = [];
  #size = 0;
  #state: "new" | "open" | "ended" | "failed" = "new";
  #error: unknown;
  #wake = () => {};

  /** When `signal` aborts, so does the body, with its reason. */
  constructor(incoming: NodeRequest, signal: AbortSignal) {
    this.#incoming = incoming;
    this.#signal = signal;
    incoming.pause();
  }

  /** The next piece; null at the end. Rejects with an `AbortError` if the client leaves before the end, and as `signal` says. */
  async next(): Promise<Buffer | null> {
    if (this.#state === "new") this.#open();
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#size -= piece.length;
        if (this.#state === "open" && this.#size < BUFFER_BYTES) this.#incoming.resume();
        return piece;
      }
      if (this.#state === "failed") throw this.#error;
      if (this.#state === "ended") return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends the reading, and leaves the connection alone, so that an answer can still be sent. */
  cancel(): void {
    this.#settle("ended");
    this.#pieces = [];
  }

  readonly #onData = (piece: Buffer): void => {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size >= BUFFER_BYTES) this.#incoming.pause();
    this.#wake();
  };
  readonly #onEnd = (): void => this.#settle("ended");
  readonly #onError = (error: unknown): void => this.#fail(error);
  readonly #onAbort = (): void => this.#fail(this.#signal.reason);
  readonly #onClose = (): void =>
    this.#fail(new DOMException("The client left in the middle of its request.", "AbortError"));

  #open(): void {
    this.#state = "open";
    const incoming = this.#incoming;
    incoming.on("data", this.#onData).on("end", this.#onEnd);
    incoming.on("close", this.#onClose).on("error", this.#onError);
    this.#signal.addEventListener("abort", this.#onAbort);
    // What has happened already will not be told a second time.
    if (this.#signal.aborted) this.#onAbort();
    else if (incoming.readableEnded) this.#onEnd();
    else if (incoming.destroyed) this.#onClose();
    else incoming.resume();
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.#pieces = [];
    this.#settle("failed");
  }

  #settle(state: "ended" | "failed"): void {
    this.#state = state;
    const incoming = this.#incoming;
    incoming.off("data", this.#onData).off("end", this.#onEnd);
    incoming.off("close", this.#onClose).off("error", this.#onError);
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#wake();
  }
}
