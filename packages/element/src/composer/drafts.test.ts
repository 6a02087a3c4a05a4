import { expect, test } from "vitest";
import { DraftStore, draftOf, emptyDraft, isEmptyDraft, joinDrafts } from "./drafts.ts";
import { claimPlace, releasePlace } from "./places.ts";

const text = (text: string) => [{ type: "input_text" as const, text }];
const image = { id: "a", name: "a.png", mime_type: "image/png", type: "image" as const };

function createStorage() {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

test("keeps a draft, and forgets an empty one", () => {
  const storage = createStorage();
  const store = new DraftStore(() => storage);
  const draft = { content: text("Hello"), attachments: [image], quotedText: "that" };
  store.write("k", draft);
  expect(new DraftStore(() => storage).read("k")).toEqual(draft);
  store.write("k", emptyDraft);
  expect(storage.values.size).toBe(0);
  expect(store.read("k")).toEqual(emptyDraft);
});

test("keeps a draft in memory where the page may not store", () => {
  const store = new DraftStore(() => {
    throw new Error("SecurityError");
  });
  store.write("k", { ...emptyDraft, content: text("Hello") });
  expect(store.read("k").content).toEqual(text("Hello"));
  store.write("k", emptyDraft);
  expect(store.read("k")).toEqual(emptyDraft);
});

test.each(["nonsense", "7", '{"content":7,"attachments":[{"id":1}]}'])("reads %s as nothing", (stored) => {
  const storage = createStorage();
  storage.values.set("k", stored);
  expect(new DraftStore(() => storage).read("k")).toEqual(emptyDraft);
});

test("joins a message that comes back with what was written since", () => {
  const joined = joinDrafts(
    { content: text("First"), attachments: [image], quotedText: null },
    { content: text("Second"), attachments: [image], quotedText: "q" },
  );
  expect(joined).toEqual({ content: text("First\n\nSecond"), attachments: [image], quotedText: "q" });
});

test("a message goes back as it was written", () => {
  const content = [...text("At "), { type: "input_tag" as const, id: "1", text: "Holm", data: {} }];
  expect(draftOf({ content })).toEqual({ content, attachments: [], quotedText: null });
  expect(draftOf({ text: "Hi", quotedText: "q" })).toEqual({
    content: text("Hi"),
    attachments: [],
    quotedText: "q",
  });
  expect(isEmptyDraft({ content: text(" \n"), attachments: [], quotedText: "q" })).toBe(true);
  expect(isEmptyDraft({ content, attachments: [], quotedText: null })).toBe(false);
});

test("gives each element of a page a place of its own, and the same one again", () => {
  const first = claimPlace(null);
  const second = claimPlace(null);
  expect(second).not.toBe(first);
  releasePlace(first);
  expect(claimPlace(first)).toBe(first);
  releasePlace(first);
  releasePlace(second);
});
