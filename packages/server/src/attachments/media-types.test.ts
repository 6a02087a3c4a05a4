import { describe, expect, test } from "vitest";
import {
  attachmentTypeOf,
  imageTypeOfName,
  isInlineSafe,
  parseDeclaredType,
  settleMediaType,
} from "./media-types.ts";

test.each([
  ["image/png", "image/png"],
  [" IMAGE/JPG ; q=1", "image/jpeg"],
  ["image/pjpeg", "image/jpeg"],
  ["audio/mp3", "audio/mpeg"],
  ["text/xml; charset=utf-8", "application/xml"],
  ["image/*", "image/*"],
  ["application/octet-stream", null],
  ["*/*", null],
  ["constructor", null],
  ["nonsense", null],
  ["a/b/c", null],
  ["", null],
  [undefined, null],
])("declared as %s means %s", (text, type) => expect(parseDeclaredType(text)).toBe(type));

describe("what was declared and what was found", () => {
  test.each([
    [null, "image/png", "image/png"],
    ["image/png", "image/png", "image/png"],
    ["image/*", "image/webp", "image/webp"],
    ["text/csv", "text/plain", "text/csv"],
    ["text/markdown", "text/html", "text/markdown"],
    ["application/json", "text/plain", "application/json"],
    ["application/ld+json", "text/plain", "application/ld+json"],
    ["application/rss+xml", "application/xml", "application/rss+xml"],
    ["image/svg+xml", "application/xml", "image/svg+xml"],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip", null],
    ["application/epub+zip", "application/zip", null],
    ["application/msword", "application/x-cfb", null],
    ["audio/webm", "video/webm", null],
    ["application/vnd.ms-excel", "text/plain", "text/csv"],
  ])("%s and %s agree", (declared, found, settled) =>
    expect(settleMediaType(declared, found)).toBe(settled ?? declared),
  );

  test("a container that turns out to be a document is the document", () => {
    const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    expect(settleMediaType("application/zip", word)).toBe(word);
  });

  test.each([
    ["image/png", "image/svg+xml"],
    ["image/png", "text/html"],
    ["image/png", "image/jpeg"],
    ["image/png", "application/octet-stream"],
    ["image/*", "text/html"],
    ["image/svg+xml", "text/html"],
    ["image/svg+xml", "text/plain"],
    ["text/plain", "image/png"],
    ["application/json", "text/html"],
    ["application/pdf", "application/zip"],
    ["audio/a+xml", "text/html"],
    ["audio/mp4", "video/webm"],
    ["application/zip", "application/x-msdownload"],
  ])("%s and %s contradict each other", (declared, found) =>
    expect(settleMediaType(declared, found)).toBeNull(),
  );
});

test.each([
  ["image/png", "image", true],
  ["image/jpeg", "image", true],
  ["image/gif", "image", true],
  ["image/webp", "image", true],
  ["image/avif", "image", true],
  ["image/bmp", "file", false],
  ["image/svg+xml", "file", false],
  ["text/html", "file", false],
  ["application/xml", "file", false],
  ["application/pdf", "file", false],
  ["audio/mpeg", "file", true],
  ["video/mp4", "file", true],
])("%s is of type %s, shown inline: %s", (mime, type, inline) => {
  expect([attachmentTypeOf(mime), isInlineSafe(mime)]).toEqual([type, inline]);
});

test.each([
  ["a.PNG", "image/png"],
  ["a.b.jpeg", "image/jpeg"],
  ["a.svg", "image/svg+xml"],
  ["a.pdf", null],
  ["png", null],
  ["", null],
])("the name %s claims %s", (name, type) => expect(imageTypeOfName(name)).toBe(type));
