import { join } from "node:path";

const SEGMENT = /^[A-Za-z0-9_\-.]{1,255}$/;

/**
 * The path below `root` at which the file of a key is kept.
 *
 * @throws RangeError if the key is not one of ours: one or more segments of 1 to 255 characters
 * of `[A-Za-z0-9_\-.]` with `/` between them, none of them `.` or `..`, at most 1024 characters.
 */
export function pathOfKey(root: string, key: string): string {
  const segments = key.split("/");
  const valid = segments.every((segment) => SEGMENT.test(segment) && segment !== "." && segment !== "..");
  if (!valid || key.length > 1024) throw new RangeError(`${JSON.stringify(key)} is not a storage key.`);
  return join(root, ...segments);
}
