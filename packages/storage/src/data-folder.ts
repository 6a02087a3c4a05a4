import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";

/** The code of a system error such as `"ENOENT"`; "" for anything else that was thrown. */
export function systemErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * An `Error` of one sentence that says why `path` cannot hold Waybill's data, and how to mend it.
 * The original is its `cause`.
 */
export function unusablePath(path: string, cause: unknown): Error {
  return new Error(`Waybill cannot keep its data in ${path}: ${reasonAndFix(cause)}`, { cause });
}

function reasonAndFix(cause: unknown): string {
  switch (systemErrorCode(cause)) {
    case "ENOTDIR":
    case "EEXIST":
      return "a part of this path is a file, not a folder; set WAYBILL_DATA_DIR to a folder.";
    case "EACCES":
    case "EPERM":
      return "this user may not write there; grant write access, or set WAYBILL_DATA_DIR to another folder.";
    case "EROFS":
      return "the file system is read-only; mount it writable, or set WAYBILL_DATA_DIR to another folder.";
    case "ENOSPC":
    case "EDQUOT":
      return "there is no space left; free some, or set WAYBILL_DATA_DIR to another folder.";
    default:
      return `${cause instanceof Error ? cause.message : String(cause)}; mend that, or set WAYBILL_DATA_DIR to another folder.`;
  }
}

/** Makes the names in a folder survive a power loss. A folder that is gone has none. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder for this; NTFS journals names by itself.
  if (process.platform === "win32") return;
  let handle: FileHandle;
  try {
    handle = await open(folder, "r");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes `folder` and every name on the way to it from `root` survive a power loss. `root` contains `folder`, or is it. */
export async function syncFoldersBetween(root: string, folder: string): Promise<void> {
  const steps = relative(root, folder).split(sep).filter(Boolean).length;
  let current = folder;
  for (let step = 0; step <= steps; step += 1) {
    await syncFolder(current);
    current = dirname(current);
  }
}

/**
 * Creates `folder`, an absolute path, with what is missing above it, for this user alone
 * (mode 0700), and survives a power loss. An existing folder is left as it is.
 *
 * @throws Error that names the path, what is wrong with it, and the fix.
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (first !== undefined) await syncFoldersBetween(dirname(first), folder);
  } catch (error) {
    throw unusablePath(folder, error);
  }
}
