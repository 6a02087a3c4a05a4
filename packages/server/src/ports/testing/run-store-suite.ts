import { deepEqual, equal, rejects } from "node:assert/strict";
import type { ErrorCode } from "@waybill/protocol";
import type { AttachmentState, Store, StoredItem, Turn } from "../store.ts";
import {
  allItems,
  ann,
  answer,
  attachment,
  beginThread,
  completed,
  hidden,
  itemIds,
  message,
  questions,
  strangers,
  thread,
  toolCall,
  turn,
} from "./samples.ts";
import { type HarnessTest, refusedWith, type TestRunner } from "./suite.ts";
import { threadWith } from "./thread-store-suite.ts";

const putItem = (seq: number, item: StoredItem) =>
  ({ seq, data: `{"n":${seq}}`, change: { type: "put_item", item } }) as const;
const put = (seq: number, id: string) => putItem(seq, answer("t", id));

async function stateOf(store: Store, id: string): Promise<readonly [string, number] | null> {
  const record = await store.attachments.get(ann, id);
  return record === null ? null : [record.state, record.epoch];
}

/** The turn is refused, and neither run, message nor thread is left of it. */
async function refusedWhole(code: ErrorCode, store: Store, refused: Turn): Promise<void> {
  const before = await store.threads.listItems(refused.owner, refused.thread_id, allItems);
  const newest = await store.runs.newest(refused.owner, refused.thread_id);
  await refusedWith(code, store.runs.begin(refused));
  equal(await store.runs.read(refused.owner, refused.run_id, 0), null);
  deepEqual(await store.runs.newest(refused.owner, refused.thread_id), newest);
  deepEqual(await store.threads.listItems(refused.owner, refused.thread_id, allItems), before);
  if (refused.new_thread !== undefined)
    equal(await store.threads.get(refused.owner, refused.thread_id), null);
}

function beginSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("runs: begin", () => {
    test("stores thread, message, links and an active run together", async (store) => {
      await store.attachments.create(attachment("p"));
      await store.runs.begin(turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["p"]) }));
      deepEqual(await store.threads.get(ann, "t"), thread("t"));
      deepEqual(await store.threads.getItem(ann, "t", "m"), message("t", "m", ["p"]));
      deepEqual(await store.runs.newest(ann, "t"), { id: "r", thread_id: "t", state: "active" });
      deepEqual(await store.runs.read(ann, "r", 0), {
        run: { id: "r", thread_id: "t", state: "active" },
        entries: [],
      });
    });

    test("turns `ready` into `linked` once, and lets a linked attachment be used again", async (store) => {
      await store.attachments.create(attachment("p"));
      await store.runs.begin(
        turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["p", "p"]) }),
      );
      deepEqual(await stateOf(store, "p"), ["linked", 4]);
      await store.runs.begin(turn("u", "s", { new_thread: thread("u"), message: message("u", "m", ["p"]) }));
      deepEqual(await stateOf(store, "p"), ["linked", 4]);
    });

    test("recognises a turn by its key, of its owner alone", async (store) => {
      const key = { key: "k", fingerprint: "f" };
      equal(await store.runs.findByKey(ann, "k"), null);
      const first = turn("t", "r", { new_thread: thread("t"), message: message("t", "m"), key });
      equal(await store.runs.begin(first), true);
      deepEqual(await store.runs.findByKey(ann, "k"), {
        run: { id: "r", thread_id: "t", state: "active" },
        started_at: first.started_at,
        fingerprint: "f",
        item_id: "m",
      });
      for (const owner of strangers) equal(await store.runs.findByKey(owner, "k"), null);
      const again = turn("u", "s", { new_thread: thread("u"), message: message("u", "n"), key });
      equal(await store.runs.begin(again), false);
      equal(await store.threads.get(ann, "u"), null);
    });

    test("hands the key of a run that has ended to the one that replaces it, and never that of an active one", async (store) => {
      const key = { key: "k", fingerprint: "f" };
      await store.runs.begin(turn("t", "r", { new_thread: thread("t"), message: message("t", "m"), key }));
      const anew = turn("t", "s", { truncate_after: "m", key, replaces: "r" });
      equal(await store.runs.begin(anew), false);
      await store.runs.finish("r", "stopped", []);
      equal(await store.runs.begin(anew), true);
      deepEqual((await store.runs.findByKey(ann, "k"))?.run, { id: "s", thread_id: "t", state: "active" });
    });

    test("refuses an unknown thread, and somebody else's alike", async (store) => {
      await refusedWhole("not_found", store, turn("t", "r", { message: message("t", "m") }));
      await beginThread(store, "t", "r");
      await store.runs.finish("r", "completed", []);
      for (const owner of strangers) {
        await refusedWhole("not_found", store, turn("t", "s", { owner, message: message("t", "m") }));
      }
      deepEqual(await itemIds(store, "t"), []);
    });

    test("refuses an unknown attachment, and somebody else's alike, and stores nothing", async (store) => {
      await store.attachments.create(attachment("mine"));
      for (const [index, owner] of strangers.entries()) {
        await store.attachments.create(attachment(`theirs${index}`, { owner }));
      }
      for (const id of ["unknown", "theirs0", "theirs1", "theirs2"]) {
        await refusedWhole(
          "not_found",
          store,
          turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["mine", id]) }),
        );
      }
      deepEqual(await stateOf(store, "mine"), ["ready", 3]);
    });

    test("refuses an attachment that is not ready, and links none of the others", async (store) => {
      const states: AttachmentState[] = [
        "reserved",
        "receiving",
        "received",
        "inspecting",
        "tombstoned",
        "rejected",
        "expired",
      ];
      await store.attachments.create(attachment("ready"));
      for (const state of states) {
        await store.attachments.create(attachment(state, { state }));
        await refusedWhole(
          "attachment_not_ready",
          store,
          turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["ready", state]) }),
        );
        deepEqual(await stateOf(store, state), [state, 3]);
      }
      deepEqual(await stateOf(store, "ready"), ["ready", 3]);
    });

    test("refuses a second run while one is active, and takes one after it has ended", async (store) => {
      await store.attachments.create(attachment("p"));
      await beginThread(store, "t", "r");
      const second = turn("t", "s", { message: message("t", "m", ["p"]) });
      await refusedWhole("thread_busy", store, second);
      deepEqual(await stateOf(store, "p"), ["ready", 3]);
      await store.runs.finish("r", "failed", []);
      await store.runs.begin(second);
      deepEqual(await store.runs.newest(ann, "t"), { id: "s", thread_id: "t", state: "active" });
      deepEqual((await store.runs.read(ann, "r", 0))?.run.state, "failed");
    });

    test("lets one of several turns win that begin at once", async (store) => {
      await beginThread(store, "t", "r");
      await store.runs.finish("r", "completed", []);
      const outcomes = await Promise.allSettled(
        [1, 2, 3, 4].map((n) => store.runs.begin(turn("t", `s${n}`, { message: message("t", `m${n}`) }))),
      );
      equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      equal((await itemIds(store, "t")).length, 1);
    });

    test("puts a completed item in the place of the pending one, and names it as what is answered", async (store) => {
      for (const pending of [toolCall("t", "c"), questions("t", "q")]) {
        const id = `t_${pending.id}`;
        const item = { ...pending, thread_id: id };
        await store.runs.begin(turn(id, `r_${id}`, { new_thread: thread(id) }));
        await store.runs.finish(`r_${id}`, "completed", [
          { seq: 1, data: "", change: { type: "put_item", item: answer(id, "a") } },
          { seq: 2, data: "", change: { type: "put_item", item } },
        ]);
        const completes = completed(item);
        const key = { key: id, fingerprint: "f" };
        equal(await store.runs.begin(turn(id, `s_${id}`, { completes, key })), true);
        deepEqual(await store.threads.getItem(ann, id, item.id), completes);
        deepEqual(await itemIds(store, id), ["a", item.id]);
        equal((await store.runs.findByKey(ann, id))?.item_id, item.id);
      }
    });

    test("completes nothing that is unknown, of another kind, or not pending any more", async (store) => {
      await threadWith(store, [answer("t", "a"), completed(questions("t", "q")), toolCall("t", "old")]);
      await store.runs.append("r", [put(4, "b"), putItem(5, completed(toolCall("t", "new")))]);
      await store.runs.finish("r", "completed", []);
      for (const [code, item] of [
        ["not_found", questions("t", "unknown")],
        ["wrong_item_type", questions("t", "a")],
        ["wrong_item_type", toolCall("t", "q")],
        ["not_pending", questions("t", "q")],
        ["no_pending_tool_call", toolCall("t", "new")],
        // Pending, and not the newest.
        ["no_pending_tool_call", toolCall("t", "old")],
      ] as const) {
        await refusedWhole(code, store, turn("t", "s", { completes: completed(item) }));
      }
      for (const owner of strangers) {
        await refusedWhole("not_found", store, turn("t", "s", { owner, completes: toolCall("t", "old") }));
      }
    });

    test("lets one of several completions win that come at once", async (store) => {
      await threadWith(store, [questions("t", "q")]);
      await store.runs.finish("r", "completed", []);
      const outcomes = await Promise.allSettled(
        [1, 2, 3].map((n) =>
          store.runs.begin(turn("t", `s${n}`, { completes: completed(questions("t", "q")) })),
        ),
      );
      equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    });

    test("deletes what stands behind `truncate_after`, hidden items too, and nothing elsewhere", async (store) => {
      await beginThread(store, "t", "r");
      await beginThread(store, "u", "other");
      await store.runs.append("r", [
        put(1, "a"),
        put(2, "b"),
        { seq: 3, data: "", change: { type: "put_item", item: hidden("t", "h") } },
      ]);
      await store.runs.append("other", [
        { seq: 1, data: "", change: { type: "put_item", item: answer("u", "z") } },
      ]);
      await store.runs.finish("r", "completed", []);
      await store.runs.begin(turn("t", "s", { truncate_after: "a" }));
      deepEqual(await itemIds(store, "t"), ["a"]);
      deepEqual(await itemIds(store, "u"), ["z"]);
    });

    test("deletes nothing when a retry is refused", async (store) => {
      await beginThread(store, "t", "r");
      await store.runs.append("r", [put(1, "a"), put(2, "b")]);
      await refusedWhole("thread_busy", store, turn("t", "s", { truncate_after: "a" }));
      await store.runs.finish("r", "completed", []);
      await refusedWhole("not_found", store, turn("t", "s", { truncate_after: "unknown" }));
      deepEqual(await itemIds(store, "t"), ["a", "b"]);
    });
  });
}

function journalSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("runs: journal", () => {
    test("reads entries behind a place, oldest first, without their changes", async (store) => {
      await beginThread(store, "t", "r");
      await store.runs.append("r", [{ seq: 1, data: '"ä\u2028😀"' }, put(2, "a")]);
      await store.runs.append("r", [{ seq: 3, data: "" }]);
      const all = [
        { seq: 1, data: '"ä\u2028😀"' },
        { seq: 2, data: '{"n":2}' },
        { seq: 3, data: "" },
      ];
      for (const after of [0, 1, 2, 3, 99]) {
        deepEqual((await store.runs.read(ann, "r", after))?.entries, all.slice(after));
      }
    });

    test("shows a run to nobody but its owner", async (store) => {
      await beginThread(store, "t", "r");
      equal(await store.runs.read(ann, "unknown", 0), null);
      equal(await store.runs.newest(ann, "unknown"), null);
      for (const stranger of strangers) {
        equal(await store.runs.read(stranger, "r", 0), null);
        equal(await store.runs.newest(stranger, "t"), null);
      }
    });

    test("refuses entries that leave a gap or come twice, all of them and their changes", async (store) => {
      await beginThread(store, "t", "r");
      await store.runs.append("r", [put(1, "a")]);
      for (const entries of [
        [put(3, "b")],
        [put(1, "b")],
        [put(2, "b"), put(4, "c")],
        [put(2, "b"), put(2, "c")],
      ]) {
        await rejects(store.runs.append("r", entries));
        await rejects(store.runs.finish("r", "completed", entries));
      }
      deepEqual(await itemIds(store, "t"), ["a"]);
      equal((await store.runs.read(ann, "r", 0))?.entries.length, 1);
      equal((await store.runs.newest(ann, "t"))?.state, "active");
      await store.runs.append("r", [put(2, "b")]);
    });

    test("keeps the order of appends that are under way at once", async (store) => {
      await beginThread(store, "t", "r");
      await Promise.all([1, 2, 3, 4, 5].map((seq) => store.runs.append("r", [{ seq, data: `${seq}` }])));
      deepEqual(
        (await store.runs.read(ann, "r", 0))?.entries.map(({ data }) => data),
        ["1", "2", "3", "4", "5"],
      );
    });

    test("refuses changes to another thread", async (store) => {
      await beginThread(store, "t", "r");
      await beginThread(store, "u", "s");
      const change = { type: "put_item", item: answer("u", "x") } as const;
      await rejects(store.runs.append("r", [{ seq: 1, data: "", change }]));
      deepEqual(await itemIds(store, "u"), []);
    });

    test("refuses entries for a run that is unknown or has ended", async (store) => {
      await beginThread(store, "t", "r");
      await store.runs.finish("r", "stopped", []);
      await rejects(store.runs.append("r", [put(1, "a")]));
      await rejects(store.runs.append("r", []));
      await rejects(store.runs.append("unknown", [put(1, "a")]));
      deepEqual(await itemIds(store, "t"), []);
    });
  });
}

function finishSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("runs: finish", () => {
    for (const state of ["completed", "failed", "stopped", "interrupted"] as const) {
      test(`ends a run as ${state}, with its last entries and their changes`, async (store) => {
        await beginThread(store, "t", "r");
        equal(await store.runs.finish("r", state, [put(1, "a")]), true);
        deepEqual(await store.runs.read(ann, "r", 0), {
          run: { id: "r", thread_id: "t", state },
          entries: [{ seq: 1, data: '{"n":1}' }],
        });
        deepEqual(await itemIds(store, "t"), ["a"]);
      });
    }

    test("ends a run once: later ends store nothing", async (store) => {
      await beginThread(store, "t", "r");
      const ends = await Promise.all([
        store.runs.finish("r", "completed", [put(1, "a")]),
        store.runs.finish("r", "stopped", [put(1, "b")]),
      ]);
      deepEqual(ends, [true, false]);
      equal(await store.runs.finish("r", "failed", [put(2, "c")]), false);
      deepEqual(await itemIds(store, "t"), ["a"]);
      equal((await store.runs.newest(ann, "t"))?.state, "completed");
    });
  });

  describe("runs: abandoned", () => {
    test("names none that this process began", async (store) => {
      await beginThread(store, "t", "r");
      deepEqual(await store.runs.abandoned(), []);
    });

    test("names the active runs of a process that is gone, with their entries, until they are ended", async (store, harness) => {
      await beginThread(store, "t", "r");
      await beginThread(store, "u", "ended");
      await store.runs.finish("ended", "completed", []);
      await store.runs.append("r", [{ seq: 1, data: "1" }, put(2, "a")]);
      const reopened = await harness.reopen();
      deepEqual(await reopened.runs.abandoned(), [
        {
          id: "r",
          thread_id: "t",
          owner: ann,
          entries: [
            { seq: 1, data: "1" },
            { seq: 2, data: '{"n":2}' },
          ],
        },
      ]);
      await refusedWith("thread_busy", reopened.runs.begin(turn("t", "s")));
      equal(await reopened.runs.finish("r", "interrupted", [put(3, "b")]), true);
      deepEqual(await reopened.runs.abandoned(), []);
      await reopened.runs.begin(turn("t", "s"));
      deepEqual(await reopened.runs.abandoned(), []);
    });
  });
}

/** What `RunStore` promises. */
export function runStoreSuite(runner: TestRunner, test: HarnessTest<Store>): void {
  beginSuite(runner, test);
  journalSuite(runner, test);
  finishSuite(runner, test);
}
