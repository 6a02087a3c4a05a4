import { mkdir, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { systemErrorCode } from "../data-folder.ts";

const ATTEMPTS = 5;

/**
 * Gives the finished file at `temporary` its name, in a folder that is made if it is missing. A delete
 * elsewhere may just be removing that folder as empty: then it is made again.
 *
 * @throws the system's error
 */
export async function placeFile(
  temporary: string,
  target: string,
  makeFolder: (path: string, options: { recursive: true; mode: number }) => Promise<unknown> = mkdir,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Making it can meet the same delete: a parent may go while its child is made.
      await makeFolder(dirname(target), { recursive: true, mode: 0o700 });
      await rename(temporary, target);
      return;
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}
