import { type FileHandle, mkdir, open, rm, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import type { FileStore } from "@waybill/server/ports";
import {
  prepareFolder,
  syncFolder,
  syncFoldersBetween,
  systemErrorCode,
  unusablePath,
} from "../data-folder.ts";
import { pathOfKey } from "./file-key.ts";
import { streamFile } from "./file-stream.ts";
import { placeFile } from "./place-file.ts";
import { receiveFile } from "./receive-file.ts";

/** Removes empty folders from `folder` upwards, `root` excepted; the nearest that is left. */
async function pruneFolders(root: string, folder: string): Promise<string> {
  let current = folder;
  while (current !== root) {
    try {
      await rmdir(current);
    } catch (error) {
      // Another delete was faster; anything else means that the folder is in use.
      if (systemErrorCode(error) !== "ENOENT") return current;
    }
    current = dirname(current);
  }
  return root;
}

/** The open file and its size; null if the path is no file. */
async function openFile(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly size: number } | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
  try {
    const stat = await handle.stat();
    if (stat.isFile()) return { handle, size: stat.size };
    await handle.close();
    return null;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Files below `folder`, one for each key in `files/`, and unfinished ones in `staging/`; `open`
 * creates what is missing, empties `staging/`, and rejects with a sentence for the operator if the folder
 * cannot be written. A file is whole on disk, with the folders above it, before `write` resolves. One process
 * at a time may use a folder.
 *
 * A key that is not of the port's alphabet is refused with a `RangeError`, by every method. A range that
 * goes beyond the end stops there.
 *
 * `folder` is relative to the working folder at the time of this call.
 */
export function disk(folder: string): FileStore {
  const root = resolve(folder);
  const files = join(root, "files");
  const staging = join(root, "staging");

  async function write(
    key: string,
    source: AsyncIterable<Uint8Array>,
    options: { readonly signal?: AbortSignal } = {},
  ) {
    const target = pathOfKey(files, key);
    options.signal?.throwIfAborted();
    const temporary = join(staging, crypto.randomUUID());
    const handle = await open(temporary, "wx", 0o600);
    try {
      const written = await receiveFile(handle, source, options.signal).finally(() => handle.close());
      await placeFile(temporary, target);
      await syncFoldersBetween(root, dirname(target));
      return written;
    } catch (error) {
      // What is left after all is removed by the next `open`; the caller has to hear of the first cause.
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  }

  async function remove(key: string): Promise<void> {
    const path = pathOfKey(files, key);
    try {
      await unlink(path);
    } catch (error) {
      // A folder has no key: Linux answers EISDIR, others EPERM.
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes(systemErrorCode(error))) return;
      if (systemErrorCode(error) === "EPERM" && (await stat(path)).isDirectory()) return;
      throw error;
    }
    await syncFolder(await pruneFolders(files, dirname(path)));
  }

  return {
    description: `files in ${folder}`,

    async open() {
      await prepareFolder(root);
      try {
        await rm(staging, { recursive: true, force: true });
        await mkdir(staging, { mode: 0o700 });
        await mkdir(files, { recursive: true, mode: 0o700 });
        await syncFolder(root);
        // Proves at start what every write needs: space, permission, and one file system for both folders.
        const probe = crypto.randomUUID();
        await write(probe, Readable.from([Buffer.from(probe)]));
        await remove(probe);
      } catch (error) {
        throw unusablePath(root, error);
      }
    },

    async close() {},

    write,

    async read(key, range) {
      const found = await openFile(pathOfKey(files, key));
      if (found === null) return null;
      const { handle, size } = found;
      const end = Math.min(range === undefined ? size : range.end + 1, size);
      return { size_bytes: size, stream: streamFile(handle, range?.start ?? 0, end) };
    },

    delete: remove,
  };
}
