import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Store } from "../store.ts";
import { ann, attachment, strangers } from "./samples.ts";
import type { HarnessTest, TestRunner } from "./suite.ts";

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
  });
}
