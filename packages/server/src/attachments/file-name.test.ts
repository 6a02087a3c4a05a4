import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanFileName, contentDisposition } from "./file-name.ts";

describe("a cleaned name", () => {
  test.each([
    ["test.png", "test.png"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\me\\cat.png", "cat.png"],
    ["a/b\\c.png", "c.png"],
    ["cat\u0000\r\n.png", "cat.png"],
    ["cat\u202Egnp.exe", "catgnp.exe"],
    ["c\u200Ba\u2066t\uFEFF.png", "cat.png"],
    ["cafe\u0301.png", "caf\u00E9.png"],
    ["cafe\u200D\u0301.png", "caf\u00E9.png"],
    [" cat.png . ", "cat.png"],
    ["", "file.png"],
    ["..", "file.png"],
    ["...", "file.png"],
    ["a/", "file.png"],
    ["\u200B", "file.png"],
    [".env", ".env"],
    ["CON", "_CON"],
    ["nul.png", "_nul.png"],
    ["Com1 .png", "_Com1 .png"],
    ["lpt².txt", "_lpt².txt"],
    ["console.png", "console.png"],
    ["\uD800.png", "\uFFFD.png"],
  ])("of %j is %j", (text, name) => expect(cleanFileName(text, "image/png")).toBe(name));

  test("without anything left has no extension if its type has none", () => {
    expect(cleanFileName("..", "application/x-unheard-of")).toBe("file");
  });

  test("that is too long keeps its extension and whole characters", () => {
    const name = cleanFileName(`${"ä".repeat(200)}.png`, "image/png");
    expect(name).toBe(`${"ä".repeat(125)}.png`);
    expect(cleanFileName("x".repeat(300), "image/png")).toBe("x".repeat(255));
  });

  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom("a", "ä", "\u0301", ".", " ", "/", "\\", "\u202E", "\u0000", "😀"),
      maxLength: 400,
    }),
  );

  test("is always fit to be shown and to be a file's name, and stays as it is", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = cleanFileName(text, "image/png");
        expect(name).not.toBe("");
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^\.+$|[\s.]$/u);
        expect(name.isWellFormed()).toBe(true);
        expect(name.normalize("NFC")).toBe(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(cleanFileName(name, "image/png")).toBe(name);
      }),
    );
  });

  test("survives a Content-Disposition header", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = cleanFileName(text, "image/png");
        const header = contentDisposition("attachment", name);
        expect(header).toMatch(
          /^attachment; filename="[\x20-\x7e]*"(; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/,
        );
        const encoded = /filename\*=UTF-8''(.+)$/.exec(header)?.[1];
        const plain = /filename="([^"\\]*)"/.exec(header)?.[1];
        expect(encoded === undefined ? plain : decodeURIComponent(encoded)).toBe(name);
      }),
    );
  });
});

test.each([
  ["cat.png", 'inline; filename="cat.png"'],
  ['a"b\\c.png', `inline; filename="a_b_c.png"; filename*=UTF-8''a%22b%5Cc.png`],
  ["50%.png", `inline; filename="50_.png"; filename*=UTF-8''50%25.png`],
  ["Käse (1).png", `inline; filename="K_se (1).png"; filename*=UTF-8''K%C3%A4se%20%281%29.png`],
  ["a;b.png", 'inline; filename="a;b.png"'],
])("the header for %s", (name, header) => expect(contentDisposition("inline", name)).toBe(header));
