import type { Store } from "../ports/store.ts";
import { keepPartialMessages } from "../responders/keep-partial-messages.ts";
import type { TurnEvent } from "../responders/respond.ts";
import { endingNote, PartialItems } from "./partial-items.ts";
import type { Run } from "./run.ts";
import { toStoredItem } from "./stored-items.ts";

/** The runs that this process produces. */
export class Runs {
  readonly #active = new Map<string, Run>();
  /** By thread, of which one run is active in the store. */
  readonly #owed = new Map<string, Run>();

  /** Keeps a run in mind until it ends. */
  track(run: Run): void {
    this.#active.set(run.id, run);
    void run.done.then(() => {
      this.#active.delete(run.id);
      if (run.isOwed) this.#owed.set(run.draft.record.id, run);
    });
  }

  /** Ends in the store the run of a thread that has ended and could not be stored as such; false if there is none, or it fails again. */
  async settle(threadId: string): Promise<boolean> {
    const run = this.#owed.get(threadId);
    if (run === undefined || !(await run.settle())) return false;
    this.#owed.delete(threadId);
    return true;
  }

  /** How many there are. */
  get size(): number {
    return this.#active.size;
  }

  /** The active run of this id. */
  find(id: string): Run | undefined {
    return this.#active.get(id);
  }

  /** Lets active runs end by themselves for `drainMs`, then ends them as `interrupted`. Resolves when all have ended. */
  async drain(drainMs: number): Promise<void> {
    const interrupt = setTimeout(() => {
      for (const run of this.#active.values()) run.stop("interrupted");
    }, drainMs);
    try {
      await Promise.all([...this.#active.values()].map((run) => run.done));
    } finally {
      clearTimeout(interrupt);
    }
  }
}

/**
 * Ends every run whose producer is gone: the text that its journal holds becomes an
 * assistant message with a hidden note behind it, the run becomes `interrupted`.
 * Returns how many there were.
 */
export async function reapAbandonedRuns(store: Store, now: () => Date): Promise<number> {
  const abandoned = await store.runs.abandoned();
  let count = 0;
  for (const run of abandoned) {
    const partial = new PartialItems();
    let seq = 0;
    for (const entry of run.entries) {
      seq = entry.seq;
      // We wrote these lines: they are events of a turn, or an `error`, which changes nothing here.
      if (entry.data !== "") partial.apply(JSON.parse(entry.data) as TurnEvent);
    }
    const items = [
      ...keepPartialMessages(partial.items()),
      endingNote(run.thread_id, now().toISOString(), "interrupted"),
    ];
    const entries = items.map((item) => {
      seq += 1;
      return { seq, data: "", change: { type: "put_item" as const, item: toStoredItem(item) } };
    });
    if (await store.runs.finish(run.id, "interrupted", entries)) count += 1;
  }
  return count;
}
