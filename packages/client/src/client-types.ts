import type {
  Attachment,
  Capabilities,
  CustomAction,
  FeedbackKind,
  Json,
  Page,
  PageQuery,
  RunInfo,
  StructuredInputAnswer,
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

/** How far an upload is. */
export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** How the bytes of an upload travel; the official option. */
export type UploadStrategy =
  | { readonly type: "two_phase" }
  | { readonly type: "direct"; readonly uploadUrl: string };

/** Options of an upload. */
export interface UploadOptions extends CallOptions {
  /** Told of the beginning, then at most every 100 ms, and at the end. */
  readonly onProgress?: (progress: UploadProgress) => void;
  /** @default direct to `v1/files` of a Waybill server, two-phase for any other */
  readonly strategy?: UploadStrategy;
}

/** How a client reaches its server. */
export interface ChatClientOptions {
  /**
   * The protocol route, for example `https://api.example/chatkit`. Relative to the page, if
   * there is one. Its siblings (`v1/…`, `chatkit.js`) are taken from the same folder.
   */
  readonly url: string;
  /**
   * A folder in which the page's own server passes the API on, with its slash: `/chat/`, if `/chat/v1` is the chat
   * server's `v1`. `GET {relay}v1` is asked, without cookies, when the chat server cannot be reached or read:
   * whether the server is up, and by which code it fails. No turn goes this way. An answer that does not name
   * itself Waybill tells nothing. @default none
   */
  readonly relay?: string | undefined;
  /** For all requests but probes. Cookies go along to the page's own origin only. @default globalThis.fetch */
  readonly fetch?: typeof fetch | undefined;
  /** Sent with every request to the server but `GET v1`, never with a probe. */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /**
   * Longest wait for the head of an answer, between two pieces of a stream, and while an upload stands
   * still; one that goes through `fetch`, where that cannot be seen, has 1 ms more for each byte. @default 60_000
   */
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
  /** What the server can do, asked once; null if it is not Waybill. */
  capabilities(options?: CallOptions): Promise<Capabilities | null>;
  /**
   * Uploads a file, and refuses before sending what the server's published policy refuses, in the
   * server's own words. Its attachment can be named in `send` at once.
   */
  upload(file: File, options?: UploadOptions): Promise<Attachment>;
  /** Deletes an attachment that no message names. */
  deleteAttachment(attachmentId: string, options?: CallOptions): Promise<void>;
  /** Renames a thread. */
  renameThread(threadId: string, title: string, options?: CallOptions): Promise<Thread>;
  /** Deletes a thread with everything in it. */
  deleteThread(threadId: string, options?: CallOptions): Promise<void>;
  /** Tells what a person thinks of items. */
  sendFeedback(
    threadId: string,
    itemIds: readonly string[],
    kind: FeedbackKind,
    options?: CallOptions,
  ): Promise<void>;
  /** Speech to text. */
  transcribe(audio: Blob, options?: CallOptions): Promise<string>;
  /** The result of the pending client tool call; the answer goes on. */
  sendToolOutput(threadId: string, result: Json, options?: CallOptions): AsyncIterable<ThreadStreamEvent>;
  /** A person's answers to a structured input; the answer goes on. */
  sendAnswers(
    threadId: string,
    itemId: string,
    answers: Readonly<Record<string, StructuredInputAnswer>> | "skipped",
    options?: CallOptions,
  ): AsyncIterable<ThreadStreamEvent>;
  /** What a widget, or the page itself, asks the server to do. */
  sendAction(
    threadId: string,
    action: CustomAction,
    itemId?: string,
    options?: CallOptions,
  ): AsyncIterable<ThreadStreamEvent>;
}
