import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What an acknowledged write outlives. What survives a power loss survives the death of the process too. */
export type Survives = "power_loss" | "process_death";

interface Job {
  readonly survives: Survives;
  /** Does the work; returns what tells the caller, once the transaction is committed. */
  readonly run: (alone: boolean) => () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Group commit: writes that arrive during one turn of the event loop share a transaction, and with
 * it one wait for the disk. Each is acknowledged after the commit, and each fails alone: what a
 * failing one did is undone, and the others stand.
 */
export class WriteQueue {
  readonly #connection: DatabaseSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  #jobs: Job[] = [];
  #synchronous: "full" | "normal" | "unknown" = "unknown";

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
    this.#savepoint = connection.prepare("savepoint job");
    this.#release = connection.prepare("release job");
  }

  /**
   * What `work` returns, when it is stored. `work` runs later, without interruption, inside a
   * transaction, and reads what the writes before it wrote.
   */
  add<T>(survives: Survives, work: () => T): Promise<T> {
    if (this.#jobs.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      this.#jobs.push({
        survives,
        reject,
        run: (alone) => {
          const done = this.#attempt(work, alone);
          return done.ok ? () => resolve(done.value) : () => reject(done.cause);
        },
      });
    });
  }

  /** Stores now what waits. Without anything that waits it does nothing. */
  flush(): void {
    const jobs = this.#jobs;
    if (jobs.length === 0) return;
    this.#jobs = [];
    const acknowledgements: (() => void)[] = [];
    try {
      this.#setSynchronous(jobs.some((job) => job.survives === "power_loss") ? "full" : "normal");
      this.#connection.exec("begin immediate");
      for (const job of jobs) acknowledgements.push(job.run(jobs.length === 1));
      this.#connection.exec("commit");
    } catch (cause) {
      if (this.#connection.isTransaction) this.#connection.exec("rollback");
      for (const job of jobs) job.reject(cause);
      return;
    }
    for (const acknowledge of acknowledgements) acknowledge();
  }

  /** One that is alone needs no savepoint: the transaction is its own. */
  #attempt<T>(
    work: () => T,
    alone: boolean,
  ): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly cause: unknown } {
    if (!alone) this.#savepoint.run();
    let value: T;
    try {
      value = work();
    } catch (cause) {
      // A full disk or an I/O error ends the transaction by itself: then nothing of the group stands.
      if (!this.#connection.isTransaction) throw cause;
      this.#connection.exec(alone ? "rollback; begin immediate" : "rollback to job; release job");
      return { ok: false, cause };
    }
    if (!alone) this.#release.run();
    return { ok: true, value };
  }

  /**
   * In WAL mode, "full" syncs the log at each commit, and with it every commit before; "normal"
   * leaves that to the kernel, which outlives the process.
   *
   * Source: https://www.sqlite.org/pragma.html#pragma_synchronous
   */
  #setSynchronous(level: "full" | "normal"): void {
    if (level === this.#synchronous) return;
    this.#connection.exec(`pragma synchronous = ${level}`);
    this.#synchronous = level;
  }
}
