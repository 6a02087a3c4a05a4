import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openForm } from "./multipart.ts";
import { openBody } from "./request-body.ts";

const TYPE = "multipart/form-data; boundary=xx";
const part = (disposition: string, body: string, rest = ""): string =>
  `--xx\r\nContent-Disposition: form-data; ${disposition}\r\n${rest}\r\n${body}\r\n`;
const file = (body: string, name = "a.txt"): string => part(`name="file"; filename="${name}"`, body);
const END = "--xx--\r\n";

/** A body that comes in pieces of this length. */
function bodyOf(text: string, pieceLength = text.length): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(text, "utf8");
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(new Uint8Array(bytes.subarray(at, at + pieceLength)));
      else controller.close();
      at += Math.max(1, pieceLength);
    },
  });
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const piece of bytes) parts.push(piece);
  return Buffer.concat(parts).toString();
}

async function read(text: string, pieceLength?: number, type = TYPE) {
  const form = await openForm(openBody(bodyOf(text, pieceLength)), type);
  return { name: form.name, contentType: form.contentType, text: await textOf(form.bytes) };
}

describe("a form with one file", () => {
  test("gives its name, type and bytes, however it is cut into pieces", async () => {
    const text = `preamble\r\n${part('name="a"', "1")}${part('name="file"; filename="ü.png"', "\r\n--x\r\n-xx", "Content-Type: image/png\r\n")}${part('name="b"', "2")}${END}epilogue`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (pieceLength) => {
        expect(await read(text, pieceLength)).toEqual({
          name: "ü.png",
          contentType: "image/png",
          text: "\r\n--x\r\n-xx",
        });
      }),
    );
  });

  test.each([
    ["no file name", 'name="file"', undefined],
    ["filename*", "name=\"file\"; filename*=UTF-8''%E2%82%AC.txt", "€.txt"],
    ["a path", 'name="file"; filename="../../a.txt"', "a.txt"],
    ["a quoted quote", 'name="file"; filename="a\\"b.txt"', 'a"b.txt'],
  ])("may have %s", async (_title, disposition, name) => {
    expect(await read(`${part(disposition, "x")}${END}`)).toMatchObject({ name, text: "x" });
  });

  test("may be empty, and may have eight other fields", async () => {
    const fields = Array.from({ length: 8 }, (_, index) => part(`name="f${index}"`, "v".repeat(4_096)));
    expect(await read(`${file("")}${fields.join("")}${END}`)).toMatchObject({ text: "" });
  });
});

describe("a form", () => {
  const fields = (count: number) => Array.from({ length: count }, () => part('name="f"', "v")).join("");
  test.each<[string, string, string, string?]>([
    ["without a boundary", END, "boundary", "multipart/form-data"],
    ["with another boundary", `${file("x")}${END}`, "last boundary", "multipart/form-data; boundary=yy"],
    ["without any part", END, 'no file in the field "file"'],
    ["without a file", `${part('name="a"', "1")}${END}`, 'no file in the field "file"'],
    ["with two files", `${file("x")}${file("y")}${END}`, "more than one file"],
    ["with its file elsewhere", `${part('name="a"; filename="a"', "1")}${END}`, 'field "a"'],
    ["with another file behind", `${file("x")}${part('name="a"; filename="a"', "1")}${END}`, "one file"],
    ["with nine fields", `${file("x")}${fields(9)}${END}`, "8 fields"],
    ["with a hundred fields", `${fields(100)}${file("x")}${END}`, "8 fields"],
    ["with a long field", `${part('name="a"', "v".repeat(4_097))}${file("x")}${END}`, "longer than 4096"],
    ["with a long field behind", `${file("x")}${part('name="a"', "v".repeat(4_097))}${END}`, "4096 bytes"],
    ["with no body", "", "last boundary"],
    ["that is none", "hello", "last boundary"],
  ])("%s is refused", async (_title, text, words, type) => {
    await expect(read(text, undefined, type)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(words),
    });
  });

  test("that ends anywhere before its last boundary is refused", async () => {
    const whole = `${part('name="a"', "1")}${file("hello\r\n--x")}${part('name="b"', "2")}--xx--`;
    for (let length = 0; length < whole.length; length += 1) {
      await expect(read(whole.slice(0, length)), `at ${length}`).rejects.toMatchObject({
        code: "invalid_request",
      });
    }
  });

  test("with endless headers is refused", async () => {
    const headers = Array.from({ length: 2_000 }, (_, index) => `X-${index}: ${"v".repeat(50)}\r\n`).join("");
    await expect(read(part('name="file"; filename="a"', "x", headers))).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});

describe("a body", () => {
  test("that breaks off is refused, and its own failure is not shown", async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(Buffer.from(file("hello")))),
      pull: (controller) => controller.error(new Error("inside")),
    });
    const form = await openForm(openBody(broken), TYPE);
    await expect(textOf(form.bytes)).rejects.toMatchObject({ code: "invalid_request", message: /broke off/ });
  });

  test.each(["cancelled", "left in the middle of the file"])("is let go when the form is %s", async (how) => {
    const cancelled = Promise.withResolvers<void>();
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(Buffer.from(file("").slice(0, -2)))),
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => cancelled.resolve(),
    });
    const form = await openForm(openBody(endless), TYPE);
    if (how === "cancelled") form.cancel();
    else for await (const _ of form.bytes) break;
    await cancelled.promise;
  });
});
