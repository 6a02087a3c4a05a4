import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeTenant, originalKey, previewKey } from "./storage-key.ts";

test.each([
  ["default", "default"],
  ["", "_"],
  ["..", "_2e_2e"],
  ["a/b", "a_2fb"],
  ["a_b", "a_5fb"],
  ["ä", "_c3_a4"],
])("the tenant %j is the segment %s", (tenant, segment) => expect(encodeTenant(tenant)).toBe(segment));

test("different tenants have different segments of the key alphabet", () => {
  const tenant = fc.string({ unit: "grapheme", maxLength: 200 });
  fc.assert(
    fc.property(tenant, tenant, (one, two) => {
      expect(encodeTenant(one)).toMatch(/^[\w-]{1,128}$/);
      expect(encodeTenant(one) === encodeTenant(two)).toBe(one === two);
    }),
  );
});

test("each upload has a key of its own, and its preview is beside it", () => {
  const key = originalKey("default", "atc_1", 3);
  expect(key).toBe("t/default/o/atc_1/3/orig");
  expect(previewKey(key)).toBe("t/default/o/atc_1/3/v/preview");
});
