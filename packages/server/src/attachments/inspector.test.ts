import { Worker } from "node:worker_threads";
import { ChatError } from "@waybill/protocol";
import { afterAll, describe, expect, test } from "vitest";
import { encodePng, pngHeader } from "../../test/support/png.ts";
import { createInspector } from "./inspector.ts";

const inspector = createInspector();
afterAll(() => inspector.close());

const inspect = (head: Uint8Array, size = head.byteLength) => inspector.inspect(head, size);

/** A JPEG's beginning: EXIF with one orientation, and a frame of 40 × 20. */
function jpegHead(orientation: number): Uint8Array {
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const frame = [8, 0, 20, 0, 40, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  const segment = (marker: number, data: number[]) => [0xff, marker, 0, data.length + 2, ...data];
  return Uint8Array.from([0xff, 0xd8, ...segment(0xe1, exif), ...segment(0xc0, frame), 0xff, 0xd9]);
}

describe("an inspection", () => {
  test("finds the type and the size of a picture", async () => {
    expect(await inspect(encodePng(37, 23))).toEqual({ mime_type: "image/png", width: 37, height: 23 });
  });

  test.each([
    [1, { width: 40, height: 20 }],
    [4, { width: 40, height: 20 }],
    [5, { width: 20, height: 40 }],
    [8, { width: 20, height: 40 }],
  ])("turns the size of a picture of EXIF orientation %i", async (orientation, size) => {
    expect(await inspect(jpegHead(orientation))).toEqual({ mime_type: "image/jpeg", ...size });
  });

  test("keeps the type of a picture that is cut off, without a size", async () => {
    expect(await inspect(encodePng(37, 23).subarray(0, 20))).toEqual({ mime_type: "image/png" });
    expect(await inspect(Buffer.from("GIF89a"))).toEqual({ mime_type: "image/gif" });
    expect(await inspect(pngHeader(0, 5))).toEqual({ mime_type: "image/png" });
  });

  test.each([
    ["hello", "text/plain"],
    ["<!doctype html>", "text/html"],
    ['<?xml version="1.0"?><svg/>', "image/svg+xml"],
    ['<?xml version="1.0"?><rss/>', "application/xml"],
    ["%PDF-1.7\n", "application/pdf"],
    ["\u0000\u0001\u0002", "application/octet-stream"],
    ["PK\u0005\u0006".padEnd(22, "\u0000"), "application/zip"],
  ])("of %j finds %s", async (text, mime_type) => {
    expect(await inspect(Buffer.from(text, "latin1"))).toEqual({ mime_type });
  });

  test("refuses a picture of more than fifty megapixels, whatever its bytes weigh", async () => {
    await expect(inspect(pngHeader(16_000, 16_000))).rejects.toMatchObject({ code: "attachment_rejected" });
    expect(await inspect(pngHeader(10_000, 5_000))).toMatchObject({ width: 10_000 });
  });

  test("leaves the caller's bytes alone", async () => {
    const head = encodePng(2, 2);
    const [one, two] = await Promise.all([inspect(head), inspect(head)]);
    expect([one, two, head.byteLength > 0]).toEqual([one, one, true]);
  });
});

describe("a worker that does not come back", () => {
  const scripted = (...scripts: readonly string[]) => {
    let started = 0;
    const startWorker = (): Worker => new Worker(scripts[started++] ?? "", { eval: true });
    return { inspector: createInspector({ startWorker, timeLimitMs: 50 }), started: () => started };
  };
  const READY = 'const { parentPort: port } = require("node:worker_threads"); port.postMessage("ready");';
  const GOOD = `${READY} port.on("message", () => port.postMessage({ mime_type: "text/plain" }));`;

  test.each([
    ["hangs", `${READY} port.on("message", () => { for (;;); });`, "in time"],
    ["throws", `${READY} port.on("message", () => { throw new Error("parser"); });`, "could not be examined"],
    ["exits", `${READY} port.on("message", () => process.exit(1));`, "could not be examined"],
  ])("because it %s costs that file alone", async (_title, script, message) => {
    const { inspector, started } = scripted(script, GOOD);
    const results = await Promise.allSettled([1, 2].map(() => inspector.inspect(Uint8Array.of(1), 1)));
    expect(results).toEqual([
      { status: "rejected", reason: expect.any(ChatError) },
      { status: "fulfilled", value: { mime_type: "text/plain" } },
    ]);
    expect(results[0]).toMatchObject({
      reason: { code: "attachment_rejected", message: expect.stringContaining(message) },
    });
    expect(started()).toBe(2);
    await inspector.close();
  });

  test("because it cannot start is the server's fault, not the file's", async () => {
    const { inspector } = scripted("process.exit(1)", 'throw new Error("broken")');
    for (let attempt = 0; attempt < 2; attempt++) {
      const error: unknown = await inspector.inspect(Uint8Array.of(1), 1).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(ChatError);
    }
    await inspector.close();
  });

  test("because the inspector is closed", async () => {
    const { inspector, started } = scripted(GOOD);
    await inspector.close();
    await expect(inspector.inspect(Uint8Array.of(1), 1)).rejects.toThrow("closed");
    expect(started()).toBe(0);
  });
});
