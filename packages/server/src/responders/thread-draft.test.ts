import { expect, test } from "vitest";
import type { ThreadRecord } from "../ports/store.ts";
import { ThreadDraft } from "./thread-draft.ts";

const thread: ThreadRecord = {
  id: "thr_1",
  owner: { tenant: "default", user: "ann" },
  created_at: "2026-01-02T03:04:05.000Z",
  status: { type: "active" },
  metadata: { n: 1 },
};

test("tells each change once", () => {
  const draft = new ThreadDraft(thread);
  expect(draft.take()).toBeUndefined();
  draft.change({ title: "One", metadata: { n: 2 } });
  expect(draft.record).toEqual({ ...thread, title: "One", metadata: { n: 2 } });
  expect(draft.take()).toEqual({ title: "One", metadata: { n: 2 } });
  expect(draft.take()).toBeUndefined();
});

test("tells nothing of what is set to what it was, or set back", () => {
  const draft = new ThreadDraft(thread);
  draft.change({ title: "One", status: { type: "locked" } });
  draft.change({ title: null, status: { type: "active" }, metadata: { n: 1 } });
  expect(draft.take()).toBeUndefined();
  expect(draft.record).toEqual(thread);
});

test("tells what is taken away as null", () => {
  const draft = new ThreadDraft({ ...thread, title: "One", allowed_image_domains: [] });
  draft.change({ title: null, allowed_image_domains: null });
  expect(draft.take()).toEqual({ title: null, allowed_image_domains: null });
  expect(draft.record).toEqual(thread);
});

test("keeps no hold of what it is given", () => {
  const metadata = { list: [1] };
  const draft = new ThreadDraft(thread);
  draft.change({ metadata });
  draft.take();
  metadata.list.push(2);
  expect(draft.record.metadata).toEqual({ list: [1] });
  expect(draft.take()).toBeUndefined();
});

test("goes on from what somebody else has stored, and keeps its own changes", () => {
  const draft = new ThreadDraft(thread);
  draft.change({ status: { type: "closed" } });
  draft.stored({ title: "Theirs" });
  expect(draft.record).toEqual({ ...thread, title: "Theirs", status: { type: "closed" } });
  expect(draft.take()).toEqual({ status: { type: "closed" } });
});
