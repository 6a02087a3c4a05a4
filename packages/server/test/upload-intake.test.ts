import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatError } from "@waybill/protocol";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import {
  claim,
  createAttachmentPolicy,
  createInspector,
  type Incoming,
  type IntakeDeps,
  receive,
} from "../src/attachments/index.ts";
import type { AttachmentRecord, FileStore, Store } from "../src/ports/index.ts";

const ANN = { tenant: "acme", user: "ann" };
const never = new AbortController().signal;
const inspector = createInspector();
let folder: string;
let store: Store;
let files: FileStore;
let nowMs: number;
let deps: IntakeDeps;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "waybill-intake-"));
  store = sqlite(join(folder, "waybill.db"));
  files = disk(join(folder, "files"));
  await store.open();
  await files.open();
  nowMs = Date.UTC(2026, 0, 2);
  const policy = createAttachmentPolicy();
  deps = { store: store.attachments, files, inspector, previews: null, policy, now: () => nowMs };
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

afterAll(() => inspector.close());

async function reserve(): Promise<AttachmentRecord> {
  const time = new Date(nowMs).toISOString();
  const record: AttachmentRecord = {
    id: "atc_1",
    owner: ANN,
    name: "a.txt",
    mime_type: "text/plain",
    type: "file",
    state: "reserved",
    epoch: 1,
    size_bytes: 100,
    sha256: "",
    storage_key: "",
    created_at: time,
    touched_at: time,
  };
  await store.attachments.create(record);
  return record;
}

const incoming = (bytes: AsyncIterable<Uint8Array>): Incoming => ({
  bytes,
  maxBytes: 100,
  overflow: () => new ChatError("attachment_too_large"),
  checkSize: () => undefined,
  settleType: (found) => found,
  nameFor: () => "a.txt",
  otherwise: "keep",
});

const current = async () => {
  const record = await store.attachments.get(ANN, "atc_1");
  if (record === null) throw new Error("The record is gone.");
  return record;
};

test("who keeps sending keeps the reservation, for hours; who has stopped for a minute loses it", async () => {
  const held = await claim(deps, await reserve());
  async function* slow(): AsyncGenerator<Uint8Array> {
    for (let minute = 0; minute < 30; minute += 1) {
      nowMs += 59_000;
      yield Buffer.from("a");
      // What was yielded is taken before the next is asked for: the sign of life is given.
      await expect(claim(deps, await current())).rejects.toMatchObject({
        code: "upload_conflict",
        retryable: true,
      });
    }
    nowMs += 61_000;
    await claim(deps, await current());
    nowMs += 15_000;
    yield Buffer.from("late");
  }
  await expect(receive(deps, held, incoming(slow()), never)).rejects.toMatchObject({
    code: "upload_conflict",
  });
  expect(await current()).toMatchObject({ state: "receiving", epoch: 3 });
  expect(await files.read(held.storage_key)).toBeNull();
});

test("each state is written down, with the facts as they become known", async () => {
  const held = await claim(deps, await reserve());
  expect(held).toMatchObject({ state: "receiving", epoch: 2, storage_key: "t/acme/o/atc_1/2/orig" });
  const seen: string[] = [];
  const watched: IntakeDeps = {
    ...deps,
    store: {
      ...deps.store,
      async transition(from, change) {
        const next = await store.attachments.transition(from, change);
        if (next !== null) seen.push(`${next.state} ${next.epoch} ${next.size_bytes} ${next.sha256.length}`);
        return next;
      },
    },
  };
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("hello");
  }
  const record = await receive(watched, held, incoming(bytes()), never);
  expect(seen).toEqual(["received 3 5 64", "inspecting 4 5 64", "ready 5 5 64"]);
  expect(record).toEqual(await current());
  await expect(claim(deps, record)).rejects.toMatchObject({ code: "upload_conflict", retryable: false });
});

test.each<[string, Partial<IntakeDeps>]>([
  [
    "bytes cannot be written",
    { files: { ...disk("unused"), write: () => Promise.reject(new Error("full")) } },
  ],
  [
    "nobody can look at them",
    { inspector: { ...inspector, inspect: () => Promise.reject(new Error("gone")) } },
  ],
])("a fault of the server, as when %s, leaves the reservation to be used again", async (_title, faulty) => {
  const held = await claim(deps, await reserve());
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("hello");
  }
  const broken = { ...deps, ...faulty };
  await expect(receive(broken, held, incoming(bytes()), never)).rejects.not.toBeInstanceOf(ChatError);
  expect(await current()).toMatchObject({ state: "reserved", size_bytes: 100, sha256: "", storage_key: "" });
  expect(await files.read(held.storage_key)).toBeNull();
});
