import { expect, test } from "vitest";
import { shortPath } from "../../build/small-icons.ts";

test.each([
  ["numbers in steps of a twentieth", "M 15.914 4.02 L -0.26 0.5", "M15.9 4L-.25.5"],
  [
    "the flags of arcs, joined or not",
    "a1.5 1.5 0 00-2.45-1.55A1.5 1.5 0 005.5 14",
    "a1.5 1.5 0 00-2.45-1.55A1.5 1.5 0 005.5 14",
  ],
  ["flags in front of a fraction", "a.5.5 0 01.45.65z", "a.5.5 0 01.45.65z"],
  ["flags that stand alone", "a2 2 0 0 1-2 2 2 2 0 1 0 4 0", "a2 2 0 01-2 2 2 2 0 104 0"],
  ["a line of almost no length, which is a dot", "M12 16h.01", "M12 16h.01"],
])("a path keeps %s", (_, data, short) => {
  expect(shortPath(data)).toBe(short);
});

test("what is no path does not build", () => {
  expect(() => shortPath("M1 #")).toThrow("no data of a path");
});
