import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attachmentOf, firstTurn, messageOf, owner, turnOf, widgetOf } from "../../test/samples.ts";
import { sqlite } from "./sqlite-store.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-plans-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Uses every method of the store, with every kind of change and page. */
async function useEverything(path: string): Promise<void> {
  const store = sqlite(path);
  await store.open();
  const quota = { max_bytes: 100, max_count: 10, expired_before: "2000" };
  await store.attachments.create(attachmentOf("p", "ready"), quota);
  await store.attachments.create(attachmentOf("q", "reserved"), quota);
  const held = await store.attachments.transition(attachmentOf("q", "reserved"), {
    state: "receiving",
    touched_at: "2026",
  });
  if (held === null) throw new Error("The attachment was not reserved.");
  await store.attachments.touch(held, "2027");
  await store.attachments.usage(owner);
  await store.attachments.abandoned();
  await store.attachments.remove(held);
  await store.attachments.get(owner, "p");
  await store.attachments.getForSignedUrl("p");
  await store.runs.begin({ ...firstTurn("t", "r"), message: messageOf("t", "m", ["p"]) });
  await store.runs.append("r", [
    { seq: 1, data: "", change: { type: "put_item", item: widgetOf("t", "w", 1) } },
    { seq: 2, data: "", change: { type: "delete_item", item_id: "other" } },
    { seq: 3, data: "", change: { type: "change_thread", change: { title: "new" } } },
  ]);
  await store.runs.finish("r", "completed", []);
  await store.runs.begin({ ...turnOf("t", "s"), truncate_after: "m" });
  await store.runs.read(owner, "s", 0);
  await store.runs.newest(owner, "t");
  await store.runs.abandoned();
  await store.threads.get(owner, "t");
  await store.threads.getItem(owner, "t", "m");
  for (const order of ["asc", "desc"] as const) {
    for (const after of [{}, { after: "t" }]) await store.threads.list(owner, { limit: 5, order, ...after });
    for (const hidden of [true, false]) {
      for (const after of [{}, { after: "m" }]) {
        await store.threads.listItems(owner, "t", { limit: 5, order, hidden, ...after });
      }
    }
  }
  await store.threads.change(owner, "t", [{ type: "change_thread", change: { title: "new" } }]);
  await store.threads.putFeedback(owner, "t", { item_ids: ["m"], kind: "positive", created_at: "" });
  await store.threads.listFeedback(owner, "t");
  await store.threads.delete(owner, "t");
  await store.close();
}

interface Plan {
  readonly sql: string;
  readonly steps: readonly string[];
}

/** The plan of every statement that the store prepares, other than those of its schema. */
async function plansOfEverything(): Promise<Plan[]> {
  const path = join(folder, "waybill.db");
  const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
  await useEverything(path);
  const statements = new Set(prepare.mock.calls.map(([sql]) => sql));
  prepare.mockRestore();
  const database = new DatabaseSync(path, { readOnly: true });
  const own = [...statements].filter((sql) => /"?(threads|items|attachment|feedback|runs|journal)/.test(sql));
  const plans = own
    .filter((sql) => !/^create/i.test(sql))
    .map((sql) => {
      const values = sql
        .split("?")
        .slice(1)
        .map(() => "1");
      const rows = database.prepare(`explain query plan ${sql}`).all(...values);
      return { sql, steps: rows.map((row) => String(row.detail)) };
    });
  database.close();
  return plans;
}

test("answers every query from an index, without a scan of a table and without a sort", async () => {
  const plans = await plansOfEverything();
  expect(plans.length).toBeGreaterThan(25);
  // Active runs and uploads have indexes of their own, which are as small as they are few.
  const slow = plans.filter(({ steps }) =>
    steps.some(
      (step) =>
        /TEMP B-TREE/.test(step) ||
        (step.startsWith("SCAN") && !/INDEX (runs_active|attachments_pending)/.test(step)),
    ),
  );
  expect(slow).toEqual([]);
});

test("starts every page at its cursor, in an index that holds the list in order", async () => {
  const plans = await plansOfEverything();
  const pages = plans.filter(({ sql }) => /from "(items|threads)".* limit/.test(sql));
  const steps = new Set(pages.map((plan) => plan.steps.join()));
  const items = "(tenant=? AND user=? AND thread_id=?";
  expect([...steps].sort()).toEqual([
    ...["items_by_thread", "items_shown"].flatMap((index) =>
      [" AND rowid<?)", " AND rowid>?)", ")"].map(
        (end) => `SEARCH items USING INDEX ${index} ${items}${end}`,
      ),
    ),
    ...[" AND rowid<?)", " AND rowid>?)", ")"].map(
      (end) => `SEARCH threads USING INDEX threads_by_owner (tenant=? AND user=?${end}`,
    ),
  ]);
});
