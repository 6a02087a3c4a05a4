import { type ChatClient, ChatFailure, type UploadOptions } from "@waybill/client";
import type { Attachment } from "@waybill/protocol";
import { expect, test, vi } from "vitest";
import { Uploads } from "./uploads.ts";

function setUp(delivered: Partial<ChatClient> = {}) {
  const running: { file: File; options: UploadOptions; done: PromiseWithResolvers<Attachment> }[] = [];
  const deleted: string[] = [];
  const saved = new Map<string, readonly string[]>();
  const ended: string[] = [];
  const client: Partial<ChatClient> = {
    upload: (file, options = {}) => {
      const done = Promise.withResolvers<Attachment>();
      options.signal?.addEventListener("abort", () => done.reject(options.signal?.reason));
      running.push({ file, options, done });
      return done.promise;
    },
    deleteAttachment: async (id) => void deleted.push(id),
    ...delivered,
  };
  const uploads = new Uploads({
    client: () => client as ChatClient,
    strategy: () => ({ type: "two_phase" }),
    changed: (draft, ready) =>
      void saved.set(
        draft,
        ready.map(({ id }) => id),
      ),
    ended: ({ name, state }) => void ended.push(`${name} ${state}`),
    deleteFailed: vi.fn(),
  });
  const states = (draft = "a") => uploads.of(draft).map(({ state }) => state);
  const finish = async (index: number, id = `atc_${index}`) => {
    running[index]?.done.resolve({ id, name: "x", mime_type: "text/plain", type: "file" });
    await vi.waitFor(() => expect([...saved.values()].flat()).toContain(id));
  };
  return { uploads, running, deleted, saved, ended, states, finish };
}

const fileOf = (name: string, type = "text/plain") => new File(["12345"], name, { type });
const verdictOf = (retry: "safe" | "never", userMessage = "") =>
  new ChatFailure({
    cause: "server_error",
    confidence: "certain",
    alternatives: [],
    title: "This file is too large for the server",
    userMessage,
    advice: "",
    developerDetail: "",
    request: { method: "POST", url: "/" },
    pageOrigin: null,
    retry,
  });

test("uploads three at a time, in order, by the page's strategy, and tells how far they are", async () => {
  const { uploads, running, states, finish, saved, ended } = setUp();
  uploads.add(
    "a",
    ["1", "2", "3", "4"].map((name) => fileOf(name)),
  );
  expect(states()).toEqual(["uploading", "uploading", "uploading", "reserved"]);
  expect(running[0]?.options.strategy).toEqual({ type: "two_phase" });
  running[0]?.options.onProgress?.({ sentBytes: 3, totalBytes: 5 });
  expect(uploads.of("a")[0]?.sentBytes).toBe(3);
  await finish(1);
  await vi.waitFor(() => expect(states()).toEqual(["uploading", "ready", "uploading", "uploading"]));
  expect(saved.get("a")).toEqual(["atc_1"]);
  expect(ended).toEqual(["2 ready"]);
});

test("goes on under a draft's new name, and while another draft is open", async () => {
  const { uploads, finish, saved, states } = setUp();
  uploads.add("a", [fileOf("1")]);
  uploads.move("a", "b");
  expect(states("a")).toEqual([]);
  await finish(0);
  expect(states("b")).toEqual(["ready"]);
  expect(saved.get("b")).toEqual(["atc_0"]);
});

test.each([
  ["safe", true],
  ["never", false],
] as const)("keeps a failed file with its reason (retry: %s)", async (retry, mayRetry) => {
  const { uploads, running, states } = setUp();
  uploads.add("a", [fileOf("1")]);
  running[0]?.done.reject(verdictOf(retry));
  await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  const [item] = uploads.of("a");
  expect(item?.fault).toEqual({ reason: "This file is too large for the server", mayRetry });
  uploads.retry(item?.key ?? 0);
  expect(states()).toEqual(["uploading"]);
  expect(running).toHaveLength(2);
});

test("tells why a file failed in the server's own words, where it has any", async () => {
  const { uploads, running, states } = setUp();
  uploads.add("a", [fileOf("1")]);
  running[0]?.done.reject(verdictOf("never", "1 is 9 MB; the limit is 5 MB."));
  await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  expect(uploads.of("a")[0]?.fault?.reason).toBe("1 is 9 MB; the limit is 5 MB");
});

test("a removed file is no longer uploaded; one that is uploaded is deleted from the server", async () => {
  const { uploads, running, deleted, finish } = setUp();
  uploads.add("a", [fileOf("1"), fileOf("2")]);
  const [first, second] = uploads.of("a");
  uploads.remove(first?.key ?? 0);
  expect(running[0]?.options.signal?.aborted).toBe(true);
  await finish(1);
  uploads.remove(second?.key ?? 0);
  expect(uploads.of("a")).toEqual([]);
  expect(deleted).toEqual(["atc_1"]);
});

test("does not delete what came with its id, and shows its own pictures until they leave", () => {
  const revoke = vi.spyOn(URL, "revokeObjectURL");
  const { uploads, deleted, states } = setUp();
  uploads.set("a", [{ id: "given", name: "a.png", mime_type: "image/png", type: "image" }]);
  uploads.add("a", [fileOf("b.png", "image/png")]);
  expect(states()).toEqual(["ready", "uploading"]);
  const [given, own] = uploads.of("a");
  expect(given?.thumbnail).toBeNull();
  expect(own?.thumbnail).toMatch(/^blob:/);
  uploads.set("a", []);
  expect(states()).toEqual(["uploading"]);
  uploads.remove(own?.key ?? 0);
  expect(revoke).toHaveBeenCalledExactlyOnceWith(own?.thumbnail);
  expect(deleted).toEqual([]);
});
