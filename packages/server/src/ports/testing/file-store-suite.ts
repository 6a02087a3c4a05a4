import { deepEqual, equal, rejects } from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ByteRange, FileStore, StoredFile } from "../file-store.ts";
import { type HarnessFactory, type TestRunner, withHarness } from "./suite.ts";

const KEY = "t/acme/o/atc_1/orig";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function textOf(file: StoredFile | null): Promise<string | null> {
  return file === null ? null : new Response(file.stream).text();
}

/** Yields one piece, tells that it was taken, and then waits for ever. */
function hangingSource(): { readonly source: AsyncIterable<Uint8Array>; readonly taken: Promise<void> } {
  const taken = Promise.withResolvers<void>();
  let asked = 0;
  const next = (): Promise<IteratorResult<Uint8Array>> => {
    asked += 1;
    if (asked === 1) return Promise.resolve({ done: false, value: bytes("half") });
    taken.resolve();
    return new Promise(() => {});
  };
  return { source: { [Symbol.asyncIterator]: () => ({ next }) }, taken: taken.promise };
}

/** Defines the tests of everything that the port `FileStore` promises, for the store that `factory` makes. */
export function testFileStore(runner: TestRunner, factory: HarnessFactory<FileStore>): void {
  const test = withHarness(runner, factory);
  runner.describe("FileStore", () => {
    test("has a description", async (files) => {
      equal(files.description.length > 0, true);
    });

    test("tells size and SHA-256 of what it wrote, and reads it back", async (files) => {
      const parts = [bytes("hello "), new Uint8Array(0), bytes("world")];
      deepEqual(await files.write(KEY, pieces(...parts)), {
        size_bytes: 11,
        sha256: "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
      });
      const file = await files.read(KEY);
      equal(file?.size_bytes, 11);
      equal(await textOf(file), "hello world");
    });

    test("keeps an empty file", async (files) => {
      const written = await files.write(KEY, pieces());
      deepEqual(written, { size_bytes: 0, sha256: createHash("sha256").digest("hex") });
      const file = await files.read(KEY);
      equal(file?.size_bytes, 0);
      equal(await textOf(file), "");
    });

    test("keeps a file of many pieces of all sizes", async (files) => {
      const hash = createHash("sha256");
      let size = 0;
      async function* source(): AsyncGenerator<Uint8Array> {
        for (const length of [1, 65_536, 3_000_000, 0, 1_048_576, 7, 500_000, 700_000]) {
          const piece = new Uint8Array(length).fill(length % 251);
          hash.update(piece);
          size += length;
          yield piece;
        }
      }
      const written = await files.write(KEY, source());
      deepEqual(written, { size_bytes: size, sha256: hash.digest("hex") });
      const read = createHash("sha256");
      for await (const piece of (await files.read(KEY))?.stream ?? []) read.update(piece);
      equal(read.digest("hex"), written.sha256);
    });

    test("reads ranges, both ends inclusive, and tells the size of the whole", async (files) => {
      await files.write(KEY, pieces(bytes("0123456789")));
      const cases: readonly (readonly [ByteRange, string])[] = [
        [{ start: 0, end: 0 }, "0"],
        [{ start: 2, end: 4 }, "234"],
        [{ start: 9, end: 9 }, "9"],
        [{ start: 0, end: 9 }, "0123456789"],
        [{ start: 7, end: 400 }, "789"],
        [{ start: 10, end: 12 }, ""],
      ];
      for (const [range, expected] of cases) {
        const file = await files.read(KEY, range);
        equal(file?.size_bytes, 10);
        equal(await textOf(file), expected);
      }
    });

    test("answers null for an unknown key, and for a folder of keys", async (files) => {
      await files.write("t/acme/a", pieces(bytes("a")));
      for (const key of ["t/acme/b", "t/acme", "t", "t/acme/a/b"]) equal(await files.read(key), null);
    });

    test("overwrites a key, and a reader of the old file reads it to its end", async (files) => {
      const old = "old ".repeat(700_000);
      await files.write(KEY, pieces(bytes(old)));
      const reading = await files.read(KEY);
      await files.write(KEY, pieces(bytes("new")));
      equal(await textOf(await files.read(KEY)), "new");
      equal(await textOf(reading), old);
    });

    test("throws what the source throws, and nothing remains", async (files) => {
      const reason = new Error("the upload broke off");
      async function* source(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(2_000_000);
        throw reason;
      }
      await rejects(files.write(KEY, source()), (error) => error === reason);
      equal(await files.read(KEY), null);
    });

    test("leaves an existing file as it was when overwriting it fails", async (files) => {
      await files.write(KEY, pieces(bytes("old")));
      const { source, taken } = hangingSource();
      const abort = new AbortController();
      const writing = files.write(KEY, source, { signal: abort.signal });
      await taken;
      abort.abort();
      await rejects(writing);
      equal(await textOf(await files.read(KEY)), "old");
    });

    test("throws the signal's reason at once, also while the source says nothing", async (files) => {
      const { source, taken } = hangingSource();
      const reason = new Error("the client left");
      const abort = new AbortController();
      const writing = files.write(KEY, source, { signal: abort.signal });
      await taken;
      abort.abort(reason);
      await rejects(writing, (error) => error === reason);
      equal(await files.read(KEY), null);
      await rejects(
        files.write(KEY, pieces(bytes("late")), { signal: AbortSignal.abort(reason) }),
        (error) => error === reason,
      );
      equal(await files.read(KEY), null);
    });

    test("ends the source when the signal aborts", async (files) => {
      const ended = Promise.withResolvers<void>();
      const abort = new AbortController();
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          yield bytes("one");
          abort.abort();
          yield bytes("two");
        } finally {
          ended.resolve();
        }
      }
      await rejects(files.write(KEY, source(), { signal: abort.signal }));
      await ended.promise;
    });

    test("deletes, and deleting an unknown key is no error", async (files) => {
      await files.write(KEY, pieces(bytes("x")));
      await files.write(`${KEY}2`, pieces(bytes("y")));
      await files.delete(KEY);
      await files.delete(KEY);
      await files.delete("t/nobody");
      equal(await files.read(KEY), null);
      equal(await textOf(await files.read(`${KEY}2`)), "y");
      await files.write(KEY, pieces(bytes("again")));
      equal(await textOf(await files.read(KEY)), "again");
    });

    test("takes a cancelled reader", async (files) => {
      await files.write(KEY, pieces(new Uint8Array(3_000_000)));
      const reader = (await files.read(KEY))?.stream.getReader();
      equal((await reader?.read())?.done, false);
      await reader?.cancel();
      await (await files.read(KEY))?.stream.cancel();
      await files.delete(KEY);
    });

    test("refuses keys that are none", async (files) => {
      for (const key of [
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        "a/./b",
        ".",
        "a b",
        "a\\b",
        "ä",
        "a\0b",
        "%2e",
        "a".repeat(2_000),
      ]) {
        await rejects(files.write(key, pieces(bytes("x"))), RangeError, key);
        await rejects(files.read(key), RangeError, key);
        await rejects(files.delete(key), RangeError, key);
      }
    });

    test("finds files again after it was closed and opened", async (files, harness) => {
      await files.write(KEY, pieces(bytes("kept")));
      const reopened = await harness.reopen();
      equal(await textOf(await reopened.read(KEY)), "kept");
    });
  });
}
