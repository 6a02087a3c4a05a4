/** Longest delay that a timer takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Bounds each wait of one exchange, and ends all of it when the caller or a wait gives up. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #caller: AbortSignal | undefined;
  /** Hand this to `fetch`. */
  readonly signal: AbortSignal;
  /** Whether a wait took too long. */
  expired = false;
  /** Gives the wait that is under way its whole time again. */
  restart: () => void = () => undefined;

  constructor(timeoutMs: number, caller: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#caller = caller;
    this.signal =
      caller === undefined ? this.#controller.signal : AbortSignal.any([this.#controller.signal, caller]);
  }

  /** Throws the caller's reason, if it was the caller who gave up. */
  throwIfStopped(): void {
    this.#caller?.throwIfAborted();
  }

  /**
   * Settles as `promise` does, or rejects when the time is over or the caller gives up:
   * also if what was asked does not listen to `signal`.
   */
  async wait<T>(promise: Promise<T>, timeoutMs: number = this.#timeoutMs): Promise<T> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (): void => reject(this.signal.reason);
    if (this.signal.aborted) end();
    this.signal.addEventListener("abort", end, { once: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.restart = () => {
      clearTimeout(timer);
      if (timeoutMs <= MAX_TIMER_MS) timer = setTimeout(() => this.#expire(), timeoutMs);
    };
    this.restart();
    try {
      return await Promise.race([promise, ended]);
    } finally {
      this.restart = () => undefined;
      clearTimeout(timer);
      this.signal.removeEventListener("abort", end);
    }
  }

  #expire(): void {
    this.expired = true;
    this.#controller.abort(new DOMException("The wait took too long.", "TimeoutError"));
  }

  /** Ends the exchange; a body that is still arriving is cancelled. */
  close(): void {
    this.#controller.abort();
  }
}
