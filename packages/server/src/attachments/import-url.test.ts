import { expect, test } from "vitest";
import { hostOf, parseImportAllow, parseImportUrl } from "./import-url.ts";

const origin = { host: "pictures.test", redirected: false };

test.each(["pictures.test", "http://a:1", "a:1/x", "a:b@c:1", "a:99999", "", "a:1 b:2"])(
  "a pair that is not host:port is named (%s)",
  (pair) => expect(() => parseImportAllow([pair])).toThrow(TypeError),
);

test.each([
  ["http://pictures.test/a", "pictures.test:80"],
  ["https://pictures.test/a", "pictures.test:443"],
  ["http://PICTURES.test:8080/a", "pictures.test:8080"],
  ["http://127.1:8080/a", "127.0.0.1:8080"],
  ["http://[::1]:8080/a", "[::1]:8080"],
])("%s is trusted if %s is allowed, and not by another port", (url, pair) => {
  expect(parseImportUrl(url, parseImportAllow([pair]), origin).trusted).toBe(true);
  const other =
    url.startsWith("http://pictures") || url.startsWith("https://pictures") || url.includes("PICTURES");
  if (other) expect(parseImportUrl(url, parseImportAllow(["pictures.test:1"]), origin).trusted).toBe(false);
});

test("the fragment is no part of what is asked", () => {
  expect(parseImportUrl("https://pictures.test/a?b#c", new Set(), origin).url.href).toBe(
    "https://pictures.test/a?b",
  );
});

test("a redirect's address is relative to the one before", () => {
  const target = parseImportUrl(
    "../b.png",
    new Set(),
    { ...origin, redirected: true },
    new URL("https://pictures.test/x/y/a.png"),
  );
  expect(target.url.href).toBe("https://pictures.test/x/b.png");
});

test("the host of what is no URL is empty", () => {
  expect([hostOf("https://a.test:8443/b?c"), hostOf("file:///x"), hostOf("nonsense")]).toEqual([
    "a.test:8443",
    "",
    "",
  ]);
});
