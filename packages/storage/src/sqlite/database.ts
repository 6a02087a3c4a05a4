import { dirname } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { prepareFolder } from "../data-folder.ts";
import { boundValues } from "./dialect.ts";
import { lockDatabase, openConnection } from "./open-connection.ts";
import type { Schema } from "./schema.ts";
import { type Survives, WriteQueue } from "./write-queue.ts";

/** Builds typed SQL; {@link Database} runs it. */
export const query = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

interface Opened {
  /** Names this opening; no two are alike. */
  readonly id: string;
  readonly lock: DatabaseSync;
  readonly connection: DatabaseSync;
  readonly statements: Map<string, StatementSync>;
  readonly writes: WriteQueue;
}

/**
 * The one connection to the database file. A query runs at once and without interruption, so
 * several in a row see one state; statements are prepared once for each text.
 */
export class Database {
  readonly #path: string;
  #opened: Opened | undefined;

  /** `path` is absolute. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Opens, locks and migrates; an open database stays as it is. @throws Error for the operator */
  async open(): Promise<void> {
    if (this.#opened !== undefined) return;
    await prepareFolder(dirname(this.#path));
    const lock = lockDatabase(this.#path);
    try {
      const connection = await openConnection(this.#path);
      const id = crypto.randomUUID();
      this.#opened = {
        id,
        lock,
        connection,
        statements: new Map(),
        writes: new WriteQueue(connection),
      };
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Stores what waits, closes, and gives up the lock. A closed database stays as it is. */
  close(): void {
    const opened = this.#opened;
    if (opened === undefined) return;
    opened.writes.flush();
    this.#opened = undefined;
    opened.connection.close();
    opened.lock.close();
  }

  /** Another one after each `open`. */
  get openingId(): string {
    return this.#use().id;
  }

  /** The prepared statement of an SQL text. */
  statement(sql: string): StatementSync {
    const { statements, connection } = this.#use();
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  /** Every row; empty if there are none. */
  all<Row>(compilable: Compilable<Row>): Row[] {
    const { sql, parameters } = compilable.compile();
    const rows: unknown[] = this.statement(sql).all(...boundValues(parameters));
    return rows as Row[];
  }

  /** The first row, or undefined. */
  first<Row>(compilable: Compilable<Row>): Row | undefined {
    const { sql, parameters } = compilable.compile();
    const row: unknown = this.statement(sql).get(...boundValues(parameters));
    return row as Row | undefined;
  }

  /** Changes rows; only inside {@link write}. The count of them, and the key of the last one inserted. */
  run(compilable: Compilable): { readonly changes: number; readonly lastRowId: number } {
    const { sql, parameters } = compilable.compile();
    const { changes, lastInsertRowid } = this.statement(sql).run(...boundValues(parameters));
    return { changes: Number(changes), lastRowId: Number(lastInsertRowid) };
  }

  /** Runs `work` in a transaction: whole, or not at all if it throws. Resolves when it is stored. */
  async write<T>(survives: Survives, work: () => T): Promise<T> {
    return this.#use().writes.add(survives, work);
  }

  #use(): Opened {
    if (this.#opened === undefined) throw new Error(`The database ${this.#path} is not open.`);
    return this.#opened;
  }
}
