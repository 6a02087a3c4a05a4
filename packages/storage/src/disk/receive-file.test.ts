import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { receiveFile } from "./receive-file.ts";

let folder: string;
let handle: FileHandle;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-receive-"));
  handle = await open(join(folder, "file"), "wx");
});
afterEach(async () => {
  await handle.close();
  rmSync(folder, { recursive: true });
});

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

test("writes the rest where the system took a part, also a part of a piece", async () => {
  const writev = handle.writev.bind(handle);
  vi.spyOn(handle, "writev").mockImplementation((buffers) => {
    const [first] = buffers;
    const part = first?.byteLength === 1 ? buffers.slice(0, 1) : [Buffer.from("cd")];
    return first?.byteLength === 4 ? writev(part) : writev(buffers);
  });
  const written = await receiveFile(
    handle,
    pieces(Buffer.from("cdef"), Buffer.from("g"), Buffer.from("hijk")),
    undefined,
  );
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("cdefghijk");
  expect(written).toEqual({
    size_bytes: 9,
    sha256: createHash("sha256").update("cdefghijk").digest("hex"),
  });
});

test("keeps no more than what is being written and 1 MiB", async () => {
  let yielded = 0;
  let written = 0;
  let most = 0;
  const writev = handle.writev.bind(handle);
  vi.spyOn(handle, "writev").mockImplementation(async (buffers) => {
    const result = await writev(buffers);
    written += result.bytesWritten;
    return result;
  });
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 100; n += 1) {
      yielded += 65_536;
      most = Math.max(most, yielded - written);
      yield new Uint8Array(65_536);
    }
  }
  await receiveFile(handle, source(), undefined);
  expect(written).toBe(6_553_600);
  expect(most).toBeLessThanOrEqual(2 * 1_048_576 + 65_536);
});

test("throws the reason of a signal that aborts while the bytes are made safe", async () => {
  const abort = new AbortController();
  const reason = new Error("too late");
  const sync = handle.sync.bind(handle);
  vi.spyOn(handle, "sync").mockImplementation(() => {
    abort.abort(reason);
    return sync();
  });
  await expect(receiveFile(handle, pieces(Buffer.from("x")), abort.signal)).rejects.toBe(reason);
});

test("ends the source when writing fails, and throws that failure", async () => {
  const full = new Error("no space left");
  vi.spyOn(handle, "writev").mockRejectedValue(full);
  const ended = Promise.withResolvers<void>();
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(1_048_576);
    } finally {
      ended.resolve();
    }
  }
  await expect(receiveFile(handle, source(), undefined)).rejects.toBe(full);
  await ended.promise;
});
