/** Values from several writers for one reader, in the order in which they were put. */
export class EventQueue<T> {
  readonly #values: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #news = Promise.withResolvers<void>();

  /** Adds a value; behind the end it is dropped. */
  put(value: T): void {
    if (this.#end !== undefined) return;
    this.#values.push(value);
    this.#wake();
  }

  /** Ends the queue, in failure if there is an `error`; only the first end counts. */
  end(failure: { readonly error?: unknown } = {}): void {
    this.#end ??= failure;
    this.#wake();
  }

  /** What there is, then what comes, up to the end. @throws what the queue ended with */
  async *read(): AsyncGenerator<T> {
    for (;;) {
      const value = this.#values.shift();
      if (value !== undefined) yield value;
      else if (this.#end === undefined) await this.#news.promise;
      else if ("error" in this.#end) throw this.#end.error;
      else return;
    }
  }

  /** Drops what nobody has read. */
  clear(): void {
    this.#values.length = 0;
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
