import { deepEqual, equal } from "node:assert/strict";
import type { ItemPageRequest, Store, StoredItem } from "../store.ts";
import {
  allItems,
  ann,
  answer,
  beginThread,
  hidden,
  itemIds,
  message,
  strangers,
  thread,
  turn,
} from "./samples.ts";
import { type HarnessTest, refusedWith, type TestRunner } from "./suite.ts";

/** Begins thread `t` with run `r`, which puts these items. */
export async function threadWith(store: Store, items: readonly StoredItem[]): Promise<void> {
  await beginThread(store, "t", "r");
  await store.runs.append(
    "r",
    items.map((item, index) => ({ seq: index + 1, data: "", change: { type: "put_item", item } })),
  );
}

const shown: ItemPageRequest = { limit: 2, order: "asc", hidden: false };

/** What `ThreadStore` promises. */
export function threadStoreSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("threads", () => {
    test("returns a thread as it was stored, with all its fields", async ({ runs, threads }) => {
      await runs.begin(turn("t", "r", { new_thread: thread("t") }));
      deepEqual(await threads.get(ann, "t"), thread("t"));
    });

    test("leaves absent fields absent", async ({ runs, threads }) => {
      const { title: _title, allowed_image_domains: _domains, ...bare } = thread("t");
      await runs.begin(turn("t", "r", { new_thread: bare }));
      deepEqual(await threads.get(ann, "t"), bare);
    });

    test("answers null for an unknown thread and an empty page where there are none", async ({ threads }) => {
      equal(await threads.get(ann, "t"), null);
      deepEqual(await threads.list(ann, { limit: 5, order: "desc" }), { data: [], has_more: false });
    });

    test("shows a thread and its items to nobody but their owner", async (store) => {
      await threadWith(store, [answer("t", "a")]);
      for (const stranger of strangers) {
        equal(await store.threads.get(stranger, "t"), null);
        equal(await store.threads.getItem(stranger, "t", "a"), null);
        deepEqual(await store.threads.listItems(stranger, "t", allItems), { data: [], has_more: false });
        deepEqual(await store.threads.list(stranger, shown), { data: [], has_more: false });
        await refusedWith("invalid_request", store.threads.list(stranger, { ...shown, after: "t" }));
        await refusedWith(
          "invalid_request",
          store.threads.listItems(stranger, "t", { ...allItems, after: "a" }),
        );
      }
    });

    test("lists threads in the order of creation, whatever their timestamps, pages joined by `after`", async ({
      runs,
      threads,
    }) => {
      for (const [id, created_at] of [
        ["z", "2026-01-03T00:00:00.000Z"],
        ["a", "2026-01-01T00:00:00.000Z"],
        ["m", "2026-01-01T00:00:00.000Z"],
      ] as const) {
        await runs.begin(turn(id, `run_${id}`, { new_thread: thread(id, { created_at }) }));
      }
      const first = await threads.list(ann, { limit: 2, order: "desc" });
      deepEqual([first.data.map(({ id }) => id), first.has_more, first.after], [["m", "a"], true, "a"]);
      const second = await threads.list(ann, { limit: 2, order: "desc", after: "a" });
      deepEqual(second, { data: [thread("z", { created_at: "2026-01-03T00:00:00.000Z" })], has_more: false });
      const oldest = await threads.list(ann, { limit: 1, order: "asc" });
      deepEqual([oldest.data.map(({ id }) => id), oldest.after], [["z"], "z"]);
    });

    test("changes what a run names of its thread, and keeps the rest and the thread's place", async (store) => {
      await beginThread(store, "t", "r");
      await beginThread(store, "u", "s");
      const { title: _, ...untitled } = thread("t", { status: { type: "active" } });
      const change = { title: null, status: untitled.status };
      await store.runs.append("r", [{ seq: 1, data: "", change: { type: "change_thread", change } }]);
      const page = await store.threads.list(ann, { limit: 5, order: "asc" });
      deepEqual(page.data, [untitled, thread("u")]);
    });

    test("refuses an unknown `after` and names the field", async (store) => {
      await threadWith(store, [answer("t", "a")]);
      const pages = [
        () => store.threads.list(ann, { ...shown, after: "nowhere" }),
        () => store.threads.listItems(ann, "t", { ...shown, after: "nowhere" }),
        () => store.threads.listItems(ann, "unknown", { ...shown, after: "a" }),
      ];
      for (const page of pages) {
        const error = await refusedWith("invalid_request", page());
        deepEqual(error.details, { path: "params.after" });
      }
    });
  });

  describe("items", () => {
    test("returns items as they were stored, hidden ones too", async (store) => {
      const items = [message("t", "m"), answer("t", "a", "\ud83d\ude00"), hidden("t", "h")];
      await threadWith(store, items);
      deepEqual((await store.threads.listItems(ann, "t", allItems)).data, items);
      for (const item of items) deepEqual(await store.threads.getItem(ann, "t", item.id), item);
    });

    test("answers null for an unknown item and for one of another thread", async (store) => {
      await threadWith(store, [answer("t", "a")]);
      await beginThread(store, "u", "s");
      equal(await store.threads.getItem(ann, "t", "b"), null);
      equal(await store.threads.getItem(ann, "u", "a"), null);
    });

    test("fills pages in spite of hidden items, and never names one as `after`", async (store) => {
      await threadWith(store, [
        hidden("t", "h1"),
        answer("t", "a1"),
        hidden("t", "h2"),
        hidden("t", "h3"),
        answer("t", "a2"),
        hidden("t", "h4"),
        answer("t", "a3"),
        hidden("t", "h5"),
      ]);
      for (const [order, pages] of [
        ["asc", [["a1", "a2"], ["a3"]]],
        ["desc", [["a3", "a2"], ["a1"]]],
      ] as const) {
        const first = await store.threads.listItems(ann, "t", { ...shown, order });
        deepEqual([first.data.map(({ id }) => id), first.has_more, first.after], [pages[0], true, "a2"]);
        const rest = await store.threads.listItems(ann, "t", { ...shown, order, after: "a2" });
        deepEqual([rest.data.map(({ id }) => id), rest.has_more, "after" in rest], [pages[1], false, false]);
      }
    });

    test("has no more when the page is exactly full", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b"), hidden("t", "h")]);
      const page = await store.threads.listItems(ann, "t", shown);
      deepEqual([page.data.length, page.has_more, "after" in page], [2, false, false]);
    });

    test("overwrites an item in its place", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b"), answer("t", "a", "again")]);
      deepEqual((await store.threads.listItems(ann, "t", allItems)).data, [
        answer("t", "a", "again"),
        answer("t", "b"),
      ]);
    });

    test("keeps a cursor's place while items around it come and go", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b"), answer("t", "c"), answer("t", "d")]);
      const first = await store.threads.listItems(ann, "t", shown);
      equal(first.after, "b");
      await store.runs.append("r", [
        { seq: 5, data: "", change: { type: "delete_item", item_id: "a" } },
        { seq: 6, data: "", change: { type: "delete_item", item_id: "c" } },
        { seq: 7, data: "", change: { type: "put_item", item: answer("t", "e") } },
      ]);
      const rest = await store.threads.listItems(ann, "t", { ...shown, after: "b" });
      deepEqual(
        rest.data.map(({ id }) => id),
        ["d", "e"],
      );
    });

    test("puts an item at the end after the newest was deleted", async (store) => {
      await threadWith(store, [answer("t", "a"), answer("t", "b")]);
      await store.runs.append("r", [
        { seq: 3, data: "", change: { type: "delete_item", item_id: "b" } },
        { seq: 4, data: "", change: { type: "delete_item", item_id: "never" } },
        { seq: 5, data: "", change: { type: "put_item", item: answer("t", "b") } },
        { seq: 6, data: "", change: { type: "put_item", item: answer("t", "c") } },
      ]);
      deepEqual(await itemIds(store, "t"), ["a", "b", "c"]);
    });

    test("keeps items of one id in two threads apart", async (store) => {
      await threadWith(store, [answer("t", "same", "one")]);
      await beginThread(store, "u", "s");
      await store.runs.append("s", [
        { seq: 1, data: "", change: { type: "put_item", item: answer("u", "same", "two") } },
      ]);
      deepEqual(await store.threads.getItem(ann, "t", "same"), answer("t", "same", "one"));
      deepEqual(await store.threads.getItem(ann, "u", "same"), answer("u", "same", "two"));
    });
  });
}
