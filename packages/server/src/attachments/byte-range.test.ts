import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-4", 10, { start: 0, end: 4 }],
  ["bytes=4-", 10, { start: 4, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-30", 10, { start: 0, end: 9 }],
  ["bytes=2-99", 10, { start: 2, end: 9 }],
  ["Bytes = 2 - 3", 10, { start: 2, end: 3 }],
  ["bytes=10-", 10, "unsatisfiable"],
  ["bytes=-0", 10, "unsatisfiable"],
  ["bytes=0-", 0, "unsatisfiable"],
  ["bytes=99999999999999999999-", 10, "unsatisfiable"],
  ["bytes=5-4", 10, null],
  ["bytes=-", 10, null],
  ["bytes=0-1,3-4", 10, null],
  ["items=0-1", 10, null],
  ["bytes=a-b", 10, null],
  ["", 10, null],
])("%j of %i bytes", (header, size, range) => expect(parseByteRange(header, size)).toEqual(range));

test("every range that is served lies within the file", () => {
  const digits = fc.oneof(fc.nat().map(String), fc.constant(""));
  fc.assert(
    fc.property(digits, digits, fc.nat(), (first, last, size) => {
      const range = parseByteRange(`bytes=${first}-${last}`, size);
      if (range === null || range === "unsatisfiable") return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(size);
    }),
  );
});
