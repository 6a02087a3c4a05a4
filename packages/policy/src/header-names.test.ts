import { afterEach, describe, expect, test, vi } from "vitest";
import { parseRequestHeaderNames } from "./header-names.ts";

afterEach(() => vi.restoreAllMocks());

describe("Access-Control-Request-Headers", () => {
  test.each<[string[], string[] | null]>([
    [[], []],
    [[""], []],
    [["content-type"], ["content-type"]],
    [["Content-Type,X-B"], ["content-type", "x-b"]],
    [["a, b ,\tc"], ["a", "b", "c"]],
    [
      ["a,b", "c"],
      ["a", "b", "c"],
    ],
    [[" a ,b"], ["a", "b"]],
    [["  a,\t\tb,c  ,d\t "], ["a", "b", "c", "d"]],
    [["\t, , "], []],
    [[" a  ,b"], null],
    [["\ta\t\t"], null],
    [["\t\ta "], null],
    [["   a"], null],
    [["a   "], null],
    [["a,     ,b"], null],
    [["\u00A0a"], null],
    [["a\u000B"], null],
    [["a b"], null],
    [["a;b"], null],
    [["ä"], null],
    [[`a${",".repeat(16)}`], ["a"]],
    [[`a${",".repeat(17)}`], null],
    [Array.from({ length: 17 }, () => ""), null],
  ])("%j names %j", (lines, names) => {
    expect(parseRequestHeaderNames(lines)).toEqual(names);
  });

  /** Characters that the parser hands to regular expressions and string methods, all calls together. */
  function charactersRead(line: string): number {
    let read = 0;
    const { exec, test: matches } = RegExp.prototype;
    const { toLowerCase, split } = String.prototype;
    const count = <T>(text: string, result: T): T => {
      read += text.length;
      return result;
    };
    vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, text: string) {
      return count(text, exec.call(this, text));
    });
    vi.spyOn(RegExp.prototype, "test").mockImplementation(function (this: RegExp, text: string) {
      return count(text, matches.call(this, text));
    });
    vi.spyOn(String.prototype, "toLowerCase").mockImplementation(function (this: string) {
      return count(String(this), toLowerCase.call(this));
    });
    vi.spyOn(String.prototype, "split").mockImplementation(function (
      this: string,
      by: { [Symbol.split](text: string): string[] },
    ) {
      return count(String(this), split.call(this, by));
    });
    parseRequestHeaderNames([line]);
    vi.restoreAllMocks();
    return read;
  }

  test.each([
    ["many names", "x-name,"],
    ["one long name", "a"],
    ["many empty elements", ","],
    ["much white space", " "],
    ["white space and commas", " ,\t"],
    ["white space within a name", "a \t"],
  ])("is read in linear time: %s", (_name, unit) => {
    const small = charactersRead(unit.repeat(1_000));
    const large = charactersRead(unit.repeat(16_000));
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThanOrEqual(small * 16.5);
    expect(large).toBeLessThanOrEqual(5 * 16_000 * unit.length);
  });
});
