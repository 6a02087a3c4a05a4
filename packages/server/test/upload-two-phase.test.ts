import type { Attachment } from "@waybill/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ALLOWED_ORIGIN, textInput } from "./support/chat-server.ts";
import { encodePng } from "./support/png.ts";
import { openRaw, requestBytes } from "./support/raw-http.ts";
import { failureOf, formOf, HEADERS, startUploadServer, type UploadServer } from "./support/upload-server.ts";

const HOUR = 3_600_000;
const PNG = encodePng(37, 23);
let server: UploadServer;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 2);
  server = await startUploadServer({
    now: () => new Date(nowMs),
    attachmentLimits: { maxBytes: 100_000, accept: ["image/*", "text/*"] },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const put = (url: string, body: Uint8Array | string, method = "PUT") =>
  fetch(url, { method, headers: { origin: ALLOWED_ORIGIN }, body: body as BodyInit });

/** Begins an upload of ten bytes, sends half of them, and waits until the server has noticed. */
async function begin(url: string, id: string) {
  const connection = openRaw(server.api);
  const { pathname, search } = new URL(url);
  connection.write(requestBytes(server.api, "PUT", `${pathname}${search}`, { "Content-Length": "10" }));
  connection.write("hello");
  await until(id, "receiving");
  return connection;
}

async function until(id: string, state: string): Promise<void> {
  while ((await server.info(id))?.state !== state) await new Promise(setImmediate);
}

describe("a reservation", () => {
  test("is answered with a signed address for its bytes, and cannot be sent before they are there", async () => {
    const response = await server.reserve("../a\u202E.png", PNG.length, "image/PNG; x=y");
    const attachment = (await response.json()) as Attachment;
    expect(attachment).toEqual({
      type: "image",
      id: expect.stringMatching(/^atc_/),
      name: "a.png",
      mime_type: "image/png",
      preview_url: expect.any(String),
      upload_descriptor: {
        url: expect.stringMatching(`^${server.api}/v1/uploads/${attachment.id}\\?`),
        method: "PUT",
        headers: {},
      },
    });
    expect(await server.info(attachment.id)).toEqual({
      id: attachment.id,
      name: "a.png",
      mime_type: "image/png",
      type: "image",
      state: "reserved",
      size_bytes: PNG.length,
    });
    const turn = { type: "threads.create", params: { input: textInput("hi", [attachment.id]) } };
    const early = await server.send(turn, { headers: { ...HEADERS, accept: "application/json" } });
    expect(await failureOf(early)).toMatchObject({ status: 409, code: "attachment_not_ready" });
  });

  test.each<[string, string, number, string, number, string]>([
    ["is too large", "a.png", 100_001, "image/png", 413, "attachment_too_large"],
    ["is of a type that is not taken", "a.pdf", 10, "application/pdf", 422, "attachment_rejected"],
    ["is empty", "a.png", 0, "image/png", 422, "attachment_rejected"],
  ])("of a file that %s is refused", async (_title, name, size, type, status, code) => {
    const response = await server.reserve(name, size, type);
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
    expect(await failureOf(response)).toMatchObject({ status, code });
  });

  test("counts against the quota until it expires, a day after its last sign of life", async () => {
    await using small = await startUploadServer({
      now: () => new Date(nowMs),
      attachmentLimits: { maxBytesPerUser: 100 },
    });
    const { id, url } = await small.reserved(60);
    expect(await failureOf(await small.reserve("b", 60, ""))).toMatchObject({ code: "quota_exceeded" });
    expect((await small.reserve("b", 60, "", "other")).status).toBe(200);
    nowMs += 24 * HOUR + 1;
    expect((await small.info(id))?.state).toBe("expired");
    expect((await small.reserve("b", 60, "")).status).toBe(200);
    expect((await small.info(id))?.state).toBe("expired");
    expect((await put(url, "a".repeat(60))).status).toBe(403);
  });
});

describe("the bytes of a reservation", () => {
  test.each<[string, (url: string) => Promise<Response>]>([
    ["raw by PUT", (url) => put(url, PNG)],
    ["raw by POST", (url) => put(url, PNG, "POST")],
    ["in a form by PUT", (url) => fetch(url, { method: "PUT", body: formOf(PNG, "other.png", "image/png") })],
    ["in a form by POST", (url) => fetch(url, { method: "POST", body: formOf(PNG, "other.png") })],
  ])("%s make it ready, and its descriptor is gone", async (_title, send) => {
    const { id, url } = await server.reserved(PNG.length, "image/png");
    const response = await send(url);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      type: "image",
      id,
      name: "a.bin",
      mime_type: "image/png",
      preview_url: expect.any(String),
    });
    expect(await server.info(id)).toMatchObject({ state: "ready", width: 37, size_bytes: PNG.length });
    const again = await send(url);
    expect(await failureOf(again)).toMatchObject({ status: 409, code: "upload_conflict" });
    expect(await server.info(id)).toMatchObject({ state: "ready" });
  });

  test.each<[string, string | Uint8Array, string, object]>([
    ["fewer than declared", "hello", "text/plain", { declared_bytes: 10, received_bytes: 5 }],
    ["more than declared", "hello world", "text/plain", { declared_bytes: 10, received_bytes: 11 }],
    ["of another type", PNG.subarray(0, 10), "text/plain", { declared: "text/plain" }],
    ["of a type that is not taken", "%PDF-1.700", "", { mime_type: "application/pdf" }],
  ])("%s are refused for good, and nothing is kept", async (_title, body, type, details) => {
    const { id, url } = await server.reserved(10, type);
    const response = await put(url, body);
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
    expect(await failureOf(response)).toMatchObject({ status: 422, code: "attachment_rejected", details });
    expect(await server.leftovers()).toEqual([]);
    expect(await server.info(id)).toMatchObject({ state: "rejected", size_bytes: 10 });
    expect(await failureOf(await put(url, "0123456789"))).toMatchObject({ code: "upload_conflict" });
  });

  test("in a form that is none can be sent again", async () => {
    const { id, url } = await server.reserved(10, "text/plain");
    const headers = { "content-type": "multipart/form-data; boundary=y" };
    const bad = await fetch(url, { method: "PUT", headers, body: "--x\r\n\r\n" });
    expect(await failureOf(bad)).toMatchObject({ status: 400, code: "invalid_request" });
    expect(await server.info(id)).toMatchObject({ state: "reserved" });
    expect((await put(url, "0123456789")).status).toBe(200);
  });

  test("of a picture with too many pixels are refused", async () => {
    const huge = encodePng(1, 1);
    huge.writeUInt32BE(10_000, 16);
    huge.writeUInt32BE(10_000, 20);
    const { id, url } = await server.reserved(huge.length, "image/png");
    expect((await failureOf(await put(url, huge))).message).toContain("10000 × 10000 pixels");
    expect(await server.info(id)).toMatchObject({ state: "rejected" });
  });
});

describe("an upload address", () => {
  test.each<[string, (url: string) => string]>([
    ["another size", (url) => url.replace("n=10", "n=11")],
    ["another type", (url) => url.replace("m=text%2Fplain", "m=image%2Fpng")],
    ["another epoch", (url) => url.replace("p=1", "p=2")],
    ["a later expiry", (url) => url.replace(/e=1/, "e=2")],
    ["another tenant", (url) => url.replace("t=default", "t=other")],
    ["another attachment", (url) => url.replace(/atc_./, "atc_x")],
    ["no signature", (url) => url.replace(/&s=.*/, "")],
    ["a parameter more", (url) => `${url}&x=1`],
  ])("changed to %s is refused, readably", async (_title, change) => {
    const { id, url } = await server.reserved(10, "text/plain");
    expect(change(url)).not.toBe(url);
    const response = await put(change(url), "0123456789");
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
    expect(await failureOf(response)).toMatchObject({ status: 403, code: "forbidden" });
    expect(await server.info(id)).toMatchObject({ state: "reserved" });
  });

  test("of another server is refused, and so is an expired one", async () => {
    await using other = await startUploadServer();
    const foreign = new URL((await other.reserved(10)).url);
    expect((await put(`${server.api}${foreign.pathname}${foreign.search}`, "0123456789")).status).toBe(403);
    const { url } = await server.reserved(10);
    nowMs += HOUR;
    expect((await put(url, "0123456789")).status).toBe(403);
  });

  test("may be asked for by a page of an allowed origin", async () => {
    const { url } = await server.reserved(10);
    const asked = { origin: ALLOWED_ORIGIN, "access-control-request-method": "PUT" };
    const response = await fetch(url, { method: "OPTIONS", headers: asked });
    expect([response.status, response.headers.get("access-control-allow-methods")]).toEqual([
      204,
      expect.stringContaining("PUT"),
    ]);
    const foreign = { method: "PUT", headers: { origin: "https://evil.example" }, body: "0123456789" };
    expect((await fetch(url, foreign)).status).toBe(403);
  });

  test("takes bytes and nothing else", async () => {
    const { url } = await server.reserved(10);
    const response = await fetch(url, { headers: { origin: ALLOWED_ORIGIN } });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "PUT, POST, OPTIONS"]);
  });
});

describe("two uploads of one attachment", () => {
  test("are one too many while the first is alive", async () => {
    const { id, url } = await server.reserved(10, "text/plain");
    const first = await begin(url, id);
    const second = await put(url, "0123456789");
    expect(second.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
    expect(await failureOf(second)).toMatchObject({ status: 409, code: "upload_conflict" });
    first.write("world");
    expect((await first.response("PUT"))?.status).toBe(200);
    first.socket.destroy();
    expect((await server.leftovers()).length).toBe(1);
  });

  test("are one after the other when the first breaks off", async () => {
    const { id, url } = await server.reserved(10, "text/plain");
    const first = await begin(url, id);
    first.socket.destroy();
    await until(id, "reserved");
    expect(await server.leftovers()).toEqual([]);
    expect((await put(url, "0123456789")).status).toBe(200);
  });

  test("fence a first that gives no sign of life, which then leaves nothing", async () => {
    const { id, url } = await server.reserved(10, "text/plain");
    const first = await begin(url, id);
    nowMs += 61_000;
    expect((await put(url, "0123456789")).status).toBe(200);
    first.write("world");
    expect((await first.response("PUT"))?.status).toBe(409);
    first.socket.destroy();
    expect(await server.info(id)).toMatchObject({ state: "ready" });
    expect((await server.leftovers()).length).toBe(1);
  });
});

test("deleting an attachment ends its upload, and nothing is left of it", async () => {
  const { id, url } = await server.reserved(10, "text/plain");
  const first = await begin(url, id);
  const deletion = { type: "attachments.delete", params: { attachment_id: id } };
  expect(await (await server.send(deletion, { headers: HEADERS })).json()).toEqual({});
  first.write("world");
  expect((await first.response("PUT"))?.status).toBe(409);
  first.socket.destroy();
  expect(await server.info(id)).toBeNull();
  expect(await server.leftovers()).toEqual([]);
  expect((await put(url, "0123456789")).status).toBe(404);
});
