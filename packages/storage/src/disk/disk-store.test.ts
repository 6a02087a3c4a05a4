import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testFileStore } from "@waybill/server/ports/testing";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { disk } from "./disk-store.ts";
import { pathOfKey } from "./file-key.ts";

testFileStore({ describe, test }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-disk-"));
  let files = disk(folder);
  await files.open();
  return {
    port: files,
    async reopen() {
      await files.close();
      files = disk(folder);
      await files.open();
      return files;
    },
    async cleanup() {
      await files.close();
      rmSync(folder, { recursive: true });
    },
  };
});

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

describe("disk()", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-disk-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("creates its folders for this user alone, and leaves nothing of its probe", async () => {
    const below = join(folder, "a", "attachments");
    await disk(below).open();
    expect(statSync(below).mode & 0o777).toBe(0o700);
    expect(readdirSync(below, { recursive: true }).sort()).toEqual(["files", "staging"]);
  });

  test("removes what a dead process left half-written, and keeps what was whole", async () => {
    const files = disk(folder);
    await files.open();
    await files.write("t/a", pieces(Buffer.from("whole")));
    writeFileSync(join(folder, "staging", "left"), "half");
    await disk(folder).open();
    expect(readdirSync(join(folder, "staging"))).toEqual([]);
    expect(await new Response((await files.read("t/a"))?.stream).text()).toBe("whole");
  });

  test("leaves no staged file when a write is aborted", async () => {
    const files = disk(folder);
    await files.open();
    const abort = new AbortController();
    const reason = new Error("the client left");
    async function* source(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3_000_000);
      expect(readdirSync(join(folder, "staging"))).toHaveLength(1);
      abort.abort(reason);
      yield new Uint8Array(1);
    }
    await expect(files.write("t/a", source(), { signal: abort.signal })).rejects.toBe(reason);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["files", "staging"]);
  });

  test("removes the folders that a delete leaves empty", async () => {
    const files = disk(folder);
    await files.open();
    await files.write("t/acme/o/1/orig", pieces());
    await files.write("t/acme/o/2/orig", pieces());
    await files.delete("t/acme/o/1/orig");
    expect(readdirSync(join(folder, "files", "t", "acme", "o"))).toEqual(["2"]);
    await files.delete("t/acme/o/2/orig");
    expect(readdirSync(join(folder, "files"))).toEqual([]);
  });

  test("stores while neighbours are deleted, whose folder it needs", async () => {
    const files = disk(folder);
    await files.open();
    const keys = Array.from({ length: 30 }, (_, n) => `t/o/${n}`);
    for (const key of keys) await files.write(`${key}/old`, pieces());
    await Promise.all(
      keys.flatMap((key) => [files.write(`${key}/new`, pieces()), files.delete(`${key}/old`)]),
    );
    for (const key of keys) expect(readdirSync(join(folder, "files", key))).toEqual(["new"]);
  });

  test("says that its folder cannot be, and how to choose another", async () => {
    writeFileSync(join(folder, "file"), "");
    const sentence = /a part of this path is a file, not a folder; set WAYBILL_DATA_DIR/;
    await expect(disk(join(folder, "file", "attachments")).open()).rejects.toThrow(sentence);
    await expect(disk(join(folder, "file")).open()).rejects.toThrow(sentence);
  });

  test("keeps every file for this user alone", async () => {
    const files = disk(folder);
    chmodSync(folder, 0o755);
    await files.open();
    await files.write("t/a", pieces());
    expect(statSync(join(folder, "files/t/a")).mode & 0o777).toBe(0o600);
  });
});

test("keeps every valid key below its root, and refuses every other", () => {
  const alphabet = fc.constantFrom(..."aZ09_-./.".split(""), " ", "\\", "\0", "ä");
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 12 }), (characters) => {
      const key = characters.join("");
      const valid =
        /^[A-Za-z0-9_\-./]+$/.test(key) && key.split("/").every((part) => !["", ".", ".."].includes(part));
      if (valid) expect(pathOfKey("/root", key)).toBe(`/root/${key}`);
      else expect(() => pathOfKey("/root", key)).toThrow(RangeError);
    }),
  );
});
