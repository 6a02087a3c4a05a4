import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeSse, SSE_PING, SseDecoder, type SseEvent } from "./sse.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const decodeAll = (text: string | Uint8Array): SseEvent[] =>
  new SseDecoder().push(typeof text === "string" ? bytes(text) : text);
const data = (events: readonly SseEvent[]) => events.map((event) => event.data);

describe("encodeSse", () => {
  test("writes the bytes that upstream writes", () => {
    expect(encodeSse('{"type":"notice"}')).toBe('data: {"type":"notice"}\n\n');
  });

  test("puts an id on a line of its own, in front", () => {
    expect(encodeSse("x", "1.7")).toBe("id: 1.7\ndata: x\n\n");
  });

  test("gives every line of the data its own field", () => {
    expect(encodeSse("a\nb\r\nc\rd")).toBe("data: a\ndata: b\ndata: c\ndata: d\n\n");
  });

  test.each(["a\nb", "a\rb", "a\0b"])("refuses an id that the format cannot carry: %j", (id) => {
    expect(() => encodeSse("x", id)).toThrow(RangeError);
  });
});

describe("SseDecoder", () => {
  test.each([
    ["LF", "data: a\n\ndata: b\n\n"],
    ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n"],
    ["CR", "data: a\r\rdata: b\r\r"],
    ["a byte order mark", "\uFEFFdata: a\n\ndata: b\n\n"],
    ["comments and unknown fields", ": hi\nfoo: bar\ndata: a\n\n: ping\n\ndata: b\n\n"],
    ["no space behind the colon", "data:a\n\ndata:b\n\n"],
  ])("reads events separated by %s", (_name, text) => {
    expect(data(decodeAll(text))).toEqual(["a", "b"]);
  });

  test("joins several data lines, and keeps all but one leading space", () => {
    expect(data(decodeAll("data: a\ndata:  b\ndata\n\n"))).toEqual(["a\n b\n"]);
  });

  test("does not dispatch an event without data, nor one that the stream leaves unfinished", () => {
    expect(decodeAll("event: x\n\nid: 4\n\ndata: cut")).toEqual([]);
  });

  test("keeps the last id over later events, and ignores one with NUL", () => {
    const decoder = new SseDecoder();
    const events = decoder.push(bytes("id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\n"));
    expect(events.map((event) => event.id)).toEqual(["7", "7", "7"]);
  });

  test("takes the event name for one event alone, and passes over retry", () => {
    const decoder = new SseDecoder();
    const events = decoder.push(bytes("event: x\nretry: 1500\ndata: a\n\nretry: soon\ndata: b\n\n"));
    expect(events.map((event) => event.event)).toEqual(["x", ""]);
  });

  test("a ping is read as nothing", () => {
    expect(decodeAll(SSE_PING)).toEqual([]);
  });

  test("refuses an event beyond its bound instead of keeping it", () => {
    const decoder = new SseDecoder({ maxEventChars: 10 });
    expect(() => decoder.push(bytes(`data: ${"x".repeat(20)}`))).toThrow(RangeError);
    const lines = new SseDecoder({ maxEventChars: 10 });
    expect(() => lines.push(bytes("data: 123456\ndata: 123456\n"))).toThrow(RangeError);
  });

  test("reads what was encoded, wherever the bytes are cut and whichever line ends are used", () => {
    const text = fc
      .string({ unit: "binary", maxLength: 12 })
      .map((value) => value.toWellFormed().replace(/[\r\n]/g, "⏎"));
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.array(fc.nat(40), { maxLength: 30 }),
        (events, lineEnd, cuts) => {
          const wanted = events.map((lines) => lines.join("\n"));
          const stream = bytes(
            wanted
              .map((event) => encodeSse(event))
              .join("")
              .replaceAll("\n", lineEnd),
          );
          const decoder = new SseDecoder();
          const seen: string[] = [];
          let at = 0;
          for (const cut of cuts) {
            seen.push(...data(decoder.push(stream.subarray(at, at + cut))));
            at += cut;
          }
          seen.push(...data(decoder.push(stream.subarray(at))));
          // A leading U+FEFF is a byte order mark only at the stream's very start, where "data" stands here.
          expect(seen).toEqual(wanted);
        },
      ),
    );
  });
});
