import { expect, test } from "vitest";
import { ar } from "../locales/ar.ts";
import { de } from "../locales/de.ts";
import { es } from "../locales/es.ts";
import { fr } from "../locales/fr.ts";
import { ja } from "../locales/ja.ts";
import { en } from "./en.ts";
import { elementLocale } from "./locale.ts";
import { registerStrings, stringsFor } from "./registry.ts";

test("puts a region on its language, and both on English", () => {
  registerStrings("pt", { send: "Enviar", headerActions: { home: "Início" } });
  registerStrings("pt-BR", { stop: "Parar" });
  const { strings, language } = stringsFor("pt-BR");
  expect([
    strings.send,
    strings.stop,
    strings.headerActions.home,
    strings.headerActions.close,
    language,
  ]).toEqual(["Enviar", "Parar", "Início", en.headerActions.close, "pt-br"]);
  expect(stringsFor("pt-PT").strings.stop).toBe(en.stop);
  expect(stringsFor("pt-BR")).toBe(stringsFor("pt-BR"));
});

test("leaves the page's language and direction alone where it has no sentences", () => {
  expect(elementLocale(null, "he-IL")).toMatchObject({ language: "en", lang: null, dir: null, format: "en" });
  expect(elementLocale(null, "en-GB")).toMatchObject({ lang: null, dir: null, format: "en-GB" });
  expect(elementLocale("he", "en")).toMatchObject({ lang: "he", dir: "rtl", format: "en" });
  expect(elementLocale("not a locale", "en")).toMatchObject({ language: "en", dir: null });
});

test("chooses plural forms as the language does", () => {
  expect([0, 1, 2, 3, 11, 100].map((count) => ar.sources(count))).toEqual([
    expect.stringMatching(/مصدر$/),
    "مصدر واحد",
    "مصدران",
    expect.stringMatching(/مصادر$/),
    expect.stringMatching(/مصدرًا$/),
    expect.stringMatching(/مصدر$/),
  ]);
  expect([1, 2].map((count) => de.sources(count))).toEqual(["1 Quelle", "2 Quellen"]);
});

test.each([
  ["ar", ar],
  ["es", es],
  ["fr", fr],
  ["ja", ja],
])("%s words the same verdicts as every other language, and leaves nothing empty", (_, catalogue) => {
  expect(Object.keys(catalogue.verdicts).sort()).toEqual(Object.keys(de.verdicts).sort());
  const sentences = JSON.stringify(catalogue);
  expect(sentences).not.toContain('""');
  expect(catalogue.sources(1_234)).not.toContain("#");
});

test("says it in Japanese, with the number where the language puts it", () => {
  expect([ja.sources(1), ja.stepsDone(2, 5), ja.codeLabel("ts", 12)]).toEqual([
    "出典1件",
    "5件中2件完了",
    "コード：ts、12行",
  ]);
});
