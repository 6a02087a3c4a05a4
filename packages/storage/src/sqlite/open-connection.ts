import { closeSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type DatabaseSyncOptions } from "node:sqlite";
import { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { systemErrorCode, unusablePath } from "../data-folder.ts";
import { NodeSqliteDialect } from "./dialect.ts";
import { MIGRATIONS } from "./migrations.ts";

// Primary result codes, https://www.sqlite.org/rescode.html.
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

// SQLite's own 2 MiB do not hold the indexes of some ten thousand turns.
const CACHE_KIB = 32 * 1024;

function resultCode(error: unknown): number {
  // An extended code has the primary one in its low byte.
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : 0;
}

/** The connection, from a file that exists for this user alone. Call it only with the lock held, or for the lock. */
function connect(path: string, options: DatabaseSyncOptions): DatabaseSync {
  try {
    // Exclusive creation, because to open and close a file that SQLite has open in this process
    // would drop its POSIX locks (https://www.sqlite.org/howtocorrupt.html, 2.2).
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw unusablePath(path, error);
    if (statSync(path).isDirectory()) {
      throw new Error(
        `${path} is a folder, and Waybill's database has to be a file; name a file inside it.`,
        {
          cause: error,
        },
      );
    }
  }
  return new DatabaseSync(path, options);
}

function openingError(path: string, error: unknown): Error {
  switch (resultCode(error)) {
    case 0:
      return error instanceof Error ? error : new Error(String(error));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new Error(
        `${path} is not a whole SQLite database; restore it from a backup, or move it away to start with an empty one.`,
        { cause: error },
      );
    case SQLITE_BUSY:
      return new Error(`Another program keeps ${path} locked; end it, then start Waybill again.`, {
        cause: error,
      });
    default:
      return unusablePath(path, error);
  }
}

/**
 * Makes this process the only Waybill at `path` until the returned connection is closed or the
 * process ends, however it ends: the kernel keeps the lock. Other tools may still read the database.
 *
 * @throws Error that says who is in the way and what to do.
 */
export function lockDatabase(path: string): DatabaseSync {
  const lockPath = `${path}-lock`;
  let lock: DatabaseSync | undefined;
  try {
    lock = connect(lockPath, { timeout: 0 });
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock?.close();
    if (resultCode(error) === SQLITE_BUSY) {
      throw new Error(
        `Another Waybill is using ${path}; stop it, or set WAYBILL_DATA_DIR to a folder of this one's own.`,
        { cause: error },
      );
    }
    throw openingError(lockPath, error);
  }
}

async function migrate(path: string, connection: DatabaseSync): Promise<void> {
  const db = new Kysely<{ kysely_migration: { name: string } }>({
    dialect: new NodeSqliteDialect(connection),
  });
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (tables.some((table) => table.name === "kysely_migration")) {
    const done = await db.selectFrom("kysely_migration").select("name").execute();
    const unknown = done.find((row) => !Object.hasOwn(MIGRATIONS, row.name));
    if (unknown !== undefined) {
      throw new Error(
        `${path} was written by a newer Waybill (its schema has "${unknown.name}"); start that version, or restore a backup from before the upgrade.`,
      );
    }
  }
  const provider = { getMigrations: async () => MIGRATIONS };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}

/**
 * Opens the database file, whose folder exists, with the newest schema. The caller holds the lock.
 *
 * @throws Error that says what is wrong with the file and how to mend it.
 */
export async function openConnection(path: string): Promise<DatabaseSync> {
  let connection: DatabaseSync | undefined;
  try {
    // Other tools may hold the file for a moment, to read a checkpoint or to make a backup.
    connection = connect(path, { timeout: 5_000, enableForeignKeyConstraints: true });
    const mode = connection.prepare("pragma journal_mode = wal").get();
    if (mode?.journal_mode !== "wal") {
      throw new Error(
        `The file system of ${dirname(path)} cannot hold a write-ahead log; set WAYBILL_DATA_DIR to a local disk.`,
      );
    }
    connection.exec("pragma synchronous = full");
    // Pages that many turns change are copied into the file less often; the log stays below some 16 MiB.
    connection.exec("pragma wal_autocheckpoint = 4000");
    connection.exec(`pragma cache_size = -${CACHE_KIB}`);
    await migrate(path, connection);
    return connection;
  } catch (error) {
    connection?.close();
    throw openingError(path, error);
  }
}
