import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePunycode } from "./punycode.ts";

describe("Punycode", () => {
  // Samples of RFC 3492, 7.1, in lower case.
  test.each([
    ["egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"],
    ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
    ["ihqwctvzc91f659drss3x8bo0yb", "他們爲什麽不說中文"],
    ["proprostnemluvesky-uyb24dma41a", "pročprostěnemluvíčesky"],
    ["4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"],
    ["n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa", "なぜみんな日本語を話してくれないのか"],
    ["b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"],
    ["mnchen-3ya", "münchen"],
    ["ls8h", "💩"],
    ["", ""],
  ])("%s says %s", (text, said) => {
    expect(decodePunycode(text)).toBe(said);
  });

  test.each([["f"], ["zzzzzzzzzzzz"], ["99999999"], ["app-f"], ["A"], ["ü"], ["a b"]])(
    "%s says nothing",
    (text) => expect(decodePunycode(text)).toBeUndefined(),
  );

  test("undoes what URLs write", () => {
    const label = fc.string({
      unit: fc.constantFrom(..."abcz019üßéñçøžабвдиكملאבγδ日本語中文ไ💩"),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(label, (text) => {
        const host = URL.parse(`http://${text}.example`)?.hostname;
        if (host === undefined || !host.startsWith("xn--")) return;
        expect(decodePunycode(host.slice(4, -".example".length))).toBe(text.normalize("NFC"));
      }),
      { numRuns: 2_000 },
    );
  });

  test("reads any bytes of a label", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 63 }), (text) => {
        expect(["string", "undefined"]).toContain(typeof decodePunycode(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
