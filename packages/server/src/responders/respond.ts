import type { AssistantMessageItem, ThreadItem, ThreadStreamEvent, UserMessageItem } from "@waybill/protocol";
import type { Principal } from "../ports/principal.ts";
import type { AttachmentRecord, ThreadRecord } from "../ports/store.ts";

/** What a responder may yield. Opening the thread and the stream's options are the server's own. */
export type TurnEvent = Exclude<ThreadStreamEvent, { readonly type: "thread.created" | "stream_options" }>;

/** Text of an answer: at once, or in pieces. */
export type TextSource = string | Iterable<string> | AsyncIterable<string>;

/** The thread of a turn. */
export interface TurnThread extends Pick<ThreadRecord, "id" | "title" | "status" | "metadata"> {
  /**
   * One answer, streamed piece by piece: the events of an assistant message with one part
   * of Markdown text. Empty pieces are left out. Returns the finished item.
   */
  streamText(source: TextSource): AsyncGenerator<TurnEvent, AssistantMessageItem>;
  /** The newest items of the thread, oldest of them first, hidden ones too; 100 unless asked otherwise. */
  history(limit?: number): Promise<readonly ThreadItem[]>;
  /** The event that gives the thread its title; null if by now it has one, or is gone. */
  firstTitle(title: string): Promise<TurnEvent | null>;
}

/** An attachment of a message, ready to be read. */
export interface TurnAttachment
  extends Pick<
    AttachmentRecord,
    "id" | "name" | "mime_type" | "type" | "size_bytes" | "sha256" | "width" | "height"
  > {
  /** Its bytes. Rejects if the file store has lost them. */
  stream(): Promise<ReadableStream<Uint8Array>>;
}

/** What a responder is given. */
export interface TurnContext {
  readonly thread: TurnThread;
  /** The message's own attachments, in its order. */
  readonly attachments: readonly TurnAttachment[];
  /** An attachment of an earlier message; null if the caller owns none of this id that can be read. */
  attachment(id: string): Promise<TurnAttachment | null>;
  readonly principal: Principal;
  /** Aborts when the person stops the answer, leaves, or the server ends. */
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/**
 * Answers a message by yielding events. Throwing a `ChatError` tells the person its
 * message; any other exception is reported as a failure of the server, without details.
 * Items that were not `done` by then are not kept.
 */
export type Respond = (context: TurnContext, message: UserMessageItem | null) => AsyncIterable<TurnEvent>;
