import type {
  Annotation,
  AssistantMessageItem,
  ClientToolCallItem,
  CustomAction,
  Json,
  StructuredInputItem,
  StructuredInputQuestion,
  Task,
  ThreadItem,
  ThreadStatus,
  ThreadStreamEvent,
  UserMessageItem,
  WidgetItem,
} from "@waybill/protocol";
import type { Principal } from "../ports/principal.ts";
import type { AttachmentRecord, ThreadRecord } from "../ports/store.ts";
import type { StreamWidgetOptions, WidgetSource } from "../widgets/stream-widget.ts";
import type { TurnImage } from "./turn-image.ts";
import type { TurnWorkflow, WorkflowOptions } from "./turn-workflow.ts";

/**
 * What a responder may yield. What is said of the thread itself is the server's own: see
 * {@link TurnThread.setTitle} and its neighbours.
 */
export type TurnEvent = Exclude<ThreadStreamEvent, { readonly type: "thread.created" | "thread.updated" }>;

/** One piece of an answer: text, or a mark that refers to a source. */
export type TextPiece = string | Annotation;

/** An answer: at once, or in pieces. */
export type TextSource = string | Iterable<TextPiece> | AsyncIterable<TextPiece>;

/** A task as an author writes it. `status_indicator` is `none` unless it is said. */
export type TaskInput = Task extends infer One
  ? One extends Task
    ? Omit<One, "status_indicator"> & Partial<Pick<One, "status_indicator">>
    : never
  : never;

/** A question to the person, as an author writes it. Of several choices one is taken, unless `multiple`. */
export type QuestionInput = StructuredInputQuestion extends infer One
  ? One extends { readonly type: "multiple_choice" }
    ? Omit<One, "answer" | "multiple"> & { readonly multiple?: boolean }
    : Omit<One, "answer">
  : never;

/** An object of JSON values. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * The thread of a turn. `title` and its neighbours are as they are now; the setters change them at once
 * for whoever asks here, and the person is told behind the event that is yielded next, or at the end:
 * what is set and set back in between is not told. Changes are kept however the turn ends.
 *
 * The makers return events, or generators of them: nothing happens until they are yielded.
 */
export interface TurnThread extends Pick<ThreadRecord, "id" | "created_at" | "status" | "metadata"> {
  readonly title: string | undefined;
  readonly allowed_image_domains: readonly string[] | undefined;
  /** Names the thread; null takes its title away. */
  setTitle(title: string | null): void;
  /** Locks, closes or opens the thread for messages. */
  setStatus(status: ThreadStatus): void;
  /** Replaces what the application keeps with the thread. It never leaves the server. */
  setMetadata(metadata: JsonObject): void;
  /** The hosts from which pictures in answers may be loaded; null: any. */
  setAllowedImageDomains(domains: readonly string[] | null): void;
  /** The newest items of the thread, oldest of them first, hidden ones too; 100 unless asked otherwise. */
  history(limit?: number): Promise<readonly ThreadItem[]>;

  /**
   * One answer, streamed piece by piece: the events of an assistant message with one part
   * of Markdown text, one delta a piece. Returns the finished item.
   */
  streamText(source: TextSource): AsyncGenerator<TurnEvent, AssistantMessageItem>;
  /**
   * A widget, at once or state by state: the page is told what differs. Returns the finished item; null
   * if the source has no state.
   */
  streamWidget(
    source: WidgetSource,
    options?: StreamWidgetOptions,
  ): AsyncGenerator<TurnEvent, WidgetItem | null>;
  /** Steps that led to an answer, told while they are taken. */
  workflow(options?: WorkflowOptions): TurnWorkflow;
  /** One step that stands alone. */
  task(task: TaskInput): TurnEvent;
  /** A picture that a model makes, told while it is made. */
  generatedImage(): TurnImage;
  /**
   * Asks the page to carry out a tool. Yield it last: when the result is there, the responder is called
   * again, with the item in `continues`. `call_id` is a new one unless it is given.
   */
  clientToolCall(call: {
    readonly name: string;
    readonly arguments?: JsonObject;
    readonly call_id?: string;
  }): TurnEvent;
  /** Asks the person. When they have answered, the responder is called again, with the item in `continues`. */
  structuredInput(questions: readonly QuestionInput[]): TurnEvent;
  /** Context for the model alone: stored, never sent. */
  hiddenContext(content: Json): TurnEvent;
  /** What is going on just now; nothing of it is kept. */
  progress(text: string, icon?: string): TurnEvent;
  /** Has the page do something: it hears of it as `chatkit.effect`. */
  effect(name: string, data?: JsonObject): TurnEvent;
  /** A word to the person beside the conversation; nothing of it is kept. */
  notice(level: "info" | "warning" | "danger", message: string, title?: string): TurnEvent;
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
  /** What the person or the page has completed, where that and no message is to be answered. */
  readonly continues?: ClientToolCallItem | StructuredInputItem;
  readonly principal: Principal;
  /** Aborts when the person stops the answer, leaves, or the server ends. */
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/**
 * Answers a message, or goes on after `context.continues` where there is none, by yielding events.
 * Throwing a `ChatError` tells the person its message; any other exception, and an event that the
 * protocol does not know, is reported as a failure of the server, without details.
 * Items that were not `done` by then are not kept.
 */
export type Respond = (context: TurnContext, message: UserMessageItem | null) => AsyncIterable<TurnEvent>;

/**
 * Answers what a widget, or the page itself, asks the server to do, as {@link Respond} does a message.
 * `sender` is the widget; null for the page.
 */
export type RespondToAction = (
  context: TurnContext,
  action: CustomAction,
  sender: WidgetItem | null,
) => AsyncIterable<TurnEvent>;

/** What an action at once has led to. */
export interface SyncActionResult {
  /** Stored in the place of the item with its id, or behind the others, and told to the page unless it is hidden. */
  readonly updated_item?: ThreadItem;
}

/**
 * Carries out an action at once, without a stream; it may run beside an answer. What it sets on the
 * thread is kept. A `ChatError` is the answer; after any exception nothing is kept.
 */
export type SyncAction = (
  context: TurnContext,
  action: CustomAction,
  sender: WidgetItem | null,
) => SyncActionResult | undefined | Promise<SyncActionResult | undefined>;

/** What the client is told of a stream before it begins. */
export interface StreamOptions {
  /** Whether the person is offered to stop the answer. */
  readonly allow_cancel: boolean;
}

/** What a hook around a turn is told of it. */
export interface TurnFacts extends Pick<TurnContext, "principal" | "requestId"> {
  readonly thread: Pick<TurnThread, "id" | "title" | "status" | "metadata">;
}

/** Chooses the options of a stream, before anything is stored: what it throws refuses the turn. */
export type ChooseStreamOptions = (turn: TurnFacts) => StreamOptions | Promise<StreamOptions>;

/**
 * Chooses what is kept of an answer that was stopped, in place of `keepPartialMessages`. `pending` are
 * the items that were begun and not done, as far as they had come. Has 5 s; if it fails, the default holds.
 */
export type OnStopped = (
  turn: TurnFacts,
  pending: readonly ThreadItem[],
) => readonly ThreadItem[] | Promise<readonly ThreadItem[]>;
