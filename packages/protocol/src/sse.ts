/** One event of a `text/event-stream`. The empty `event` means "message". */
export interface SseEvent {
  readonly event: string;
  readonly data: string;
  /** The last `id` seen in the stream, this event's own or an earlier one's; "" if none. */
  readonly id: string;
}

/**
 * One frame with `data`, which may have several lines. With an `id`, that line
 * stands first. Without one, the bytes equal upstream's: `data: {json}\n\n`.
 *
 * @throws RangeError if `id` has a line break or NUL, which the format cannot carry.
 * Source: HTML, "Server-sent events", 9.2.5.
 */
export function encodeSse(data: string, id?: string): string {
  if (id !== undefined && /[\r\n\0]/.test(id))
    throw new RangeError("An SSE id has no line breaks and no NUL.");
  const lines = /[\r\n]/.test(data) ? data.replace(/\r\n|\r|\n/g, "\ndata: ") : data;
  return id === undefined ? `data: ${lines}\n\n` : `id: ${id}\ndata: ${lines}\n\n`;
}

/** A frame that every reader ignores; keeps proxies from closing an idle stream. */
export const SSE_PING = ": ping\n\n";

/** Limits of a {@link SseDecoder}. */
export interface SseDecoderOptions {
  /** Most characters of one event, line included. @default 16 MiB */
  readonly maxEventChars?: number;
}

/**
 * Reads a stream in pieces of any size, cut anywhere, also inside a character or
 * between CR and LF. A byte order mark at the start, comments, `retry` and unknown
 * fields are skipped; an event without `data` is not dispatched; what the stream
 * leaves unfinished at its end is dropped.
 *
 * Source: HTML, "Server-sent events", 9.2.6.
 */
export class SseDecoder {
  readonly #text = new TextDecoder("utf-8");
  readonly #maxEventChars: number;
  #rest = "";
  #skipLineFeed = false;
  #data: string[] = [];
  #dataChars = 0;
  #event = "";
  #id = "";

  constructor(options: SseDecoderOptions = {}) {
    this.#maxEventChars = options.maxEventChars ?? 16 * 1024 * 1024;
  }

  /**
   * The events that `bytes` complete; often none.
   *
   * @throws RangeError when one event exceeds `maxEventChars`.
   */
  push(bytes: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    // The decoder drops a leading BOM by itself: the Encoding standard's "UTF-8 decode".
    let text = this.#rest + this.#text.decode(bytes, { stream: true });
    const searchFrom = this.#rest.length;
    this.#rest = "";
    if (this.#skipLineFeed && text !== "") {
      if (text.startsWith("\n")) text = text.slice(1);
      this.#skipLineFeed = false;
    }
    let start = 0;
    const breaks = /\r\n|\r|\n/g;
    breaks.lastIndex = Math.max(0, Math.min(searchFrom, text.length));
    for (let match = breaks.exec(text); match !== null; match = breaks.exec(text)) {
      const line = text.slice(start, match.index);
      start = match.index + match[0].length;
      // A CR at the end of a piece may be the first half of CRLF.
      if (match[0] === "\r" && start === text.length) this.#skipLineFeed = true;
      const event = this.#line(line);
      if (event !== undefined) events.push(event);
    }
    this.#rest = text.slice(start);
    this.#checkSize(this.#rest.length);
    return events;
  }

  #line(line: string): SseEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    switch (field) {
      case "data":
        this.#data.push(value);
        this.#dataChars += value.length + 1;
        this.#checkSize(0);
        break;
      case "event":
        this.#event = value;
        break;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        break;
      default:
    }
    return undefined;
  }

  #dispatch(): SseEvent | undefined {
    const data = this.#data;
    const event = this.#event;
    this.#data = [];
    this.#dataChars = 0;
    this.#event = "";
    return data.length === 0 ? undefined : { event, data: data.join("\n"), id: this.#id };
  }

  #checkSize(pending: number): void {
    if (this.#dataChars + pending > this.#maxEventChars) {
      throw new RangeError(`An event of the stream is longer than ${this.#maxEventChars} characters.`);
    }
  }
}
