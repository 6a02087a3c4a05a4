import { expect, test } from "vitest";
import { MenuKeys } from "./menu-keys.ts";

const choices = ["Search the web", "Study the archive", "Draw"].map((label) => ({ id: label, label }));
const press = (key: string, timeStamp = 0) => ({
  key,
  timeStamp,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
});

test.each([
  ["ArrowDown", 0, 1],
  ["ArrowDown", 2, 0],
  ["ArrowUp", 0, 2],
  ["ArrowUp", -1, 2],
  ["ArrowDown", -1, 0],
  ["Home", 2, 0],
  ["End", 0, 2],
  ["d", 0, 2],
  ["s", 0, 1],
  ["S", 1, 0],
  ["x", 1, 1],
  ["Tab", 1, null],
  [" ", 1, null],
])("%s leads from %i to %s", (key, from, to) =>
  expect(new MenuKeys().move(press(key), from, choices)).toBe(to),
);

test("letters in quick succession are one word, after a pause another", () => {
  const keys = new MenuKeys();
  expect(keys.move(press("s", 0), 2, choices)).toBe(0);
  expect(keys.move(press("t", 200), 0, choices)).toBe(1);
  expect(keys.move(press("d", 2_000), 1, choices)).toBe(2);
});

test("leads nowhere in an empty list, and leaves shortcuts alone", () => {
  expect(new MenuKeys().move(press("ArrowDown"), 0, [])).toBeNull();
  expect(new MenuKeys().move({ ...press("d"), ctrlKey: true }, 0, choices)).toBeNull();
});
