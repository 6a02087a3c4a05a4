import type {
  Page,
  PageQuery,
  RunInfo,
  Thread,
  ThreadItem,
  ThreadStreamEvent,
  UserMessageContent,
} from "@waybill/protocol";

/** An attachment as a page describes it to `sendUserMessage`; the server may not know it yet. */
export interface PageAttachment {
  readonly id: string;
  readonly name: string;
  readonly mime_type: string;
  readonly type: "image" | "file";
  /** Where the server can fetch the bytes, if it does not know the id. */
  readonly preview_url?: string;
}

/** A turn to send. One of `text` and `content` is needed, unless there are attachments. */
export interface SendInput {
  readonly text?: string;
  /** Takes the place of `text`. */
  readonly content?: readonly UserMessageContent[];
  readonly attachments?: readonly PageAttachment[];
  /** Text that the message replies to. */
  readonly quotedText?: string;
  /** The thread to continue; absent or null: a new one. */
  readonly threadId?: string | null;
  readonly toolChoice?: { readonly id: string };
  readonly model?: string;
}

/** Options of one call. */
export interface CallOptions {
  /** Aborting stops the call; what it was doing ends with the reason, as with `fetch`. */
  readonly signal?: AbortSignal;
}

/** How a client reaches its server. */
export interface ChatClientOptions {
  /**
   * The protocol route, for example `https://api.example/chatkit`. Relative to the page, if
   * there is one. Its siblings (`v1/…`, `chatkit.js`) are taken from the same folder.
   */
  readonly url: string;
  /** For all requests but probes. Cookies go along to the page's own origin only. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** Sent with every request to the server but `GET v1`, never with a probe. */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Longest wait for the head of an answer, and between two pieces of a stream. @default 60_000 */
  readonly timeoutMs?: number;
  /** Told of what a page need not act on: `event.unknown` with its `type`. */
  readonly onLog?: (entry: {
    readonly name: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }) => void;
}

/**
 * A chat without a face. Every failure is a `ChatFailure` with a verdict, but for the
 * caller's own abort, whose reason is thrown as it is.
 */
export interface ChatClient {
  /**
   * Sends a turn. Attachments that the server does not know are resolved first, by
   * `POST v1/files`; if one fails, nothing has been sent or stored. Events come as they
   * arrive; an `error` event of the server is yielded and, behind the last event, thrown as a
   * `ChatFailure`. Leaving the iteration early closes the connection.
   *
   * Before the first turn the server is asked what it is, by `GET v1`. A Waybill server gets
   * each turn with an `Idempotency-Key`; another gets neither the key nor descriptions of
   * attachments, only their ids. Sending the same input again after a failure whose verdict
   * does not say `never` repeats the failed request, key included.
   */
  send(input: SendInput, options?: CallOptions): AsyncIterable<ThreadStreamEvent>;
  /** Answers a stored message of a person anew; what came after it is deleted by the server. */
  retry(threadId: string, itemId: string, options?: CallOptions): AsyncIterable<ThreadStreamEvent>;
  /**
   * The thread with its newest items, up to 100, oldest of them first. With `has_more`, the
   * items before them are behind `items.after` in descending order.
   */
  getThread(threadId: string, options?: CallOptions): Promise<Thread>;
  /** The caller's threads, newest first unless asked otherwise. */
  listThreads(query?: PageQuery, options?: CallOptions): Promise<Page<Thread>>;
  /** Items of a thread. */
  listItems(threadId: string, query?: PageQuery, options?: CallOptions): Promise<Page<ThreadItem>>;
  /** The newest run of a thread; null if there is none, or the server is not Waybill. */
  newestRun(threadId: string, options?: CallOptions): Promise<RunInfo | null>;
}
