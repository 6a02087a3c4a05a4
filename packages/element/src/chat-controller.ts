import {
  type ChatClient,
  type ChatClientOptions,
  type ChatFailure,
  type SendInput,
  threadStateOf,
} from "@waybill/client";
import type { ThreadMetadata, ThreadStreamEvent, UserMessageItem } from "@waybill/protocol";
import type { ChatObserver } from "./chat-observer.ts";
import { type ChatSnapshot, newChat, type UnsentTurn, withoutFormer } from "./chat-snapshot.ts";
import { failureOf, unconfirmedFailure } from "./error-card/own-verdicts.ts";
import { turnToShow } from "./message/message-to-show.ts";
import { readOlder } from "./older-items.ts";
import type { Strings } from "./strings/en.ts";
import { changeOf, tellOf } from "./take-event.ts";

/** Makes the client of one server: `createChatClient`, or a scripted one in a test. */
export type ChatClientFactory = (options: ChatClientOptions) => ChatClient;

/** What draws a conversation. */
export interface ChatHost {
  readonly requestUpdate: () => void;
}

type Events = AsyncIterable<ThreadStreamEvent>;

/** Lets an answer go on: with what the person or the page contributes to a thread. */
export type Contribution = (client: ChatClient, threadId: string, signal: AbortSignal) => Events;

/**
 * One conversation: stands between a client and what is drawn. It outlives the host's leaving
 * the page, so that an answer goes on while the element is moved.
 */
export class ChatController {
  readonly #host: ChatHost;
  readonly #createClient: ChatClientFactory;
  readonly #observer: ChatObserver;
  readonly #strings: () => Strings;
  #client: ChatClient | null = null;
  #url = "";
  #snapshot = newChat;
  #running: AbortController | null = null;
  #loading: Promise<void> | null = null;
  #mayStop = true;
  /** What failed, if it was a contribution: it is what is tried again. */
  #failed: Contribution | null = null;
  /** Counts conversations: what belongs to an earlier one is let go. */
  #epoch = 0;

  constructor(
    host: ChatHost,
    createClient: ChatClientFactory,
    observer: ChatObserver,
    strings: () => Strings,
  ) {
    this.#host = host;
    this.#createClient = createClient;
    this.#observer = observer;
    this.#strings = strings;
  }

  /** Null: there is no server. */
  get client(): ChatClient | null {
    return this.#client;
  }

  /** The conversation as it is now. */
  get snapshot(): ChatSnapshot {
    return this.#snapshot;
  }

  /** Whether a message is on its way or being answered. */
  get isBusy(): boolean {
    return this.#snapshot.phase === "sending" || this.#snapshot.phase === "answering";
  }

  /** Whether the answer may be stopped; the server can forbid it. */
  get mayStop(): boolean {
    return this.isBusy && this.#mayStop;
  }

  /**
   * Talks to a server from now on; a new address begins a new conversation.
   *
   * @throws TypeError if the address is none of http or https.
   */
  connect(options: ChatClientOptions): void {
    const client = this.#createClient(options);
    this.#leave(null);
    this.#client = client;
    this.#url = options.url;
  }

  /** Talks to nobody. */
  disconnect(): void {
    this.#leave(null);
    this.#client = null;
  }

  /**
   * Sends a turn to the open conversation, or to a new one; resolves as soon as the server has
   * stored it.
   *
   * @throws ChatFailure if it was not accepted; Error if another answer is being written.
   */
  async send(input: Omit<SendInput, "threadId">, newThread = false): Promise<void> {
    this.#assertFree();
    if (newThread) this.#leave(null);
    if (this.#loading !== null) {
      await this.#loading.catch(() => undefined); // a thread that cannot be shown can be continued
      this.#assertFree();
    }
    const turn: SendInput = { ...input, threadId: this.#snapshot.threadId };
    const same = JSON.stringify(turn);
    const unsent = this.#snapshot.unsent.filter((other) => JSON.stringify(other.input) !== same);
    await this.#deliver(unsent, turnToShow(turn));
  }

  /** Sends a failed message again, as it was. Failures are shown, not thrown. */
  async resend(key: string): Promise<void> {
    const turn = this.#snapshot.unsent.find((other) => other.key === key);
    if (turn === undefined || this.isBusy) return;
    const others = this.#snapshot.unsent.filter((other) => other !== turn);
    await this.#deliver(others, { ...turn, verdict: null }).catch(() => undefined);
  }

  /** Takes a failed message out of the conversation, to be edited; undefined if there is none. */
  takeBack(key: string): UnsentTurn | undefined {
    const turn = this.#snapshot.unsent.find((other) => other.key === key && other.verdict !== null);
    if (turn !== undefined) this.#set({ unsent: this.#snapshot.unsent.filter((other) => other !== turn) });
    return turn;
  }

  /**
   * Lets the answer go on with a contribution; resolves when it has ended.
   *
   * @throws ChatFailure if it failed, which is shown as well; Error if another answer is being
   *   written, or there is no conversation yet.
   */
  async proceed(contribute: Contribution): Promise<void> {
    const client = this.#assertFree();
    const { threadId } = this.#snapshot;
    if (threadId === null) throw new Error("There is no conversation yet: send a message first.");
    this.#set({ phase: "answering", failure: null, ending: null });
    this.#failed = contribute;
    await this.#read((signal) => contribute(client, threadId, signal), null);
    this.#failed = null;
  }

  /**
   * Asks for another answer to the last stored message; the former one stays until the server has taken that.
   * Failures are shown, not thrown.
   */
  async retry(): Promise<void> {
    const message = this.#snapshot.state.items.findLast((item) => item.type === "user_message");
    if (message === undefined || this.isBusy) return;
    const again: Contribution = (client, threadId, signal) => client.retry(threadId, message.id, { signal });
    this.#set({ redoing: message.id });
    await this.proceed(again).catch(() => undefined);
    if (this.#snapshot.redoing === message.id) this.#set({ redoing: null });
    if (this.#failed === again) this.#failed = null; // what arrived of it goes first, the next time too
  }

  /** Repeats what failed: a contribution, else the answer. Failures are shown, not thrown. */
  async tryAgain(): Promise<void> {
    if (this.#failed === null || this.#snapshot.failure?.kind !== "answer") await this.retry();
    else await this.proceed(this.#failed).catch(() => undefined);
  }

  /** Takes what became known of the open thread elsewhere: a new title. */
  learn(thread: ThreadMetadata): void {
    const { state, threadId } = this.#snapshot;
    if (thread.id === threadId) this.#set({ state: { ...state, thread } });
  }

  /** Ends the answer that is being written; what has arrived stays. */
  stop(): void {
    if (this.mayStop) this.#running?.abort(new DOMException("Stopped by the person.", "AbortError"));
  }

  /**
   * Opens a thread, or with null a new conversation. An answer that is still being written is
   * no longer read.
   *
   * @throws ChatFailure if the thread cannot be read; it is shown as well.
   */
  async open(threadId: string | null): Promise<void> {
    this.#leave(threadId);
    if (threadId !== null) await this.#load(threadId);
  }

  /** Reads the open thread again. Does nothing for a new conversation, or while an answer is written. */
  async reload(): Promise<void> {
    const { threadId } = this.#snapshot;
    if (threadId !== null && !this.isBusy) await this.#load(threadId);
  }

  /** Reads the items before the oldest that is shown. A failure changes nothing and is logged. */
  async loadOlder(): Promise<void> {
    const { threadId, older, readingOlder } = this.#snapshot;
    const client = this.#client;
    const epoch = this.#epoch;
    if (client === null || threadId === null || older === null || readingOlder === older) return;
    // What stands above the conversation stays until there is something in its place: the line being read must not move.
    this.#set({ readingOlder: older });
    try {
      const page = await readOlder(client, threadId, older, this.#snapshot.state.items);
      if (epoch !== this.#epoch) return;
      const { state } = this.#snapshot;
      this.#set({ older: page.older, state: { ...state, items: [...page.items, ...state.items] } });
    } catch (error) {
      if (epoch !== this.#epoch) return;
      this.#observer.emit("chatkit.log", { name: "items.older_failed", data: { error: String(error) } });
    } finally {
      if (this.#snapshot.readingOlder === older) this.#set({ readingOlder: null });
    }
  }

  #assertServer(): ChatClient {
    if (this.#client !== null) return this.#client;
    throw new Error("This chat has no server yet: call setOptions with api.url first.");
  }

  #assertFree(): ChatClient {
    const client = this.#assertServer();
    if (this.isBusy)
      throw new Error(
        "An answer is still being written: wait for chatkit.response.end, or open another thread.",
      );
    return client;
  }

  #set(change: Partial<ChatSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    this.#host.requestUpdate();
  }

  #leave(threadId: string | null): void {
    this.#epoch += 1;
    this.#running?.abort(new DOMException("Another conversation was opened.", "AbortError"));
    this.#running = null;
    this.#loading = null;
    this.#failed = null;
    const { threadId: before, unsent } = this.#snapshot;
    this.#snapshot = { ...newChat, threadId };
    // Those of another conversation wait for it among its drafts.
    if (before === threadId) for (const turn of unsent) this.#observer.returned(turn);
    this.#host.requestUpdate();
    if (before !== threadId) this.#observer.emit("chatkit.thread.change", { threadId });
  }

  #load(threadId: string): Promise<void> {
    const loading = this.#readThread(threadId).finally(() => {
      if (this.#loading === loading) this.#loading = null;
    });
    this.#loading = loading;
    return loading;
  }

  async #readThread(threadId: string): Promise<void> {
    const client = this.#assertServer();
    const epoch = this.#epoch;
    this.#set({ phase: "loading", failure: null });
    this.#observer.emit("chatkit.thread.load.start", { threadId });
    try {
      const [thread, run] = await Promise.all([
        client.getThread(threadId),
        client.newestRun(threadId).catch(() => null), // its answer only adds a sentence
      ]);
      if (epoch !== this.#epoch) return;
      const { items } = thread;
      this.#set({
        phase: "idle",
        state: threadStateOf(thread),
        older: items.has_more ? (items.data[0]?.id ?? null) : null,
        ending: run === null || run.state === "completed" ? null : run.state,
      });
    } catch (error) {
      const failure = failureOf(error, this.#url, this.#strings());
      if (epoch === this.#epoch) {
        this.#set({ phase: "idle", failure: { kind: "load", failure } });
        this.#fail(failure);
      }
      throw failure;
    } finally {
      this.#observer.emit("chatkit.thread.load.end", { threadId });
    }
  }

  async #deliver(others: readonly UnsentTurn[], turn: UnsentTurn): Promise<void> {
    const client = this.#assertServer();
    this.#set({ phase: "sending", unsent: [...others, turn], failure: null, ending: null });
    await this.#read((signal) => client.send(turn.input, { signal }), turn);
  }

  /**
   * Reads one stream to its end. With a turn, resolves when its message is stored, while the
   * answer goes on being read.
   */
  #read(open: (signal: AbortSignal) => Events, turn: UnsentTurn | null): Promise<void> {
    const accepted = Promise.withResolvers<void>();
    const running = new AbortController();
    this.#running = running;
    this.#mayStop = true;
    void this.#follow(open, turn, running, accepted);
    return accepted.promise;
  }

  async #follow(
    open: (signal: AbortSignal) => Events,
    turn: UnsentTurn | null,
    running: AbortController,
    accepted: PromiseWithResolvers<void>,
  ): Promise<void> {
    const epoch = this.#epoch;
    const { emit } = this.#observer;
    let taken = turn === null;
    if (taken) emit("chatkit.response.start", undefined);
    try {
      for await (const event of open(running.signal)) {
        if (epoch !== this.#epoch) break;
        this.#take(event);
        if (
          !taken &&
          turn !== null &&
          event.type === "thread.item.done" &&
          event.item.type === "user_message"
        ) {
          taken = true;
          this.#accept(turn, event.item);
          accepted.resolve();
          emit("chatkit.response.start", undefined);
        }
      }
      if (epoch !== this.#epoch) running.signal.throwIfAborted();
      if (!taken) throw unconfirmedFailure(this.#url, this.#strings());
      accepted.resolve();
      if (epoch === this.#epoch) {
        this.#observer.ended("complete");
        this.#set({ phase: "idle" });
      }
    } catch (error) {
      accepted.reject(this.#end(error, turn, taken, running.signal, epoch));
    } finally {
      if (taken) emit("chatkit.response.end", undefined);
      if (this.#running === running) this.#running = null;
    }
  }

  #accept(turn: UnsentTurn, item: UserMessageItem): void {
    this.#set({
      phase: "answering",
      unsent: this.#snapshot.unsent.filter((other) => other.key !== turn.key),
      keys: new Map(this.#snapshot.keys).set(item.id, turn.key),
    });
    this.#observer.sent();
  }

  /** Settles a stream that did not end by itself; returns what its promise is rejected with. */
  #end(error: unknown, turn: UnsentTurn | null, taken: boolean, signal: AbortSignal, epoch: number): unknown {
    if (epoch !== this.#epoch) return error;
    const stopped = signal.aborted;
    const failure = stopped ? null : failureOf(error, this.#url, this.#strings());
    if (stopped) this.#observer.ended("stopped");
    if (taken || turn === null) {
      this.#set({
        phase: "idle",
        ending: stopped ? "stopped" : null,
        failure: failure === null ? null : { kind: "answer", failure },
      });
    } else {
      // A stopped message goes back to where it was written; a failed one stays, with its card.
      const others = this.#snapshot.unsent.filter((other) => other.key !== turn.key);
      const verdict = failure?.verdict ?? null;
      this.#set({ phase: "idle", unsent: verdict === null ? others : [...others, { ...turn, verdict }] });
      if (verdict === null) this.#observer.returned(turn);
    }
    if (failure !== null) this.#fail(failure);
    return failure ?? new Error("The message was stopped before the server had taken it.", { cause: error });
  }

  #fail(failure: ChatFailure): void {
    this.#observer.failed(failure);
    this.#observer.emit("chatkit.error", { error: failure });
  }

  #take(event: ThreadStreamEvent): void {
    // Whatever is no refusal means that the server has dropped what is answered anew.
    const { threadId: before, redoing } = this.#snapshot;
    if (redoing !== null && event.type !== "error") this.#set(withoutFormer(this.#snapshot, redoing));
    const change = changeOf(this.#snapshot, event);
    if (Object.keys(change).length > 0) this.#set(change);
    const { threadId } = this.#snapshot;
    if (threadId !== before) this.#observer.emit("chatkit.thread.change", { threadId });
    if (event.type === "stream_options") this.#mayStop = event.stream_options.allow_cancel;
    tellOf(event, this.#observer);
  }
}
