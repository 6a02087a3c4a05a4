import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeTenant, originalKey } from "./storage-key.ts";

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

test("the key of the original", () => expect(originalKey("default", "atc_1")).toBe("t/default/o/atc_1/orig"));
