import { expect, test } from "vitest";
import { iconPath } from "./icon-path.ts";

test.each([
  ["a path that begins relative, with what follows", "path", { d: "m9 18 6-6-6-6" }, "M9 18l6-6-6-6"],
  ["a path that begins relative, without a space", "path", { d: "m2-3-4-5" }, "M2 -3l-4-5"],
  ["a path of a single step", "path", { d: "m9 18v2" }, "M9 18v2"],
  ["a circle", "circle", { cx: "12", cy: "12", r: "10" }, "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0"],
  ["an ellipse", "ellipse", { cx: 4, cy: 5, rx: 3, ry: 2 }, "M1 5a3 2 0 1 0 6 0a3 2 0 1 0 -6 0"],
  ["a plain rectangle", "rect", { x: 1, y: 2, width: 3, height: 4 }, "M1 2h3v4h-3v-4z"],
  [
    "a rectangle with round corners",
    "rect",
    { x: 0, y: 0, width: 8, height: 6, rx: 1 },
    "M1 0h6a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-6a1 1 0 0 1 -1 -1v-4a1 1 0 0 1 1 -1z",
  ],
  ["a line", "line", { x1: "1", y1: "2", x2: "3", y2: "4" }, "M1 2L3 4"],
  ["a polyline", "polyline", { points: "1 2 3 4 5 6" }, "M1 2 3 4 5 6"],
  ["a polygon", "polygon", { points: "1 2 3 4 5 6" }, "M1 2 3 4 5 6z"],
  ["a shape that is not known", "text", {}, ""],
])("draws %s", (_name, tag, attributes, path) => {
  expect(iconPath([[tag, attributes]])).toBe(path);
});

test("puts all shapes of an icon into one path", () => {
  const icon = iconPath([
    ["path", { d: "m6 6 12 12" }],
    ["path", { d: "m18 6-12 12" }],
  ]);
  expect(icon).toBe("M6 6l12 12M18 6l-12 12");
});
