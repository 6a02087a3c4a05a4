import type { Principal, Store, StoredItem, ThreadRecord } from "@waybill/server/ports";
import { type Harness, type TestRunner, testStore } from "@waybill/server/ports/testing";
import { describe, expect, test } from "vitest";
import { type MemoryData, memoryStore } from "./memory-store.ts";

/** A harness of a store in memory, or of what `flaw` makes of it. */
async function harness(flaw: (store: Store) => Partial<Store> = () => ({})): Promise<Harness<Store>> {
  const data: MemoryData = { threads: [], runs: [], attachments: [], place: 0, openings: 0 };
  const opened = async () => {
    const store = memoryStore(data);
    await store.open();
    return { ...store, ...flaw(store) };
  };
  let store = await opened();
  return {
    port: store,
    async reopen() {
      await store.close();
      store = await opened();
      return store;
    },
    cleanup: () => store.close(),
  };
}

testStore({ describe, test }, harness);

/** Names of the suite's tests that fail for a store. */
async function failuresOf(flaw: (store: Store) => Partial<Store>): Promise<string[]> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  const path: string[] = [];
  const runner: TestRunner = {
    describe(name, body) {
      path.push(name);
      body();
      path.pop();
    },
    test: (name, body) => tests.push({ name: [...path, name].join(" > "), body }),
  };
  testStore(runner, () => harness(flaw));
  const failures: string[] = [];
  for (const { name, body } of tests) await body().catch(() => failures.push(name));
  return failures;
}

const ann: Principal = { tenant: "acme", user: "ann" };

/** Stores that each break one promise, and a test of the suite that says so. */
const flaws: readonly (readonly [string, string, (store: Store) => Partial<Store>])[] = [
  [
    "shows everybody what is Ann's",
    "Store > ThreadStore > threads > shows a thread and its items to nobody but their owner",
    ({ threads }) => ({
      threads: {
        ...threads,
        get: (_owner, id) => threads.get(ann, id),
        listItems: (_owner, id, page) => threads.listItems(ann, id, page),
      },
    }),
  ],
  [
    "lets anybody delete",
    "Store > ThreadStore > threads: delete > answers null for an unknown thread, one that was deleted, and somebody else's, which stays",
    ({ threads }) => ({ threads: { ...threads, delete: (_owner, id) => threads.delete(ann, id) } }),
  ],
  [
    "carries out changes one by one",
    "Store > ThreadStore > threads: change > changes nothing at all if an item is of another thread",
    ({ threads }) => ({
      threads: {
        ...threads,
        async change(owner, id, changes) {
          let record: ThreadRecord | null = null;
          for (const change of changes) record = await threads.change(owner, id, [change]);
          return record;
        },
      },
    }),
  ],
  [
    "stores the message of a turn before it is refused",
    "Store > RunStore > runs: begin > refuses a second run while one is active, and takes one after it has ended",
    ({ threads, runs }) => ({
      runs: {
        ...runs,
        async begin(turn) {
          const { message: item } = turn;
          if (item !== undefined && turn.new_thread === undefined)
            await threads.change(turn.owner, turn.thread_id, [{ type: "put_item", item }]);
          return runs.begin(turn);
        },
      },
    }),
  ],
  [
    "lists threads by their timestamps",
    "Store > ThreadStore > threads > lists threads in the order of creation, whatever their timestamps, pages joined by `after`",
    ({ threads }) => ({
      threads: {
        ...threads,
        async list(owner, { order, limit, after }) {
          const whole = await threads.list(owner, { order: "asc", limit: 1000 });
          const asc = whole.data.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
          const data = order === "asc" ? asc : asc.toReversed();
          const from = data.findIndex(({ id }) => id === after) + 1;
          return { data: data.slice(from, from + limit), has_more: from + limit < data.length };
        },
      },
    }),
  ],
  [
    "counts where a cursor is",
    "Store > ThreadStore > items: pages while items come and go > every item that stays is read once, in its place, asc",
    ({ threads }) => {
      const offsets = new Map<string, number>();
      return {
        threads: {
          ...threads,
          async listItems(owner, threadId, page) {
            const { after, limit, ...rest } = page;
            const whole = await threads.listItems(owner, threadId, { ...rest, limit: 1000 });
            const from = after === undefined ? 0 : (offsets.get(`${threadId} ${after}`) ?? 0);
            const data: readonly StoredItem[] = whole.data.slice(from, from + limit);
            const last = data.at(-1)?.id;
            if (from + limit >= whole.data.length || last === undefined) return { data, has_more: false };
            offsets.set(`${threadId} ${last}`, from + limit);
            return { data, has_more: true, after: last };
          },
        },
      };
    },
  ],
  [
    "writes a thread as it was read before",
    "Store > ThreadStore > threads: change > keeps every one of several changes that come at once, in any order",
    ({ threads }) => ({
      threads: {
        ...threads,
        async change(owner, id, changes) {
          const seen = await threads.get(owner, id);
          if (seen === null) return null;
          const { status, metadata } = seen;
          const stale = { type: "change_thread", change: { status, metadata } } as const;
          return threads.change(owner, id, [stale, ...changes]);
        },
      },
    }),
  ],
  [
    "changes an attachment whatever has become of it",
    "Store > AttachmentStore > attachments > changes a record of the given state and epoch alone, and raises the epoch",
    ({ attachments }) => ({
      attachments: {
        ...attachments,
        transition: async (from, change) =>
          attachments.transition((await attachments.get(from.owner, from.id)) ?? from, change),
      },
    }),
  ],
  [
    "forgets the keys of turns",
    "Store > RunStore > runs: begin > recognises a turn by its key, of its owner alone",
    ({ runs }) => ({
      runs: { ...runs, begin: ({ key: _key, ...turn }) => runs.begin(turn) },
    }),
  ],
  [
    "keeps attachments of deleted threads",
    "Store > ThreadStore > threads: delete > tombstones attachments that nobody names any more, and no others",
    ({ threads }) => ({
      threads: {
        ...threads,
        delete: async (owner, id) => ((await threads.delete(owner, id)) === null ? null : []),
      },
    }),
  ],
  [
    "ends a run as often as it is asked to",
    "Store > RunStore > runs: finish > ends a run once: later ends store nothing",
    ({ runs }) => ({
      runs: { ...runs, finish: async (...end) => (await runs.finish(...end), true) },
    }),
  ],
];

test.each(flaws)("the suite finds out a store that %s", async (_name, expected, flaw) => {
  expect(await failuresOf(flaw)).toContain(expected);
});

test("and finds nothing in one without a flaw", async () => {
  expect(await failuresOf(() => ({}))).toEqual([]);
});
