import { expect, test } from "vitest";
import { sniffText } from "./sniff-text.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

test.each([
  ["text/plain", "hello"],
  ["text/plain", '{"a":1}'],
  ["text/plain", "<foo>"],
  ["text/plain", "a <html>"],
  ["text/plain", "<bold>"],
  ["text/html", "<!DOCTYPE html><p>"],
  ["text/html", "  \n\t<HTML lang=en>"],
  ["text/html", "\uFEFF<script>alert(1)</script>"],
  ["text/html", "<!-- hidden --> text"],
  ["text/html", "<!-- never closed <svg>"],
  ["text/html", "<a\nhref=x>"],
  ["text/html", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'],
  ["image/svg+xml", "<svg>"],
  ["image/svg+xml", "<SVG/onload=alert(1)>"],
  [
    "image/svg+xml",
    '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
  ],
  ["image/svg+xml", '<?xml-stylesheet href="a"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>'],
  ["image/svg+xml", '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>'],
  ["image/svg+xml", "<!DOCTYPE svg[<!ENTITY a 'b'>]><svg/>"],
  ["application/xml", '<?xml version="1.0"?><rss/>'],
  ["application/xml", '<?xml version="1.0"?><!-- only a prolog'],
  ["application/xml", "<!DOCTYPE note SYSTEM 'note.dtd'><note/>"],
])("%s: %s", (type, text) => expect(sniffText(bytes(text), true)).toBe(type));

test("text of older encodings is text, bytes with control characters are not", () => {
  expect(sniffText(Buffer.from("Grüße", "latin1"), true)).toBe("text/plain");
  expect(sniffText(Buffer.from("<html>Grüße", "latin1"), true)).toBe("text/html");
  expect(sniffText(Uint8Array.of(0xe4, 0x01), true)).toBeNull();
  expect(sniffText(Uint8Array.of(0x61, 0x00), true)).toBeNull();
});

test("UTF-16 is told by its byte order mark", () => {
  expect(sniffText(Buffer.from("\uFEFF<svg>", "utf16le"), true)).toBe("image/svg+xml");
  expect(sniffText(Buffer.from("\uFEFFhello", "utf16le").swap16(), true)).toBe("text/plain");
});

test("a head may end inside a character", () => {
  const cut = bytes("aé").subarray(0, 2);
  expect(sniffText(cut, false)).toBe("text/plain");
  expect(sniffText(Buffer.concat([Uint8Array.of(0x1a), cut]), true)).toBeNull();
});
