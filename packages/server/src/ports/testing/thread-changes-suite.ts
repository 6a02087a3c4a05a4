import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Store } from "../store.ts";
import {
  ann,
  answer,
  attachment,
  beginThread,
  hidden,
  itemIds,
  message,
  strangers,
  thread,
  turn,
} from "./samples.ts";
import type { HarnessTest, TestRunner } from "./suite.ts";
import { threadWith } from "./thread-store-suite.ts";

const judged = (item_ids: readonly string[], kind: "positive" | "negative") =>
  ({ item_ids, kind, created_at: "2026-01-02T03:04:05.678Z" }) as const;

/** What `ThreadStore` promises of changes that are no turns. */
export function threadChangesSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("threads: change", () => {
    test("changes what is named, in its place, and answers with what is stored", async (store) => {
      await beginThread(store, "t", "r");
      await beginThread(store, "u", "s");
      const { allowed_image_domains: _, ...changed } = thread("t", { title: "", metadata: { seen: null } });
      deepEqual(
        await store.threads.change(ann, "t", [
          { type: "change_thread", change: { title: "" } },
          { type: "change_thread", change: { allowed_image_domains: null, metadata: { seen: null } } },
        ]),
        changed,
      );
      const page = await store.threads.list(ann, { limit: 5, order: "asc" });
      deepEqual(page.data, [changed, thread("u")]);
    });

    test("stores and deletes items, beside a run that is active", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b")]);
      await store.threads.change(ann, "t", [
        { type: "put_item", item: answer("t", "a", "new") },
        { type: "put_item", item: hidden("t", "h") },
        { type: "delete_item", item_id: "b" },
      ]);
      deepEqual(await itemIds(store, "t"), ["a", "h"]);
      deepEqual(await store.threads.getItem(ann, "t", "a"), answer("t", "a", "new"));
    });

    test("keeps every one of several changes that come at once, in any order", async (store) => {
      const change = { metadata: { seen: true } };
      for (const first of [0, 1, 2]) {
        const id = `t${first}`;
        await beginThread(store, id, `r${first}`);
        const title = () =>
          store.threads.change(ann, id, [{ type: "change_thread", change: { title: "new" } }]);
        const metadata = () =>
          store.runs.append(`r${first}`, [{ seq: 1, data: "", change: { type: "change_thread", change } }]);
        const status = () =>
          store.threads.change(ann, id, [
            { type: "change_thread", change: { status: { type: "active" } } },
            { type: "put_item", item: answer(id, "a") },
          ]);
        const writes: readonly (() => Promise<unknown>)[] = [title, metadata, status];
        await Promise.all([...writes.slice(first), ...writes.slice(0, first)].map((write) => write()));
        deepEqual(
          await store.threads.get(ann, id),
          thread(id, { ...change, title: "new", status: { type: "active" } }),
        );
        deepEqual(await itemIds(store, id), ["a"]);
      }
    });

    test("changes nothing at all if an item is of another thread", async (store) => {
      await beginThread(store, "t", "r");
      await beginThread(store, "u", "s");
      await rejects(
        store.threads.change(ann, "t", [
          { type: "change_thread", change: { title: "new" } },
          { type: "put_item", item: answer("u", "a") },
        ]),
      );
      deepEqual(await store.threads.get(ann, "t"), thread("t"));
      deepEqual(await itemIds(store, "u"), []);
    });

    test("answers null for an unknown thread, and to strangers, and changes nothing", async (store) => {
      await beginThread(store, "t", "r");
      const change = [{ type: "change_thread", change: { title: "taken" } }] as const;
      for (const owner of strangers) equal(await store.threads.change(owner, "t", change), null);
      equal(await store.threads.change(ann, "u", change), null);
      deepEqual(await store.threads.get(ann, "t"), thread("t"));
      equal(await store.threads.get(ann, "u"), null);
    });
  });

  describe("threads: delete", () => {
    test("deletes the thread with its items, runs, journal, key and feedback, and nothing of another", async (store) => {
      const key = { key: "k", fingerprint: "f" };
      await store.runs.begin(turn("t", "r", { new_thread: thread("t"), message: message("t", "m"), key }));
      await store.runs.finish("r", "completed", [
        { seq: 1, data: "1", change: { type: "put_item", item: answer("t", "a") } },
      ]);
      await store.threads.putFeedback(ann, "t", judged(["a"], "positive"));
      await beginThread(store, "u", "s");
      deepEqual(await store.threads.delete(ann, "t"), []);
      equal(await store.threads.get(ann, "t"), null);
      deepEqual(await itemIds(store, "t"), []);
      equal(await store.runs.newest(ann, "t"), null);
      equal(await store.runs.read(ann, "r", 0), null);
      equal(await store.runs.findByKey(ann, "k"), null);
      deepEqual(await store.threads.listFeedback(ann, "t"), []);
      deepEqual(await store.threads.get(ann, "u"), thread("u"));
      equal((await store.runs.newest(ann, "u"))?.id, "s");
    });

    test("answers null for an unknown thread, one that was deleted, and somebody else's, which stays", async (store) => {
      await beginThread(store, "t", "r");
      for (const stranger of strangers) equal(await store.threads.delete(stranger, "t"), null);
      deepEqual(await store.threads.get(ann, "t"), thread("t"));
      equal(await store.threads.delete(ann, "unknown"), null);
      deepEqual(await store.threads.delete(ann, "t"), []);
      equal(await store.threads.delete(ann, "t"), null);
    });

    test("lets nothing of a run that was active come back", async (store) => {
      await beginThread(store, "t", "r");
      const put = { type: "put_item", item: answer("t", "a") } as const;
      const under = store.runs.append("r", [{ seq: 1, data: "1", change: put }]);
      const deleted = store.threads.delete(ann, "t");
      const late = store.runs.append("r", [{ seq: 2, data: "2", change: put }]);
      await under;
      deepEqual(await deleted, []);
      await rejects(late);
      await rejects(store.runs.finish("r", "completed", [{ seq: 2, data: "2", change: put }]));
      deepEqual(await itemIds(store, "t"), []);
      deepEqual(await store.runs.abandoned(), []);
      await beginThread(store, "t", "again");
      deepEqual(await itemIds(store, "t"), []);
    });

    test("tombstones attachments that nobody names any more, and no others", async (store) => {
      for (const id of ["only", "shared", "unused"]) await store.attachments.create(attachment(id));
      await store.runs.begin(
        turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["only", "shared"]) }),
      );
      await store.runs.begin(
        turn("u", "s", { new_thread: thread("u"), message: message("u", "m", ["shared"]) }),
      );
      const stateOf = async (id: string) => {
        const record = await store.attachments.get(ann, id);
        return [record?.state, record?.epoch];
      };
      deepEqual(await store.threads.delete(ann, "t"), ["only"]);
      deepEqual(await stateOf("only"), ["tombstoned", 5]);
      deepEqual(await stateOf("shared"), ["linked", 4]);
      deepEqual(await store.threads.delete(ann, "u"), ["shared"]);
      deepEqual(await stateOf("shared"), ["tombstoned", 5]);
      deepEqual(await stateOf("unused"), ["ready", 3]);
    });
  });

  describe("feedback", () => {
    test("keeps the last judgement of each item, in the order of the items", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b")]);
      equal(await store.threads.putFeedback(ann, "t", judged(["b", "a", "b"], "positive")), true);
      equal(await store.threads.putFeedback(ann, "t", judged(["b"], "negative")), true);
      equal(await store.threads.putFeedback(ann, "t", judged([], "negative")), true);
      deepEqual(
        (await store.threads.listFeedback(ann, "t")).map(({ item_id, kind }) => [item_id, kind]),
        [
          ["a", "positive"],
          ["b", "negative"],
        ],
      );
    });

    test("stores nothing if one of the items is unknown, hidden, of another thread or somebody else's", async (store) => {
      await threadWith(store, [answer("t", "a"), hidden("t", "h")]);
      await beginThread(store, "u", "s");
      for (const ids of [
        ["a", "unknown"],
        ["a", "h"],
      ]) {
        equal(await store.threads.putFeedback(ann, "t", judged(ids, "positive")), false);
      }
      equal(await store.threads.putFeedback(ann, "u", judged(["a"], "positive")), false);
      for (const owner of strangers) {
        equal(await store.threads.putFeedback(owner, "t", judged(["a"], "positive")), false);
      }
      deepEqual(await store.threads.listFeedback(ann, "t"), []);
    });

    test("goes with its item, and is nobody else's", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b")]);
      await store.threads.putFeedback(ann, "t", judged(["a", "b"], "positive"));
      for (const stranger of strangers) deepEqual(await store.threads.listFeedback(stranger, "t"), []);
      await store.runs.append("r", [{ seq: 3, data: "", change: { type: "delete_item", item_id: "a" } }]);
      deepEqual((await store.threads.listFeedback(ann, "t")).length, 1);
    });
  });
}
