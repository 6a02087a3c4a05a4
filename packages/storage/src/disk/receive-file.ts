import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { WrittenFile } from "@waybill/server/ports";

const WRITE_BYTES = 1024 * 1024;

/** Asks `source` for one piece after another, and stops waiting for it when `signal` aborts. */
async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  // One listener for all pieces: a promise to race with would gather a reaction for each of them.
  let interrupt = (_reason: unknown): void => {};
  const onAbort = (): void => interrupt(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  let ended = false;
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        interrupt = reject;
        if (signal?.aborted === true) reject(signal.reason);
        else iterator.next().then(resolve, reject);
      });
      ended = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    // Not awaited: a source that hangs would answer never. What it says no longer matters.
    if (!ended) iterator.return?.().catch(() => {});
  }
}

async function writeAll(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let rest = pieces;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest);
    let left = bytesWritten;
    let whole = 0;
    for (; whole < rest.length; whole += 1) {
      const length = rest[whole]?.length ?? 0;
      if (length > left) break;
      left -= length;
    }
    const [cut, ...after] = rest.slice(whole);
    rest = cut === undefined ? [] : [cut.subarray(left), ...after];
  }
}

/**
 * Writes `source` to an empty file and hashes it on the way, without ever holding more than 1 MiB and a
 * piece twice: one being written, one being gathered. Pieces must not change after they were yielded.
 * The bytes survive a power loss.
 *
 * @throws what `source` throws, the reason of `signal`, or the system's error
 */
export async function receiveFile(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<WrittenFile> {
  const hash = createHash("sha256");
  let size_bytes = 0;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const piece of untilAborted(source, signal)) {
      if (piece.length === 0) continue;
      hash.update(piece);
      size_bytes += piece.length;
      gathered.push(piece);
      gatheredBytes += piece.length;
      if (gatheredBytes < WRITE_BYTES) continue;
      await writing;
      writing = writeAll(handle, gathered);
      // Its failure is met at the next `await writing`; until then nobody listens.
      writing.catch(() => {});
      gathered = [];
      gatheredBytes = 0;
    }
    await writing;
    await writeAll(handle, gathered);
  } catch (error) {
    // The caller closes the file, which must not happen under a write.
    await writing.catch(() => {});
    throw error;
  }
  await handle.sync();
  signal?.throwIfAborted();
  return { size_bytes, sha256: hash.digest("hex") };
}
