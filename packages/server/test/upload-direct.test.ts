import { createHash } from "node:crypto";
import type { Attachment } from "@waybill/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOWED_ORIGIN, textInput } from "./support/chat-server.ts";
import { encodePng } from "./support/png.ts";
import { failureOf, formOf, HEADERS, startUploadServer, type UploadServer } from "./support/upload-server.ts";

const PNG = encodePng(37, 23);
let server: UploadServer;

beforeAll(async () => {
  server = await startUploadServer({
    attachmentLimits: {
      maxBytes: 300_000,
      maxBytesByType: { "text/*": 1_000, "image/png": 200_000 },
      accept: ["image/*", "text/plain", "application/octet-stream"],
    },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const uploaded = async (...args: Parameters<UploadServer["upload"]>) =>
  (await (await server.upload(...args)).json()) as Attachment;

describe("a file in a form", () => {
  test("becomes a ready attachment of who sent it, with what its bytes tell", async () => {
    const attachment = await uploaded(formOf(PNG, "Käse 😀.png", "image/png"));
    expect(attachment).toEqual({
      type: "image",
      id: expect.stringMatching(/^atc_[0-9a-hjkmnp-tv-z]{29}$/),
      name: "Käse 😀.png",
      mime_type: "image/png",
      preview_url: expect.stringMatching(`^${server.files}/f/${attachment.id}/preview`),
    });
    expect(await server.info(attachment.id)).toEqual({
      id: attachment.id,
      name: "Käse 😀.png",
      mime_type: "image/png",
      type: "image",
      state: "ready",
      size_bytes: PNG.length,
      sha256: createHash("sha256").update(PNG).digest("hex"),
      width: 37,
      height: 23,
      url: expect.stringMatching(`^${server.files}/f/${attachment.id}/orig`),
      preview_url: expect.any(String),
    });
    const other = await fetch(`${server.api}/v1/files/${attachment.id}`, { headers: { "x-user": "other" } });
    expect(await failureOf(other)).toMatchObject({ status: 404, code: "not_found" });
  });

  test("can be sent with a message, and stays with it when it is deleted", async () => {
    const { id } = await uploaded(formOf("hello", "a.txt"));
    const turn = { type: "threads.create", params: { input: textInput("hi", [id]) } };
    const answer = await server.send(turn, { headers: HEADERS });
    expect(await answer.text()).toContain("a.txt");
    const deletion = { type: "attachments.delete", params: { attachment_id: id } };
    expect(await (await server.send(deletion, { headers: HEADERS })).json()).toEqual({});
    expect((await server.info(id))?.state).toBe("linked");
  });

  test.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\temp\\a.txt", "a.txt"],
    ["a\u202Etxt.exe", "atxt.exe"],
    ["a\u200B\uFEFFb.txt", "ab.txt"],
    ["a\u0001\u007Fb.txt", "ab.txt"],
    [`${"ä".repeat(150)}.txt`, `${"ä".repeat(125)}.txt`],
    ["", "file.txt"],
  ])("named %j is called %j", async (name, cleaned) => {
    const boundary = "x";
    const disposition = `Content-Disposition: form-data; name="file"; filename="${name}"`;
    const body = `--x\r\n${disposition}\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x--\r\n`;
    const type = { "content-type": `multipart/form-data; boundary=${boundary}` };
    expect((await uploaded(body, type)).name).toBe(cleaned);
  });

  test("without a file name gets one, and with filename* that", async () => {
    const type = { "content-type": "multipart/form-data; boundary=x" };
    const body = (rest: string) =>
      `--x\r\nContent-Disposition: form-data; name="file"${rest}\r\n\r\nhello\r\n--x--\r\n`;
    expect((await uploaded(body(""), type)).name).toBe("file.txt");
    expect((await uploaded(body("; filename*=UTF-8''K%C3%A4se.txt"), type)).name).toBe("Käse.txt");
  });
});

describe("a file that is refused", () => {
  test.each<[string, FormData, number, string, object]>([
    [
      "its bytes are not what was declared",
      formOf("<html>", "a.png", "image/png"),
      422,
      "attachment_rejected",
      { declared: "image/png", found: "text/html" },
    ],
    [
      "its bytes are not what its name says",
      formOf("hello", "a.png"),
      422,
      "attachment_rejected",
      { declared: "image/png", found: "text/plain" },
    ],
    ["it is empty", formOf("", "a.txt", "text/plain"), 422, "attachment_rejected", { size_bytes: 0 }],
    [
      "its declared type is not taken",
      formOf("%PDF-1.7", "a.pdf", "application/pdf"),
      422,
      "attachment_rejected",
      { mime_type: "application/pdf", accept: ["image/*", "text/plain", "application/octet-stream"] },
    ],
    [
      "the type of its bytes is not taken",
      formOf("%PDF-1.7\n", "a"),
      422,
      "attachment_rejected",
      { mime_type: "application/pdf" },
    ],
    [
      "it is larger than its type may be",
      formOf("a".repeat(1_001), "a.txt", "text/plain"),
      413,
      "attachment_too_large",
      { max_bytes: 1_000 },
    ],
    [
      "it is larger than the type of its bytes may be",
      formOf("a".repeat(1_001), "a"),
      413,
      "attachment_too_large",
      { size_bytes: 1_001, max_bytes: 1_000 },
    ],
    [
      "it is larger than anything may be",
      formOf(new Uint8Array(400_000), "a"),
      413,
      "attachment_too_large",
      { max_bytes: 300_000 },
    ],
  ])("because %s leaves nothing, and the page may read why", async (_title, form, status, code, details) => {
    const before = await server.leftovers();
    const response = await server.upload(form);
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
    expect(await failureOf(response)).toMatchObject({ status, code, details });
    expect(await server.leftovers()).toEqual(before);
  });

  test("because nobody sent it, or in another form than these", async () => {
    const anonymous = await fetch(`${server.api}/v1/files`, { method: "POST", body: formOf("a", "a") });
    expect(anonymous.status).toBe(401);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"]) {
      expect(await failureOf(await server.upload("a=b", { "content-type": type }))).toMatchObject({
        status: 415,
        code: "unsupported_media_type",
      });
    }
  });
});

test("capabilities tell what is taken, and by which ways", async () => {
  const { attachments } = (await (await fetch(`${server.api}/v1`)).json()) as { attachments: unknown };
  expect(attachments).toEqual({
    ways: ["import", "direct", "two_phase"],
    max_count: 10,
    max_bytes: { "*/*": 300_000, "text/*": 1_000, "image/png": 200_000 },
    accept: ["image/*", "text/plain", "application/octet-stream"],
  });
});

test("quota holds for all files of a user together, and deleting makes room", async () => {
  await using small = await startUploadServer({
    attachmentLimits: { maxBytesPerUser: 3_000, maxFilesPerUser: 2 },
  });
  const first = (await (await small.upload(formOf("a".repeat(1_500), "a"))).json()) as Attachment;
  const full = await small.upload(formOf("a".repeat(1_600), "b"));
  expect(await failureOf(full)).toMatchObject({
    status: 429,
    code: "quota_exceeded",
    details: { used_bytes: 1_500, max_bytes: 3_000 },
  });
  // A body of unknown length takes no more than is left.
  const chunked = await fetch(`${small.api}/v1/files`, {
    method: "POST",
    headers: { ...HEADERS, "content-type": "multipart/form-data; boundary=x" },
    body: new Blob([
      `--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n${"a".repeat(1_600)}\r\n--x--\r\n`,
    ]).stream(),
    duplex: "half",
  } as RequestInit);
  expect(await failureOf(chunked)).toMatchObject({ status: 429, code: "quota_exceeded" });
  await small.upload(formOf("a", "b"));
  expect(await failureOf(await small.upload(formOf("a", "c")))).toMatchObject({
    details: { used_count: 2, max_count: 2 },
  });
  const deletion = { type: "attachments.delete", params: { attachment_id: first.id } };
  expect(await (await small.send(deletion, { headers: { ...HEADERS, "x-user": "other" } })).status).toBe(404);
  expect(await (await small.send(deletion, { headers: HEADERS })).json()).toEqual({});
  expect((await small.send(deletion, { headers: HEADERS })).status).toBe(404);
  expect(await small.info(first.id)).toBeNull();
  expect((await small.leftovers()).length).toBe(1);
  expect((await small.upload(formOf("a".repeat(1_500), "a"))).status).toBe(200);
});
