import { ChatError } from "@waybill/protocol";
import { describe, expect, test } from "vitest";
import type { AttachmentRecord, ByteRange } from "../ports/index.ts";
import { serveFile } from "./serve-file.ts";
import { createUrlSigner, type FileClaims } from "./url-signer.ts";

const BYTES = Buffer.from("0123456789");
const PREVIEW = Buffer.from("webp!");
const ETAG = `"${"ab".repeat(32)}"`;
const signer = createUrlSigner({
  keys: [{ id: "k1", secret: "s".repeat(32) }],
  origin: "https://files.example",
  now: () => 0,
});

function setUp(changes: Partial<AttachmentRecord> = {}) {
  const record: AttachmentRecord = {
    id: "atc_1",
    owner: { tenant: "default", user: "alice" },
    name: "Käse.png",
    mime_type: "image/png",
    type: "image",
    state: "linked",
    epoch: 1,
    size_bytes: BYTES.length,
    sha256: "ab".repeat(32),
    storage_key: "t/default/o/atc_1/orig",
    created_at: "2026-01-02T03:04:05.000Z",
    touched_at: "2026-01-02T03:04:05.000Z",
    ...changes,
  };
  const reads: (ByteRange | undefined)[] = [];
  const files = {
    async read(key: string, range?: ByteRange) {
      reads.push(range);
      const stored =
        key === "t/default/o/atc_1/orig" ? BYTES : key === "t/default/o/atc_1/v/preview" ? PREVIEW : null;
      if (stored === null) return null;
      const part = range === undefined ? stored : stored.subarray(range.start, range.end + 1);
      return { size_bytes: stored.length, stream: new Blob([part]).stream() };
    },
  };
  const store = { getForSignedUrl: async (id: string) => (id === record.id ? record : null) };
  const deps = { store, files, signer, now: () => 500 };
  return {
    reads,
    get(headers: Record<string, string> = {}, claims: Partial<FileClaims> = {}, method = "GET") {
      const url = signer.sign({
        tenant: "default",
        id: "atc_1",
        variant: "orig",
        disposition: "inline",
        ...claims,
      });
      return serveFile(deps, new Request(url, { method, headers }));
    },
    fetch: (url: string, method = "GET") => serveFile(deps, new Request(url, { method })),
  };
}

describe("a signed URL", () => {
  test("gets the bytes, with headers that leave a browser no choice", async () => {
    const response = await setUp().get();
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("0123456789");
    expect(Object.fromEntries(response.headers)).toEqual({
      "accept-ranges": "bytes",
      "cache-control": "private, max-age=299",
      "content-disposition": `inline; filename="K_se.png"; filename*=UTF-8''K%C3%A4se.png`,
      "content-length": "10",
      "content-security-policy": "sandbox; default-src 'none'",
      "content-type": "image/png",
      "cross-origin-resource-policy": "cross-origin",
      etag: ETAG,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
  });

  test("gets the same headers and no bytes for HEAD, ranges or not", async () => {
    const { get, reads } = setUp();
    const response = await get({ range: "bytes=0-1" }, {}, "HEAD");
    expect([response.status, response.headers.get("content-length"), response.body]).toEqual([
      200,
      "10",
      null,
    ]);
    expect(reads).toEqual([]);
  });

  test.each([
    ["image/png", "inline"],
    ["video/mp4", "inline"],
    ["image/svg+xml", "attachment"],
    ["text/html", "attachment"],
    ["application/xml", "attachment"],
    ["application/pdf", "attachment"],
    ["application/octet-stream", "attachment"],
  ])("that asks for inline gets %s as %s", async (mime_type, disposition) => {
    const { headers } = await setUp({ mime_type }).get();
    expect(headers.get("content-disposition")).toMatch(new RegExp(`^${disposition};`));
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("gets a picture as a download if that was signed", async () => {
    const { headers } = await setUp().get({}, { disposition: "attachment" });
    expect(headers.get("content-disposition")).toMatch(/^attachment;/);
  });

  test.each([
    ["text/plain", "text/plain; charset=utf-8"],
    ["text/html", "text/html; charset=utf-8"],
    ["text/javascript", "text/plain; charset=utf-8"],
    ["application/x-javascript", "text/plain; charset=utf-8"],
    ["text/css", "text/plain; charset=utf-8"],
    ["application/pdf", "application/pdf"],
  ])("gets %s as %s", async (mime_type, contentType) => {
    expect((await setUp({ mime_type }).get()).headers.get("content-type")).toBe(contentType);
  });
});

describe("a URL of a preview", () => {
  test.each(["inline", "attachment"] as const)(
    "signed as %s is shown inline on any origin",
    async (disposition) => {
      const { get } = setUp({ preview_bytes: PREVIEW.length });
      const response = await get({}, { variant: "preview", disposition });
      expect(await response.text()).toBe("webp!");
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-type": "image/webp",
        "content-length": "5",
        "content-disposition": `inline; filename="K_se.webp"; filename*=UTF-8''K%C3%A4se.webp`,
        etag: `"${"ab".repeat(32)}-preview"`,
        "x-content-type-options": "nosniff",
      });
      const part = await get({ range: "bytes=1-2" }, { variant: "preview" });
      expect([await part.text(), part.headers.get("content-range")]).toEqual(["eb", "bytes 1-2/5"]);
    },
  );

  test.each(["inline", "attachment"] as const)(
    "is the picture itself where there is none (%s)",
    async (disposition) => {
      const response = await setUp().get({}, { variant: "preview", disposition });
      expect([await response.text(), response.headers.get("etag")]).toEqual(["0123456789", ETAG]);
      expect(response.headers.get("content-disposition")).toMatch(new RegExp(`^${disposition};`));
    },
  );
});

describe("a URL that does not authorise", () => {
  test.each([
    ["no signature", "https://files.example/f/atc_1/orig"],
    ["another path", "https://files.example/favicon.ico"],
  ])("with %s is forbidden", async (_title, url) => {
    await expect(setUp().fetch(url)).rejects.toMatchObject({ code: "forbidden", status: 403 });
  });

  test("because it has expired is forbidden, in words that help", async () => {
    const late = createUrlSigner({
      keys: [{ id: "k1", secret: "s".repeat(32) }],
      origin: "https://files.example",
      now: () => 1e9,
    });
    const url = signer.sign({ tenant: "default", id: "atc_1", variant: "orig", disposition: "inline" });
    const deps = {
      store: { getForSignedUrl: async () => null },
      files: { read: async () => null },
      now: () => 1e9,
    };
    const error: unknown = await serveFile({ ...deps, signer: late }, new Request(url)).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ChatError);
    expect(error).toMatchObject({ code: "forbidden", message: expect.stringContaining("Reload") });
  });

  test.each<[string, Partial<FileClaims>, Partial<AttachmentRecord>]>([
    ["an unknown attachment", { id: "atc_2" }, {}],
    ["another tenant's attachment", { tenant: "other" }, {}],
    ["an unknown variant", { variant: "thumb" }, {}],
    ["an attachment that is not ready", {}, { state: "inspecting" }],
    ["an attachment that is deleted", {}, { state: "tombstoned" }],
  ])("for %s finds nothing", async (_title, claims, record) => {
    await expect(setUp(record).get({}, claims)).rejects.toMatchObject({ code: "not_found", status: 404 });
  });

  test("to do anything but read is refused", async () => {
    await expect(setUp().get({}, {}, "POST")).rejects.toMatchObject({ code: "method_not_allowed" });
  });

  test("for bytes that are lost is the server's fault", async () => {
    await expect(setUp({ storage_key: "t/default/o/lost/orig" }).get()).rejects.not.toBeInstanceOf(ChatError);
  });
});

describe("a part of the file", () => {
  test.each([
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=8-", "89", "bytes 8-9/10"],
  ])("for %s is %s", async (range, body, contentRange) => {
    const response = await setUp().get({ range });
    expect([response.status, await response.text()]).toEqual([206, body]);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(body.length));
    expect(response.headers.get("etag")).toBe(ETAG);
  });

  test("that is not there is 416, with the size that is", async () => {
    const response = await setUp().get({ range: "bytes=10-" });
    expect([response.status, response.headers.get("content-range"), response.body]).toEqual([
      416,
      "bytes */10",
      null,
    ]);
  });

  test.each([
    ["several ranges", { range: "bytes=0-1,3-4" }],
    ["another ETag in If-Range", { range: "bytes=0-1", "if-range": '"other"' }],
    ["a weak ETag in If-Range", { range: "bytes=0-1", "if-range": `W/${ETAG}` }],
    ["a date in If-Range", { range: "bytes=0-1", "if-range": "Fri, 02 Jan 2026 00:00:00 GMT" }],
  ])("is not served for %s: the whole file is", async (_title, headers) => {
    expect((await setUp().get(headers)).status).toBe(200);
  });

  test("is served if If-Range names the file's ETag", async () => {
    expect((await setUp().get({ range: "bytes=0-1", "if-range": ETAG })).status).toBe(206);
  });
});

describe("a file that the client has", () => {
  test.each([ETAG, `W/${ETAG}`, `"x", ${ETAG}`, "*"])("is not sent again (%s)", async (tag) => {
    const { get, reads } = setUp();
    const response = await get({ "if-none-match": tag, range: "bytes=0-1" });
    expect([response.status, response.body, response.headers.get("etag")]).toEqual([304, null, ETAG]);
    expect(response.headers.get("cache-control")).toBe("private, max-age=299");
    expect(reads).toEqual([]);
  });

  test("is sent if it has another ETag", async () => {
    expect((await setUp().get({ "if-none-match": '"other"' })).status).toBe(200);
  });
});
