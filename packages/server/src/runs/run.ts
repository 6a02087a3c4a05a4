import {
  ChatError,
  isHiddenItem,
  type RunState,
  type ThreadItem,
  type ThreadStreamEvent,
} from "@waybill/protocol";
import { parseAuthoredEvent } from "@waybill/protocol/schema";
import type { JournalEntry, RunStore, StoreChange } from "../ports/store.ts";
import { keepPartialMessages } from "../responders/keep-partial-messages.ts";
import type { TurnEvent } from "../responders/respond.ts";
import type { ThreadDraft } from "../responders/thread-draft.ts";
import type { EventReader } from "./event-stream.ts";
import { endingNote, PartialItems } from "./partial-items.ts";
import { authoredItem, toStoredItem, toWireThread } from "./stored-items.ts";

const FLUSH_EVENTS = 64;
const ON_STOPPED_MS = 5_000;

/** Why a run is ended from outside; `deleted`: with its thread, so that nothing of it is kept. */
export type StopReason = "stopped" | "interrupted" | "deleted";

/** What a run needs. */
export interface RunOptions {
  readonly id: string;
  /** The thread; its changes are stored and told with the run's events. */
  readonly draft: ThreadDraft;
  readonly store: RunStore;
  readonly now: () => Date;
  /** Told of an exception that the reader is not shown. */
  readonly onFailure: (error: unknown) => void;
  /** Chooses what is kept when the person stops the answer. @default `keepPartialMessages` */
  readonly onStopped?: ((pending: readonly ThreadItem[]) => Promise<readonly ThreadItem[]>) | undefined;
}

/** An event as a responder may hand it over, whatever its types say. */
type YieldedEvent = TurnEvent | Extract<ThreadStreamEvent, { readonly type: "thread.updated" }>;

/**
 * One streamed answer. Every event is in the journal before any reader sees it, and the
 * run ends with exactly one terminal record. Readers come and go; when the last one has
 * left, the run is stopped, as upstream does for a closed connection.
 */
export class Run {
  readonly id: string;
  readonly #options: RunOptions;
  readonly #abort = new AbortController();
  readonly #partial = new PartialItems();
  /** What is in the journal and may be read. */
  readonly #sent: string[] = [];
  #batch: JournalEntry[] = [];
  /** Of the last entry in the batch, of the last in the journal, and of the last that changes the store. */
  #seq = 0;
  #storedSeq = 0;
  #changeSeq = 0;
  #ended = false;
  #readers = 0;
  #stopReason: StopReason | undefined;
  /** The end that the store has refused to take. */
  #owed:
    | { readonly state: Exclude<RunState, "active">; readonly entries: readonly JournalEntry[] }
    | undefined;
  #news = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();

  constructor(options: RunOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** The thread as this run knows it. */
  get draft(): ThreadDraft {
    return this.#options.draft;
  }

  /** Aborts when the run is ended from outside. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Resolves when the terminal record is stored. Never rejects. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Resolves when what the responder has changed so far is in the store, or never will be. Never rejects. */
  async changesStored(): Promise<void> {
    const seq = this.#changeSeq;
    while (this.#storedSeq < seq && !this.#ended) await this.#news.promise;
  }

  /** Ends the run from outside; what was streamed so far is kept. Ending twice is no error. */
  stop(reason: StopReason): void {
    if (this.#ended || this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#abort.abort(new DOMException("The answer was stopped.", "AbortError"));
  }

  /** Whether it has come to its end, and the store still takes it for active. */
  get isOwed(): boolean {
    return this.#ended && this.#owed !== undefined;
  }

  /** Gives the store once more the end that it has not taken; false, with an entry in the log, if it fails again. */
  async settle(): Promise<boolean> {
    if (this.#owed === undefined) return true;
    const { store, onFailure } = this.#options;
    const { state, entries } = this.#owed;
    try {
      // Entries that the store has taken, although it said it had not, are refused: the end alone is not.
      await store.finish(this.id, state, entries).catch(() => store.finish(this.id, state, []));
    } catch (error) {
      onFailure(error);
      return false;
    }
    this.#owed = undefined;
    return true;
  }

  /** Drives the run to its end: first `preamble`, which is stored already, then what `answer` yields. */
  async drive(preamble: readonly ThreadStreamEvent[], answer: AsyncIterable<TurnEvent>): Promise<void> {
    try {
      // Stored with what the responder has ready.
      for (const event of preamble) this.#add(JSON.stringify(event));
      await this.#consume(answer);
      if (this.#stopReason === undefined) {
        this.#announceThread();
        await this.#finish("completed");
      } else await this.#finishEarly(this.#stopReason);
    } catch (error) {
      await this.#fail(error);
    } finally {
      this.#ended = true;
      this.#wake();
      this.#done.resolve();
    }
  }

  async #consume(answer: AsyncIterable<TurnEvent>): Promise<void> {
    const iterator = answer[Symbol.asyncIterator]();
    let settle: (outcome: "aborted" | "breath") => void = () => {};
    const onAbort = () => settle("aborted");
    this.signal.addEventListener("abort", onAbort);
    let breaths = 0;
    let isBreathing = false;
    const breathe = () => {
      if (isBreathing) return;
      isBreathing = true;
      setImmediate(() => {
        isBreathing = false;
        breaths += 1;
        settle("breath");
      });
    };
    const pull = () => Promise.resolve(iterator.next());
    let next = pull();
    const outcomeOf = () =>
      new Promise<IteratorResult<TurnEvent> | "aborted" | "breath">((resolve, reject) => {
        settle = resolve;
        next.then(resolve, reject);
        // Behind an event that is there already.
        if (this.signal.aborted) queueMicrotask(onAbort);
      });
    try {
      for (;;) {
        // What can be had without waiting shares a transaction; what is waited for must not hold it up.
        const before = breaths;
        breathe();
        let outcome = await outcomeOf();
        if (outcome === "breath") {
          await this.#flush();
          outcome = await outcomeOf();
        }
        if (typeof outcome === "string") return this.#abandon(iterator, next);
        if (outcome.done === true) return;
        this.#take(outcome.value);
        if (this.#batch.length >= FLUSH_EVENTS) {
          await this.#flush();
          // A responder that never waits must not keep everybody else waiting.
          if (breaths === before) await breath();
        }
        next = pull();
      }
    } catch (error) {
      // The journal failed, or the responder did: nothing of it will be heard any more, so it need not go on.
      this.#abort.abort(error);
      this.#abandon(iterator, next);
      throw error;
    } finally {
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  /** A responder that does not listen to its signal is left to itself: nothing that it yields later is heard. */
  #abandon(iterator: AsyncIterator<TurnEvent>, next: Promise<unknown>): void {
    const quiet = (error: unknown) => {
      if (!this.signal.aborted) this.#options.onFailure(error);
    };
    next.catch(quiet);
    Promise.resolve(iterator.return?.()).catch(quiet);
  }

  #take(yielded: TurnEvent): void {
    const event = this.#checked(yielded);
    const change = changeOf(event);
    const hidden = "item" in event && isHiddenItem(event.item);
    this.#add(hidden ? "" : JSON.stringify(this.#wireEvent(event)), change);
    if (event.type !== "thread.updated") this.#partial.apply(event);
    this.#announceThread();
  }

  /** @throws Error for the log, if it is no event, or one of another thread */
  #checked(yielded: unknown): YieldedEvent {
    const result = parseAuthoredEvent(yielded);
    if (!result.ok) {
      const issues = result.issues.map(
        ({ path, message }) => `${path === "" ? "the event" : path}: ${message}`,
      );
      throw new Error(`The responder has yielded what is no event of the protocol: ${issues.join("; ")}.`);
    }
    const event = result.value;
    const { id } = this.draft.record;
    const named = "item" in event ? event.item.thread_id : "thread" in event ? event.thread.id : id;
    if (named !== id) {
      throw new Error(`The responder of thread ${id} has yielded a ${event.type} of thread ${named}.`);
    }
    return event;
  }

  /** What is kept with the thread never leaves the server, whatever a responder hands over. */
  #wireEvent(event: YieldedEvent): ThreadStreamEvent {
    if (event.type !== "thread.updated") return event;
    const kept = this.draft.record.metadata;
    const metadata = Object.entries(event.thread.metadata).filter(([key]) => !Object.hasOwn(kept, key));
    return { ...event, thread: { ...event.thread, metadata: Object.fromEntries(metadata) } };
  }

  /** Stores and tells what has changed of the thread. */
  #announceThread(): void {
    const change = this.draft.take();
    if (change === undefined) return;
    const event: ThreadStreamEvent = { type: "thread.updated", thread: toWireThread(this.draft.record) };
    this.#add(JSON.stringify(event), { type: "change_thread", change });
  }

  #add(data: string, change?: StoreChange): void {
    this.#seq += 1;
    if (change !== undefined) this.#changeSeq = this.#seq;
    this.#batch.push({ seq: this.#seq, data, ...(change === undefined ? {} : { change }) });
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    await this.#options.store.append(this.id, batch);
    this.#storedSeq = this.#seq;
    this.#publish(batch);
  }

  async #finish(state: Exclude<RunState, "active">): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#owed = { state, entries: batch };
    await this.#options.store.finish(this.id, state, batch);
    this.#owed = undefined;
    this.#storedSeq = this.#seq;
    this.#publish(batch);
  }

  async #finishEarly(reason: StopReason): Promise<void> {
    if (reason === "deleted") {
      const deleted = new ChatError("not_found", { message: "This conversation was deleted." });
      this.#add(JSON.stringify(errorEvent(deleted)));
      await this.#finish("stopped");
      return;
    }
    for (const item of await this.#kept(reason))
      this.#add("", { type: "put_item", item: toStoredItem(item) });
    const note = endingNote(this.draft.record.id, this.#options.now().toISOString(), reason);
    this.#add("", { type: "put_item", item: note });
    const change = this.draft.take();
    if (change !== undefined) this.#add("", { type: "change_thread", change });
    if (reason === "interrupted") {
      const message = "The chat server is restarting. What had arrived is kept.";
      this.#add(JSON.stringify(errorEvent(new ChatError("shutting_down", { message }))));
    }
    await this.#finish(reason);
  }

  async #kept(reason: StopReason): Promise<readonly ThreadItem[]> {
    const pending = this.#partial.items();
    const { onStopped, onFailure, draft } = this.#options;
    if (onStopped === undefined || reason !== "stopped") return keepPartialMessages(pending);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`onStopped has not answered within ${ON_STOPPED_MS} ms.`)),
      ON_STOPPED_MS,
    );
    try {
      const kept = await Promise.race([onStopped(pending), late.promise]);
      return kept.map((item) => authoredItem(item, draft.record.id));
    } catch (error) {
      onFailure(error);
      return keepPartialMessages(pending);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A responder's failure is the reader's to know; a failure to say so is the log's. */
  async #fail(error: unknown): Promise<void> {
    if (this.#stopReason !== undefined) {
      await this.#finishEarly(this.#stopReason).catch(this.#options.onFailure);
      return;
    }
    if (!(error instanceof ChatError)) this.#options.onFailure(error);
    // What the journal has not taken was told to nobody; what it has not been given yet, it may take.
    if (this.#batch.length === 0) this.#seq = this.#storedSeq;
    try {
      this.#add(JSON.stringify(errorEvent(error)));
      this.#announceThread();
      await this.#finish("failed");
    } catch (storeError) {
      this.#options.onFailure(storeError);
      // The store is gone; whoever reads is told all the same.
      this.#sent.push(JSON.stringify(errorEvent(storeError)));
    }
  }

  #publish(entries: readonly JournalEntry[]): void {
    for (const entry of entries) if (entry.data !== "") this.#sent.push(entry.data);
    this.#wake();
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }

  /** A reader of all events from the first on, then of the live ones. The run is stopped when the last reader closes. */
  reader(): EventReader {
    this.#readers += 1;
    let position = 0;
    let open = true;
    return {
      read: async () => {
        for (;;) {
          if (position < this.#sent.length) {
            const events = this.#sent.slice(position);
            position = this.#sent.length;
            return events;
          }
          if (this.#ended) return null;
          await this.#news.promise;
        }
      },
      close: () => {
        if (!open) return;
        open = false;
        this.#readers -= 1;
        if (this.#readers === 0) this.stop("stopped");
      },
    };
  }
}

/** What an event changes in the store. What is said of the thread by hand is passed on, and changes nothing. */
function changeOf(event: YieldedEvent): StoreChange | undefined {
  switch (event.type) {
    case "thread.item.done":
    case "thread.item.replaced":
      return { type: "put_item", item: toStoredItem(event.item) };
    case "thread.item.added":
      return isHiddenItem(event.item) ? { type: "put_item", item: event.item } : undefined;
    case "thread.item.removed":
      return { type: "delete_item", item_id: event.item_id };
    default:
      return undefined;
  }
}

/** Resolves with undefined once everything that is ready now has had its turn. */
function breath(): Promise<undefined> {
  return new Promise((resolve) => {
    setImmediate(resolve, undefined);
  });
}

/** The event that tells a reader of a failure. Only a `ChatError` speaks for itself. */
export function errorEvent(error: unknown): Extract<ThreadStreamEvent, { type: "error" }> {
  return error instanceof ChatError
    ? { type: "error", code: "custom", message: error.message, allow_retry: error.retryable }
    : { type: "error", code: "stream.error", allow_retry: true };
}
