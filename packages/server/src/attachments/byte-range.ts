import type { ByteRange } from "../ports/index.ts";

/**
 * The part of `sizeBytes` bytes that a `Range` header asks for; `"unsatisfiable"` if there is no such
 * part; null if the header asks for nothing that is served in parts (another unit, several ranges,
 * or no range at all), so that the whole file is the answer.
 *
 * Source: RFC 9110 §14.1.2 and §14.2.
 */
export function parseByteRange(header: string, sizeBytes: number): ByteRange | "unsatisfiable" | null {
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? "unsatisfiable" : { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? Number.POSITIVE_INFINITY : Number(last);
  if (end < start) return null;
  return start >= sizeBytes ? "unsatisfiable" : { start, end: Math.min(end, sizeBytes - 1) };
}
