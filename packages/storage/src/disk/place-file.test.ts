import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placeFile } from "./place-file.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-place-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("makes the folder again that a delete removed before the file was in it", async () => {
  writeFileSync(join(folder, "temporary"), "bytes");
  let made = 0;
  await placeFile(join(folder, "temporary"), join(folder, "a", "b"), async (path, options) => {
    await mkdir(path, options);
    made += 1;
    if (made === 1) await rmdir(path);
  });
  expect(made).toBe(2);
  expect(readFileSync(join(folder, "a", "b"), "utf8")).toBe("bytes");
});

test("gives up when it is the file that is gone", async () => {
  await expect(placeFile(join(folder, "missing"), join(folder, "a"))).rejects.toMatchObject({
    code: "ENOENT",
  });
});
