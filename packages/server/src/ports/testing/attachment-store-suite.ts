import { deepEqual, equal, rejects } from "node:assert/strict";
import type { AttachmentState, StorageQuota, Store } from "../store.ts";
import { ann, attachment, message, strangers, thread, turn } from "./samples.ts";
import { type HarnessTest, refusedWith, type TestRunner } from "./suite.ts";

const QUOTA: StorageQuota = { max_bytes: 100, max_count: 3, expired_before: "2026-01-01T00:00:00.000Z" };
const LATER = "2026-01-03T00:00:00.000Z";

const reserved = (id: string, size_bytes: number, touched_at = LATER) =>
  attachment(id, { state: "reserved", size_bytes, touched_at });

/** What `AttachmentStore` promises. */
export function attachmentStoreSuite({ describe }: TestRunner, test: HarnessTest<Store>): void {
  describe("attachments", () => {
    test("returns a record as it was stored", async ({ attachments }) => {
      const {
        width: _width,
        height: _height,
        ...file
      } = attachment("f", { type: "file", name: "ä\u2028😀.txt" });
      for (const record of [attachment("p"), file]) {
        await attachments.create(record);
        deepEqual(await attachments.get(ann, record.id), record);
        deepEqual(await attachments.getForSignedUrl(record.id), record);
      }
    });

    test("answers null for an unknown id, and to strangers", async ({ attachments }) => {
      equal(await attachments.get(ann, "p"), null);
      equal(await attachments.getForSignedUrl("p"), null);
      await attachments.create(attachment("p"));
      for (const stranger of strangers) equal(await attachments.get(stranger, "p"), null);
    });

    test("refuses an id that exists, whoever owns it, and leaves the first as it is", async ({
      attachments,
    }) => {
      await attachments.create(attachment("p"));
      for (const owner of [ann, ...strangers]) {
        await rejects(attachments.create(attachment("p", { owner, name: "other.png" })));
      }
      deepEqual(await attachments.getForSignedUrl("p"), attachment("p"));
    });

    test("changes a record of the given state and epoch alone, and raises the epoch", async ({
      attachments,
    }) => {
      const first = attachment("p", { state: "reserved", sha256: "" });
      await attachments.create(first);
      const change = { state: "receiving", touched_at: LATER, preview_bytes: 7 } as const;
      const { width: _, ...stranger } = { ...first, owner: { tenant: "acme", user: "bob" } };
      for (const from of [{ ...first, epoch: 2 }, { ...first, state: "ready" as const }, stranger]) {
        equal(await attachments.transition(from, change), null);
        equal(await attachments.touch(from, LATER), false);
        equal(await attachments.remove(from), false);
      }
      deepEqual(await attachments.get(ann, "p"), first);
      const second = { ...first, ...change, epoch: 4 };
      deepEqual(await attachments.transition(first, change), second);
      deepEqual(await attachments.get(ann, "p"), second);
      equal(await attachments.transition(first, change), null);
    });

    test("lets one of many win who change the same record at once", async ({ attachments }) => {
      const first = attachment("p", { state: "reserved" });
      await attachments.create(first);
      const change = { state: "receiving", touched_at: LATER } as const;
      const won = await Promise.all(Array.from({ length: 8 }, () => attachments.transition(first, change)));
      equal(won.filter((record) => record !== null).length, 1);
    });

    test("touches without a change of epoch, and forgets", async ({ attachments }) => {
      const record = attachment("p", { state: "receiving" });
      await attachments.create(record);
      equal(await attachments.touch(record, LATER), true);
      deepEqual(await attachments.get(ann, "p"), { ...record, touched_at: LATER });
      equal(await attachments.remove(record), true);
      equal(await attachments.get(ann, "p"), null);
      equal(await attachments.remove(record), false);
    });

    test("does not forget an attachment that a message names", async (store) => {
      await store.attachments.create(attachment("p"));
      await store.runs.begin(turn("t", "r", { new_thread: thread("t"), message: message("t", "m", ["p"]) }));
      const linked = await store.attachments.get(ann, "p");
      if (linked !== null) await rejects(store.attachments.remove(linked));
      deepEqual(await store.attachments.get(ann, "p"), linked);
    });

    test("counts reservations and files, of the owner alone, up to the quota", async ({ attachments }) => {
      deepEqual(await attachments.usage(ann), { bytes: 0, count: 0 });
      await attachments.create(attachment("theirs", { owner: { tenant: "acme", user: "bob" } }), {
        ...QUOTA,
        max_bytes: Number.MAX_SAFE_INTEGER,
      });
      await attachments.create(reserved("a", 60), QUOTA);
      const refused = await refusedWith("quota_exceeded", attachments.create(reserved("b", 41), QUOTA));
      deepEqual(refused.details, { used_bytes: 60, max_bytes: 100 });
      equal(await attachments.get(ann, "b"), null);
      await attachments.create(reserved("b", 40), QUOTA);
      await attachments.create(reserved("c", 0), QUOTA);
      const full = await refusedWith("quota_exceeded", attachments.create(reserved("d", 0), QUOTA));
      deepEqual(full.details, { used_count: 3, max_count: 3 });
      deepEqual(await attachments.usage(ann), { bytes: 100, count: 3 });
    });

    test("does not let two take the same room at once", async ({ attachments }) => {
      const both = [reserved("a", 60), reserved("b", 60)].map((record) => attachments.create(record, QUOTA));
      const outcomes = await Promise.allSettled(both);
      equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    });

    test("does not count what was rejected, has expired or is deleted", async ({ attachments }) => {
      for (const state of ["rejected", "expired", "tombstoned"] as const) {
        await attachments.create(attachment(state, { state, size_bytes: 100 }), QUOTA);
      }
      deepEqual(await attachments.usage(ann), { bytes: 0, count: 0 });
    });

    test("ends reservations that nobody has touched for long, files never", async ({ attachments }) => {
      const old = "2025-12-31T00:00:00.000Z";
      const states: readonly AttachmentState[] = ["reserved", "receiving", "received", "inspecting", "ready"];
      for (const state of states) {
        await attachments.create(attachment(state, { state, size_bytes: 20, touched_at: old }));
      }
      await attachments.create(reserved("young", 80), QUOTA);
      for (const id of states) {
        const record = await attachments.get(ann, id);
        const expected = id === "ready" ? ["ready", 3] : ["expired", 4];
        deepEqual([record?.state, record?.epoch], expected);
      }
      deepEqual(await attachments.usage(ann), { bytes: 100, count: 2 });
    });

    test("knows after a restart what was being received, and nothing of the living", async ({
      attachments,
    }, harness) => {
      for (const state of ["reserved", "receiving", "received", "inspecting", "ready"] as const) {
        await attachments.create(attachment(state, { state }));
      }
      deepEqual(await attachments.abandoned(), []);
      const reopened = (await harness.reopen()).attachments;
      const dead = await reopened.abandoned();
      deepEqual(dead.map(({ id }) => id).sort(), ["inspecting", "received", "receiving"]);
      for (const record of dead) await reopened.transition(record, { state: "reserved", touched_at: LATER });
      deepEqual(await reopened.abandoned(), []);
    });
  });
}
