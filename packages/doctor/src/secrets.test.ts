import { expect, test } from "vitest";
import { shownValue } from "./secrets.ts";

test.each([
  ["Authorization", "Bearer abcdefgh", "Bearer …"],
  ["Cookie", "session=abcdefgh", "…"],
  ["Set-Cookie", "session=abcdefgh; HttpOnly", "session=…"],
  ["X-Api-Key", "abcdefgh", "…"],
  ["Access-Control-Allow-Credentials", "true", "true"],
  ["Access-Control-Allow-Headers", "authorization", "authorization"],
  ["Content-Type", "text/html", "text/html"],
])("%s: %s is shown as %s", (name, value, shown) => {
  expect(shownValue([name, value])).toBe(shown);
});
