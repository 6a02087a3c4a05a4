import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { streamFile } from "./file-stream.ts";

const SIZE = 2_500_000;
const CLOSED = -1;
let folder: string;
let handle: FileHandle;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-stream-"));
  writeFileSync(join(folder, "file"), new Uint8Array(SIZE));
  handle = await open(join(folder, "file"), "r");
});
afterEach(async () => {
  await handle.close();
  rmSync(folder, { recursive: true });
});

test("reads 1 MiB at a time, and closes the file at the end", async () => {
  const sizes: number[] = [];
  for await (const piece of streamFile(handle, 0, SIZE)) sizes.push(piece.length);
  expect(sizes).toEqual([1_048_576, 1_048_576, 402_848]);
  expect(handle.fd).toBe(CLOSED);
});

test("reads nothing that nobody asked for", async () => {
  const read = vi.spyOn(handle, "read");
  const reader = streamFile(handle, 0, SIZE).getReader();
  await reader.read();
  expect(read).toHaveBeenCalledTimes(1);
  await reader.cancel();
});

test("closes the file when the reader cancels, before and after the first piece", async () => {
  const reader = streamFile(handle, 0, SIZE).getReader();
  await reader.read();
  await reader.cancel();
  expect(handle.fd).toBe(CLOSED);
  handle = await open(join(folder, "file"), "r");
  await streamFile(handle, 0, SIZE).cancel();
  expect(handle.fd).toBe(CLOSED);
});

test("closes the file at once for an empty part", async () => {
  expect(await new Response(streamFile(handle, 10, 10)).text()).toBe("");
  expect(handle.fd).toBe(CLOSED);
});

test("fails and closes the file when it ends early", async () => {
  await expect(new Response(streamFile(handle, 0, SIZE + 1)).arrayBuffer()).rejects.toThrow(
    `The file ended at byte ${SIZE} of ${SIZE + 1}.`,
  );
  expect(handle.fd).toBe(CLOSED);
});
