import { expect, test } from "vitest";
import { formatSize } from "./format-size.ts";

test.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1024, "1 KB"],
  [1024 ** 2, "1 MB"],
  [512 * 1024 ** 2, "512 MB"],
  [1.26 * 1024 ** 2, "1.3 MB"],
  [1023 * 1024 ** 2, "1023 MB"],
  [1.5 * 1024 ** 3, "1.5 GB"],
])("%i is %s", (size, text) => expect(formatSize(size)).toBe(text));
