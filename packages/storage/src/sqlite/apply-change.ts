import { isHiddenItem } from "@waybill/protocol";
import {
  changedThread,
  type Principal,
  type StoreChange,
  type StoredItem,
  type ThreadRecord,
} from "@waybill/server/ports";
import { type Database, query } from "./database.ts";
import { prepared } from "./prepared.ts";
import type { ItemsTable } from "./schema.ts";

/** Whose thread is changed. */
export interface ChangedThread {
  readonly owner: Principal;
  readonly thread_id: string;
}

/** The JSON that is stored for a thread: all but its owner, who has columns. */
export function threadJson(thread: ThreadRecord): string {
  const { owner: _, ...record } = thread;
  return JSON.stringify(record);
}

/** The thread of a stored JSON. */
export function threadOf({ tenant, user }: Principal, record: string): ThreadRecord {
  return { ...JSON.parse(record), owner: { tenant, user } };
}

const upsertItem = prepared(({ tenant, user, thread_id, id, hidden, record }: Omit<ItemsTable, "seq">) =>
  query
    .insertInto("items")
    .values({ tenant, user, thread_id, id, hidden, record })
    .onConflict((same) =>
      same.columns(["tenant", "user", "thread_id", "id"]).doUpdateSet({ hidden, record }),
    ),
);

/** Adds an item at the end, or overwrites the one with its id in place. Throws if it is of another thread. */
export function putItem(database: Database, { owner, thread_id }: ChangedThread, item: StoredItem): void {
  if (item.thread_id !== thread_id) {
    throw new Error(`Item ${item.id} names thread ${item.thread_id}, and what stores it is of ${thread_id}.`);
  }
  const { tenant, user } = owner;
  const hidden = isHiddenItem(item) ? 1 : 0;
  database.run(upsertItem({ tenant, user, thread_id, id: item.id, hidden, record: JSON.stringify(item) }));
}

/** Carries out one change, inside a transaction, which the throw undoes. */
export function applyChange(database: Database, target: ChangedThread, change: StoreChange): void {
  const { tenant, user } = target.owner;
  switch (change.type) {
    case "put_item":
      putItem(database, target, change.item);
      return;
    case "delete_item":
      database.run(
        query
          .deleteFrom("items")
          .where("tenant", "=", tenant)
          .where("user", "=", user)
          .where("thread_id", "=", target.thread_id)
          .where("id", "=", change.item_id),
      );
      return;
    case "change_thread": {
      const row = database.first(
        query
          .selectFrom("threads")
          .select(["seq", "record"])
          .where("tenant", "=", tenant)
          .where("user", "=", user)
          .where("id", "=", target.thread_id),
      );
      if (row === undefined) throw new Error(`There is no thread ${target.thread_id}.`);
      const thread = changedThread(threadOf(target.owner, row.record), change.change);
      database.run(
        query
          .updateTable("threads")
          .set({ record: threadJson(thread) })
          .where("seq", "=", row.seq),
      );
    }
  }
}
