import type { DatabaseSync } from "node:sqlite";

/** What an acknowledged write outlives. What survives a power loss survives the death of the process too. */
export type Survives = "power_loss" | "process_death";

interface Job {
  readonly survives: Survives;
  /** Does the work; throws as it does. Returns what tells the caller, once the transaction is committed. */
  readonly run: () => () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Group commit: writes that arrive during one turn of the event loop share a transaction, and with
 * it one wait for the disk. Each is acknowledged after the commit, and each fails alone: what a
 * failing one did is undone, and the others stand.
 */
export class WriteQueue {
  readonly #connection: DatabaseSync;
  #jobs: Job[] = [];
  #synchronous: "full" | "normal" | "unknown" = "unknown";

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /**
   * What `work` returns, when it is stored. `work` runs later, without interruption, inside a
   * transaction, and reads what the writes before it wrote. It runs once more if another one of its
   * transaction fails, so that it must change nothing but the database.
   */
  add<T>(survives: Survives, work: () => T): Promise<T> {
    if (this.#jobs.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      this.#jobs.push({
        survives,
        reject,
        run: () => {
          const value = work();
          return () => resolve(value);
        },
      });
    });
  }

  /** Stores now what waits. Without anything that waits it does nothing. */
  flush(): void {
    const jobs = this.#jobs;
    if (jobs.length === 0) return;
    this.#jobs = [];
    let acknowledgements: readonly (() => void)[];
    try {
      this.#setSynchronous(jobs.some((job) => job.survives === "power_loss") ? "full" : "normal");
      this.#connection.exec("begin immediate");
      acknowledgements = this.#together(jobs) ?? jobs.map((job) => this.#alone(job));
      this.#connection.exec("commit");
    } catch (cause) {
      if (this.#connection.isTransaction) this.#connection.exec("rollback");
      for (const job of jobs) job.reject(cause);
      return;
    }
    for (const acknowledge of acknowledgements) acknowledge();
  }

  /** All jobs without a savepoint, each of which costs a copy of every page that its job changes. Undefined, and nothing is done, if one fails. */
  #together(jobs: readonly Job[]): (() => void)[] | undefined {
    try {
      return jobs.map((job) => job.run());
    } catch (cause) {
      // A full disk or an I/O error ends the transaction by itself: then nothing of the group stands.
      if (!this.#connection.isTransaction) throw cause;
      this.#connection.exec("rollback; begin immediate");
      return undefined;
    }
  }

  /** One job, which leaves nothing if it fails. */
  #alone(job: Job): () => void {
    this.#connection.exec("savepoint job");
    try {
      const acknowledge = job.run();
      this.#connection.exec("release job");
      return acknowledge;
    } catch (cause) {
      if (!this.#connection.isTransaction) throw cause;
      this.#connection.exec("rollback to job; release job");
      return () => job.reject(cause);
    }
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
