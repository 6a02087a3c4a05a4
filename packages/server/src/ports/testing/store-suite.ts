import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Store } from "../store.ts";
import { attachmentStoreSuite } from "./attachment-store-suite.ts";
import { cursorSuite } from "./cursor-suite.ts";
import { runStoreSuite } from "./run-store-suite.ts";
import { allItems, ann, attachment, beginThread, message, thread, turn } from "./samples.ts";
import { type HarnessFactory, type TestRunner, withHarness } from "./suite.ts";
import { threadChangesSuite } from "./thread-changes-suite.ts";
import { threadStoreSuite } from "./thread-store-suite.ts";

/**
 * Defines the tests of what `Store.threads` promises. They begin turns by `runs.begin` and write items by
 * `runs.append`, and so need the whole store, as {@link testAttachmentStore} and {@link testRunStore} do.
 */
export function testThreadStore(runner: TestRunner, factory: HarnessFactory<Store>): void {
  const test = withHarness(runner, factory);
  runner.describe("ThreadStore", () => {
    threadStoreSuite(runner, test);
    cursorSuite(runner, test);
    threadChangesSuite(runner, test);
  });
}

/** Defines the tests of what `Store.attachments` promises. */
export function testAttachmentStore(runner: TestRunner, factory: HarnessFactory<Store>): void {
  runner.describe("AttachmentStore", () => attachmentStoreSuite(runner, withHarness(runner, factory)));
}

/** Defines the tests of what `Store.runs` promises. */
export function testRunStore(runner: TestRunner, factory: HarnessFactory<Store>): void {
  runner.describe("RunStore", () => runStoreSuite(runner, withHarness(runner, factory)));
}

/** Defines the tests of everything that the port `Store` promises, its three parts first, for the store that `factory` makes. */
export function testStore(runner: TestRunner, factory: HarnessFactory<Store>): void {
  const test = withHarness(runner, factory);
  runner.describe("Store", () => {
    testThreadStore(runner, factory);
    testAttachmentStore(runner, factory);
    testRunStore(runner, factory);

    runner.describe("life", () => {
      test("has a description", async (store) => {
        equal(store.description.length > 0, true);
      });

      test("finds everything again after it was closed and opened", async (store, harness) => {
        await store.attachments.create(attachment("p"));
        await store.runs.begin(
          turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["p"]) }),
        );
        await store.runs.append("r", [{ seq: 1, data: "1" }]);
        await store.runs.finish("r", "completed", [{ seq: 2, data: "2" }]);
        const reopened = await harness.reopen();
        deepEqual(await reopened.threads.get(ann, "t"), thread("t"));
        deepEqual((await reopened.threads.listItems(ann, "t", allItems)).data, [message("t", "m", ["p"])]);
        deepEqual(await reopened.attachments.get(ann, "p"), attachment("p", { state: "linked", epoch: 4 }));
        deepEqual(await reopened.runs.read(ann, "r", 0), {
          run: { id: "r", thread_id: "t", state: "completed" },
          entries: [
            { seq: 1, data: "1" },
            { seq: 2, data: "2" },
          ],
        });
        deepEqual(await reopened.runs.abandoned(), []);
      });

      test("stores what is under way when it is closed, and may be closed twice", async (store, harness) => {
        await beginThread(store, "t", "r");
        const append = store.runs.append("r", [{ seq: 1, data: "1" }]);
        await store.close();
        await append;
        await store.close();
        const reopened = await harness.reopen();
        equal((await reopened.runs.read(ann, "r", 0))?.entries.length, 1);
      });

      test("rejects what is asked of it when it is closed", async (store) => {
        await store.close();
        await rejects(store.threads.get(ann, "t"));
        await rejects(store.runs.begin(turn("t", "r")));
      });
    });
  });
}
