import { describe, expect, test } from "vitest";
import { imageAddress, linkAddress } from "./addresses.ts";

describe("linkAddress", () => {
  test.each(["https://example.com/a", "http://example.com/", "mailto:a@example.com", "tel:+123"])(
    "keeps %s",
    (address) => expect(linkAddress(address)).toBe(address),
  );
  test.each([
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "/relative",
    "//host/x",
    "blob:https://example.com/x",
    "file:///etc/passwd",
    "",
  ])("refuses %j", (address) => expect(linkAddress(address)).toBeNull());
});

describe("imageAddress", () => {
  const image = "https://img.example.com/a.png";
  test("allows every host where the thread names none", () =>
    expect(imageAddress(image, undefined)).toBe(image));
  test("allows no host for an empty list", () => expect(imageAddress(image, [])).toBeNull());
  test("allows a host that is named, in any case", () =>
    expect(imageAddress(image, ["IMG.example.com"])).toBe(image));
  test("does not take a domain for its subdomains, nor a suffix for a domain", () => {
    expect(imageAddress(image, ["example.com"])).toBeNull();
    expect(imageAddress("https://evil-example.com/a.png", ["*.example.com"])).toBeNull();
  });
  test("allows subdomains where they are meant", () =>
    expect(imageAddress(image, ["*.example.com"])).toBe(image));
  test.each(["data:image/png;base64,AA", "javascript:1", "/a.png", "ftp://img.example.com/a.png"])(
    "refuses %s",
    (address) => expect(imageAddress(address, undefined)).toBeNull(),
  );
});
