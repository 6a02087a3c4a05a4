import type { ChatClient } from "@waybill/client";
import type { ThreadMetadata } from "@waybill/protocol";

const PAGE_SIZE = 30;
/** A search goes on loading until it has this many matches. */
const ENOUGH_MATCHES = 20;

/** What could not be done, and with which thread. */
export type ListFault =
  | { readonly what: "list" }
  | { readonly what: "rename" | "delete"; readonly threadId: string };

/** The conversations of a person, newest first, as far as they are loaded. */
export class ThreadList {
  readonly #client: () => ChatClient | null;
  readonly #changed: () => void;
  #threads: readonly ThreadMetadata[] = [];
  #after: string | null = null;
  #loading = false;
  #loaded = false;
  #fault: ListFault | null = null;
  #epoch = 0;
  /** Ids of deleted threads: one of them may still be open for a moment. */
  readonly #deleted = new Set<string>();

  constructor(client: () => ChatClient | null, changed: () => void) {
    this.#client = client;
    this.#changed = changed;
  }

  /** None before the first page is there. */
  get threads(): readonly ThreadMetadata[] {
    return this.#threads;
  }

  /** Whether there are older ones than those loaded. */
  get hasMore(): boolean {
    return this.#after !== null;
  }

  /** Whether nothing has been loaded yet, and that is under way. */
  get isOpening(): boolean {
    return this.#loading && !this.#loaded;
  }

  /** The newest failure; null after the next success. */
  get fault(): ListFault | null {
    return this.#fault;
  }

  /** Forgets everything, as for another server. */
  reset(): void {
    this.#epoch += 1;
    this.#threads = [];
    this.#after = null;
    this.#loading = false;
    this.#loaded = false;
    this.#fault = null;
  }

  /** Reads the newest page again; what was loaded behind it is read when it is asked for. */
  async refresh(): Promise<void> {
    this.#epoch += 1;
    this.#loading = false;
    await this.#load(null);
  }

  /** Reads the next page, if there is one. */
  async more(): Promise<void> {
    if (this.#after !== null) await this.#load(this.#after);
  }

  /** Reads on until a search has enough to show, or everything is read. */
  async searchOn(matches: () => number): Promise<void> {
    while (this.#after !== null && !this.#loading && this.#fault === null && matches() < ENOUGH_MATCHES)
      await this.more();
  }

  async #load(after: string | null): Promise<void> {
    const client = this.#client();
    if (client === null || this.#loading) return;
    const epoch = this.#epoch;
    this.#loading = true;
    this.#changed();
    try {
      const page = await client.listThreads({
        limit: PAGE_SIZE,
        order: "desc",
        ...(after === null ? {} : { after }),
      });
      if (epoch !== this.#epoch) return;
      const before = after === null ? [] : this.#threads;
      const known = new Set(before.map((thread) => thread.id));
      this.#threads = [...before, ...page.data.filter((thread) => !known.has(thread.id))];
      this.#after = page.has_more ? (page.after ?? page.data.at(-1)?.id ?? null) : null;
      this.#loaded = true;
      this.#fault = null;
    } catch {
      if (epoch === this.#epoch) this.#fault = { what: "list" };
    } finally {
      if (epoch === this.#epoch) {
        this.#loading = false;
        this.#changed();
      }
    }
  }

  /** Takes what is known of a thread from elsewhere: a new one comes first, a deleted one stays away. */
  keep(thread: ThreadMetadata): void {
    if (this.#deleted.has(thread.id)) return;
    const known = this.#threads.find((other) => other.id === thread.id);
    if (!this.#loaded || (known !== undefined && known.title === thread.title)) return;
    this.#threads =
      known === undefined
        ? [thread, ...this.#threads]
        : this.#threads.map((other) => (other === known ? thread : other));
    this.#changed();
  }

  /** Renames a thread, at once for the eye; null if the server did not take it, which is a fault. */
  async rename(threadId: string, title: string): Promise<ThreadMetadata | null> {
    const before = this.#threads.find((thread) => thread.id === threadId);
    const client = this.#client();
    if (client === null || before === undefined) return null;
    this.#put({ ...before, title });
    try {
      const thread = await client.renameThread(threadId, title);
      this.#fault = null;
      this.#put(thread);
      return thread;
    } catch {
      this.#fault = { what: "rename", threadId };
      this.#put(before);
      return null;
    }
  }

  /** Deletes a thread; false if the server did not, which is a fault. */
  async delete(threadId: string): Promise<boolean> {
    try {
      const client = this.#client();
      if (client === null) return false;
      await client.deleteThread(threadId);
      this.#deleted.add(threadId);
      this.#fault = null;
      this.#threads = this.#threads.filter((thread) => thread.id !== threadId);
      return true;
    } catch {
      this.#fault = { what: "delete", threadId };
      return false;
    } finally {
      this.#changed();
    }
  }

  #put(thread: ThreadMetadata): void {
    this.#threads = this.#threads.map((other) => (other.id === thread.id ? thread : other));
    this.#changed();
  }
}
