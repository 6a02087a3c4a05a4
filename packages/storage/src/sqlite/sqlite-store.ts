import { resolve } from "node:path";
import type { Store } from "@waybill/server/ports";
import { createAttachmentStore } from "./attachment-store.ts";
import { Database } from "./database.ts";
import { createRunStore } from "./run-store.ts";
import { createThreadStore } from "./thread-store.ts";

/**
 * Threads, attachments and runs in one SQLite file, with the `-wal` and `-shm` that SQLite keeps
 * beside it and a `-lock`; `open` creates what is missing. Turns, finished items and attachments survive a
 * power loss, deltas the death of the process. One process at a time may have it open; other tools may
 * read meanwhile. `open` rejects with a sentence for the operator: a folder that cannot be written,
 * a damaged file, one of a newer Waybill, another Waybill that has it open.
 *
 * `path` is relative to the working folder at the time of this call.
 */
export function sqlite(path: string): Store {
  const database = new Database(resolve(path));
  return {
    description: `SQLite at ${path}`,
    open: () => database.open(),
    close: async () => database.close(),
    threads: createThreadStore(database),
    attachments: createAttachmentStore(database),
    runs: createRunStore(database),
  };
}
