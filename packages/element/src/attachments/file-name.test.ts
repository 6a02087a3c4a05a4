import * as fc from "fast-check";
import { expect, test } from "vitest";
import { en } from "../strings/en.ts";
import { fileKind } from "./file-kind.ts";
import { shownName, splitFileName } from "./file-name.ts";

test.each([
  ["report.pdf", "report", ".pdf"],
  ["light-readings-january-to-december-final.xlsx", "light-readings-january-to-december", "-final.xlsx"],
  ["noextensionandnospacesatallbutlong456789", "noextensionandnospacesatallbutlong", "456789"],
  ["short", "short", ""],
  [".gitignore", ".gitignore", ""],
  ["v1.a-dotted-name-without-any-extension", "v1.a-dotted-name-without-any-ext", "ension"],
  ["", "", ""],
])("splits %j", (name, start, end) => expect(splitFileName(name)).toEqual({ start, end }));

test("loses no letter, and tears none apart", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (name) => {
      const { start, end } = splitFileName(name);
      expect(start + end).toBe(shownName(name));
    }),
  );
  expect(splitFileName(`${"a".repeat(20)}👍🏽bcdef`).end).toBe("👍🏽bcdef");
});

test.each([
  ["cat\u202egnp.exe", "catgnp.exe"],
  ["z\u200be\u2066ro\u2069\ufeff.txt", "zero.txt"],
  ["a\u0000b\nc\u2028.txt", "abc.txt"],
  ["Prüfung 2024 – 検査.pdf", "Prüfung 2024 – 検査.pdf"],
])("shows %j without what cannot be seen", (name, shown) => {
  const { start, end } = splitFileName(name);
  expect(start + end).toBe(shown);
});

test.each([
  ["application/pdf", "PDF document"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Spreadsheet"],
  ["text/csv", "Spreadsheet"],
  ["AUDIO/mp4", "Audio"],
  ["application/zip", "Archive"],
  ["application/x-unheard-of", "Unknown type"],
])("names %s", (type, label) => expect(en.fileTypes[fileKind(type).name]).toBe(label));
