import type { Principal } from "@waybill/server/ports";
import { type Database, query } from "./database.ts";

/**
 * Deletes a thread, inside a transaction; the schema deletes what hangs on it. Attachments that nobody
 * names any more become `tombstoned`; their ids are the answer. Null if the owner has no such thread.
 */
export function deleteThread(
  database: Database,
  { tenant, user }: Principal,
  threadId: string,
): string[] | null {
  const named = database.all(
    query
      .selectFrom("items")
      .innerJoin("attachment_links", "attachment_links.item_seq", "items.seq")
      .where("items.tenant", "=", tenant)
      .where("items.user", "=", user)
      .where("items.thread_id", "=", threadId)
      .select("attachment_links.attachment_id as id"),
  );
  const { changes } = database.run(
    query
      .deleteFrom("threads")
      .where("tenant", "=", tenant)
      .where("user", "=", user)
      .where("id", "=", threadId),
  );
  if (changes === 0) return null;
  const ids = new Set(named.map(({ id }) => id));
  return [...ids].filter((id) => {
    const elsewhere = database.first(
      query.selectFrom("attachment_links").select("item_seq").where("attachment_id", "=", id).limit(1),
    );
    if (elsewhere !== undefined) return false;
    const tombstoned = database.run(
      query
        .updateTable("attachments")
        .set((column) => ({ state: "tombstoned", epoch: column("epoch", "+", 1) }))
        .where("id", "=", id)
        .where("tenant", "=", tenant)
        .where("user", "=", user)
        .where("state", "=", "linked"),
    );
    return tombstoned.changes > 0;
  });
}
