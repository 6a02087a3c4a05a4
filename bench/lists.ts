// What lists cost as they grow: `threads.list` and `items.list` of the SQLite store with 1,000 and with
// 1,000,000 rows, the first page and one from the middle. Promise: at most 1.3 times the time.
// Run: node bench/lists.ts [LARGE] (the rows need about 600 MB below the folder for temporary files)
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sqlite } from "@waybill/storage/sqlite";

const SMALL = 1_000;
const LARGE = Number(process.argv[2] ?? 1_000_000);
const PAGES = 2_000;
const ROUNDS = 7;
const owner = { tenant: "default", user: "local" };
const TIME = "2026-01-01T00:00:00.000Z";

const idOf = (kind: string, index: number) => `${kind}_${String(index).padStart(24, "0")}`;
const threadOf = (index: number) => ({
  id: idOf("thr", index),
  title: `Thread ${index}`,
  created_at: TIME,
  status: { type: "active" },
  metadata: {},
});
const itemOf = (threadId: string, index: number) => ({
  id: idOf("msg", index),
  thread_id: threadId,
  created_at: TIME,
  type: "assistant_message",
  content: [
    {
      annotations: [],
      text: "An answer of some sixty characters, as short ones often are.",
      type: "output_text",
    },
  ],
});

/** A store with so many threads, and in the first of them so many items. */
async function filled(path: string, rows: number) {
  const store = sqlite(path);
  await store.open();
  await store.close();
  const database = new DatabaseSync(path);
  database.exec("pragma synchronous = off; begin");
  const { tenant, user } = owner;
  const addThread = database.prepare("insert into threads (tenant, user, id, record) values (?, ?, ?, ?)");
  for (let index = 0; index < rows; index += 1) {
    const thread = threadOf(index);
    addThread.run(tenant, user, thread.id, JSON.stringify(thread));
  }
  const addItem = database.prepare(
    "insert into items (tenant, user, thread_id, id, hidden, record) values (?, ?, ?, ?, 0, ?)",
  );
  const threadId = idOf("thr", 0);
  for (let index = 0; index < rows; index += 1) {
    const item = itemOf(threadId, index);
    addItem.run(tenant, user, threadId, item.id, JSON.stringify(item));
  }
  database.exec("commit; pragma wal_checkpoint(truncate)");
  database.close();
  await store.open();
  return { store, threadId, middle: Math.floor(rows / 2) };
}

type Filled = Awaited<ReturnType<typeof filled>>;

const LISTS: Readonly<Record<string, (filled: Filled) => Promise<{ readonly data: readonly unknown[] }>>> = {
  "threads.list, first page": ({ store }) => store.threads.list(owner, { limit: 20, order: "desc" }),
  "threads.list, middle": ({ store, middle }) =>
    store.threads.list(owner, { limit: 20, order: "desc", after: idOf("thr", middle) }),
  "items.list, first page": ({ store, threadId }) =>
    store.threads.listItems(owner, threadId, { limit: 20, order: "desc", hidden: false }),
  "items.list, middle": ({ store, threadId, middle }) =>
    store.threads.listItems(owner, threadId, {
      limit: 20,
      order: "desc",
      hidden: false,
      after: idOf("msg", middle),
    }),
};

/** Microseconds of CPU for a page. */
async function cpuOf(list: () => Promise<{ readonly data: readonly unknown[] }>): Promise<number> {
  const before = process.cpuUsage();
  for (let page = 0; page < PAGES; page += 1) {
    const { data } = await list();
    if (data.length !== 20) throw new Error(`A page has ${data.length} entries, not 20.`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / PAGES;
}

const folder = await mkdtemp(join(tmpdir(), "waybill-bench-"));
try {
  const small = await filled(join(folder, "small.db"), SMALL);
  const large = await filled(join(folder, "large.db"), LARGE);
  const out = [
    `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores; Node ${process.version}; microseconds of CPU for a page of 20, least of ${ROUNDS} rounds of ${PAGES}`,
    `${"list".padEnd(26)} ${String(SMALL).padStart(9)} ${String(LARGE).padStart(9)}   ratio`,
  ];
  for (const [name, list] of Object.entries(LISTS)) {
    let few = Number.POSITIVE_INFINITY;
    let many = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round += 1) {
      few = Math.min(few, await cpuOf(() => list(small)));
      many = Math.min(many, await cpuOf(() => list(large)));
    }
    const [left, right] = [few, many].map((value) => value.toFixed(1).padStart(9));
    out.push(`${name.padEnd(26)} ${left} ${right}   ${(many / few).toFixed(2)}`);
  }
  process.stdout.write(`${out.join("\n")}\n`);
  await Promise.all([small.store.close(), large.store.close()]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
