import { ChatError, type Page } from "@waybill/protocol";
import type { PageRequest, Principal, StoredItem, ThreadStore } from "@waybill/server/ports";
import { type Compilable, sql } from "kysely";
import { applyChange, threadOf } from "./apply-change.ts";
import { type Database, query } from "./database.ts";
import { deleteThread } from "./delete-thread.ts";
import { prepared } from "./prepared.ts";

interface Row {
  readonly id: string;
  readonly record: string;
}

function pageOf<T>(rows: readonly Row[], limit: number, parse: (record: string) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const data = shown.map((row) => parse(row.record));
  return rows.length > limit && last !== undefined
    ? { data, has_more: true, after: last.id }
    : { data, has_more: false };
}

interface InThread extends Principal {
  readonly threadId: string;
}
interface PageValues extends Principal {
  /** The place behind which the page begins; any number for the first page. */
  readonly after: number;
  readonly limit: number;
}
type Order = PageRequest["order"];

const threadsOf = ({ tenant, user }: Principal) =>
  query.selectFrom("threads").where("tenant", "=", tenant).where("user", "=", user);
const itemsOf = ({ tenant, user }: Principal, threadId: string) =>
  query
    .selectFrom("items")
    .where("tenant", "=", tenant)
    .where("user", "=", user)
    .where("thread_id", "=", threadId);

const findThread = prepared((thread: InThread) =>
  threadsOf(thread).where("id", "=", thread.threadId).select(["seq", "record"]),
);
const findItem = prepared((item: InThread & { readonly id: string }) =>
  itemsOf(item, item.threadId).where("id", "=", item.id).select(["seq", "record"]),
);
const pageOfThreads = (order: Order, isFirst: boolean) =>
  prepared((page: PageValues) =>
    threadsOf(page)
      .select(["id", "record"])
      .$if(!isFirst, (rest) => rest.where("seq", order === "asc" ? ">" : "<", page.after))
      .orderBy("seq", order)
      .limit(page.limit),
  );
const pageOfItems = (order: Order, isFirst: boolean, hidden: boolean) =>
  prepared((page: PageValues & InThread) =>
    itemsOf(page, page.threadId)
      .select(["id", "record"])
      // A literal: a partial index serves no bound value.
      .$if(!hidden, (shown) => shown.where("hidden", "=", sql.lit(0)))
      .$if(!isFirst, (rest) => rest.where("seq", order === "asc" ? ">" : "<", page.after))
      .orderBy("seq", order)
      .limit(page.limit),
  );
const kindsOf = <T>(page: (order: Order, isFirst: boolean) => T) => ({
  asc: { first: page("asc", true), next: page("asc", false) },
  desc: { first: page("desc", true), next: page("desc", false) },
});
const THREADS = kindsOf(pageOfThreads);
const ALL_ITEMS = kindsOf((order, isFirst) => pageOfItems(order, isFirst, true));
const SHOWN_ITEMS = kindsOf((order, isFirst) => pageOfItems(order, isFirst, false));

/** The place behind which a page begins; undefined for the first page. */
function cursor(
  database: Database,
  page: PageRequest,
  row: (id: string) => Compilable<{ seq: number }>,
): number | undefined {
  if (page.after === undefined) return undefined;
  const found = database.first(row(page.after));
  if (found !== undefined) return found.seq;
  throw new ChatError("invalid_request", {
    message: "params.after does not name an entry of this list.",
    details: { path: "params.after" },
  });
}

const parseItem = (record: string): StoredItem => JSON.parse(record);

/** Threads and items in SQLite. */
export function createThreadStore(database: Database): ThreadStore {
  const parseThread = (owner: Principal) => (record: string) => threadOf(owner, record);

  return {
    async get(owner, threadId) {
      const row = database.first(findThread({ tenant: owner.tenant, user: owner.user, threadId }));
      return row === undefined ? null : parseThread(owner)(row.record);
    },

    async list(owner, page) {
      const { tenant, user } = owner;
      const after = cursor(database, page, (threadId) => findThread({ tenant, user, threadId }));
      const select = THREADS[page.order][after === undefined ? "first" : "next"];
      const rows = database.all(select({ tenant, user, after: after ?? 0, limit: page.limit + 1 }));
      return pageOf(rows, page.limit, parseThread(owner));
    },

    async getItem(owner, threadId, itemId) {
      const { tenant, user } = owner;
      const row = database.first(findItem({ tenant, user, threadId, id: itemId }));
      return row === undefined ? null : parseItem(row.record);
    },

    async listItems(owner, threadId, page) {
      const { tenant, user } = owner;
      const after = cursor(database, page, (id) => findItem({ tenant, user, threadId, id }));
      const items = (page.hidden ? ALL_ITEMS : SHOWN_ITEMS)[page.order];
      const select = items[after === undefined ? "first" : "next"];
      const rows = database.all(select({ tenant, user, threadId, after: after ?? 0, limit: page.limit + 1 }));
      return pageOf(rows, page.limit, parseItem);
    },

    change(owner, threadId, changes) {
      return database.write("power_loss", () => {
        const thread = threadsOf(owner).where("id", "=", threadId).select("record");
        if (database.first(thread) === undefined) return null;
        for (const change of changes) applyChange(database, { owner, thread_id: threadId }, change);
        return parseThread(owner)(database.first(thread)?.record ?? "");
      });
    },

    delete(owner, threadId) {
      return database.write("power_loss", () => deleteThread(database, owner, threadId));
    },

    putFeedback(owner, threadId, { item_ids, kind, created_at }) {
      return database.write("power_loss", () => {
        const items = item_ids.map((id) =>
          database.first(itemsOf(owner, threadId).where("id", "=", id).select(["seq", "hidden"])),
        );
        for (const item of items) if (item === undefined || item.hidden === 1) return false;
        for (const item of items) {
          if (item === undefined) continue;
          database.run(
            query
              .insertInto("feedback")
              .values({ item_seq: item.seq, kind, created_at })
              .onConflict((same) => same.column("item_seq").doUpdateSet({ kind, created_at })),
          );
        }
        return true;
      });
    },

    async listFeedback(owner, threadId) {
      return database.all(
        itemsOf(owner, threadId)
          .innerJoin("feedback", "feedback.item_seq", "items.seq")
          .select(["items.id as item_id", "feedback.kind", "feedback.created_at"])
          .orderBy("items.seq"),
      );
    },
  };
}
