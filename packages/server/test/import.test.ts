import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { ChatError } from "@waybill/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  ALICE,
  type AttachmentDesk,
  answerWith,
  type LoopbackServer,
  openDesk,
  serveHttp,
} from "./support/attachment-desk.ts";
import { encodePng, pngHeader } from "./support/png.ts";

const PNG = encodePng(37, 23);
const SVG = `<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`;

let desk: AttachmentDesk;
let server: LoopbackServer;
let answer: RequestListener;

beforeAll(async () => {
  desk = await openDesk();
  server = await serveHttp((request, response) => answer(request, response));
});
afterAll(async () => {
  await server.close();
  await desk.close();
});
afterEach(() => desk.records.clear());

const host = (): string => `pictures.test:${server.port}`;
const source = (path = "/test.png?token=secret"): string => `http://${host()}${path}`;
const trusting = () => ({ allow: [host()], lookup: answerWith("127.0.0.1") });

const send =
  (body: string | Uint8Array, type?: string, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status, type === undefined ? {} : { "content-type": type }).end(body);

async function failure(attempt: Promise<unknown>): Promise<ChatError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChatError)) throw new Error("expected a ChatError", { cause: error });
  expect(desk.records.size).toBe(0);
  expect(await desk.leftovers()).toEqual([]);
  expect(JSON.stringify([error.message, error.details])).not.toMatch(/secret|token/);
  expect(error.details).toHaveProperty("host");
  return error;
}

describe("a picture that can be fetched", () => {
  afterEach(async () => {
    for (const record of desk.records.values()) await desk.files.delete(record.storage_key);
  });

  test("becomes the caller's own ready attachment, with what its bytes tell", async () => {
    answer = send(PNG, "image/png");
    const record = await desk.resolve(
      { id: "123", source_url: source(), name: "test.png", mime_type: "image/png" },
      trusting(),
    );
    expect(record).toEqual({
      id: expect.stringMatching(/^atc_[0-9a-hjkmnp-tv-z]{29}$/),
      owner: ALICE,
      name: "test.png",
      mime_type: "image/png",
      type: "image",
      state: "ready",
      epoch: 4,
      size_bytes: PNG.length,
      sha256: createHash("sha256").update(PNG).digest("hex"),
      width: 37,
      height: 23,
      storage_key: `t/default/o/${record.id}/1/orig`,
      created_at: "2026-01-02T03:04:05.000Z",
      touched_at: "2026-01-02T03:04:05.000Z",
    });
    expect(desk.records.get(record.id)).toEqual(record);
    const file = await desk.files.read(record.storage_key);
    expect(Buffer.from(await new Response(file?.stream).arrayBuffer())).toEqual(PNG);
    expect(await desk.resolve({ id: record.id })).toEqual(record);
  });

  test("is asked for without cookies or credentials, and says who asks", async () => {
    let headers: IncomingHttpHeaders = {};
    answer = (request, response) => {
      headers = request.headers;
      response.end(PNG);
    };
    await desk.resolve({ source_url: source() }, trusting());
    expect(headers["user-agent"]).toBe("Waybill/0.1.0 (+import)");
    expect(Object.keys(headers).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
    expect(headers["accept-encoding"]).toBe("identity");
  });

  test("is followed through five redirects, each a host of the allow list", async () => {
    answer = (request, response) => {
      const hops = Number(new URL(request.url ?? "", "http://x").searchParams.get("hop"));
      if (hops === 5) response.end(PNG);
      else response.writeHead(302, { location: `/next?hop=${hops + 1}` }).end("moved");
    };
    const record = await desk.resolve({ source_url: source("/a.png?hop=0") }, trusting());
    expect(record).toMatchObject({ name: "a.png", width: 37 });
  });

  test("takes its name from the URL, and its type from the bytes where the page says nothing", async () => {
    answer = send(PNG, "image/jpeg");
    const record = await desk.resolve(
      { source_url: source("/p/K%C3%A4tzchen%2F..%2Fcat.png"), mime_type: "application/octet-stream" },
      trusting(),
    );
    expect(record).toMatchObject({ name: "cat.png", mime_type: "image/png", type: "image" });
  });
});

describe("an attachment that is known by its id", () => {
  test("is not found for another user, or if there is none", async () => {
    for (const id of ["atc_1", ""]) {
      await expect(desk.resolve({ id })).rejects.toMatchObject({ code: "not_found", status: 404 });
    }
    await expect(desk.resolve({})).rejects.toMatchObject({ code: "invalid_request", status: 400 });
  });

  test("is refused while its bytes are still on their way", async () => {
    answer = send(PNG);
    const record = await desk.resolve({ source_url: source() }, trusting());
    desk.records.set(record.id, { ...record, state: "receiving" });
    await expect(desk.resolve({ id: record.id })).rejects.toMatchObject({ code: "attachment_not_ready" });
    await expect(
      desk.resolve({ id: record.id }, { owner: { tenant: "default", user: "bob" } }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
    await desk.files.delete(record.storage_key);
  });
});

describe("an answer that is not the picture", () => {
  test.each([
    [404, "404 Not Found", false],
    [500, "500 Internal Server Error", true],
    [204, "204 No Content", false],
    [302, "302 Found", false],
  ])("with status %i is told as it is", async (status, words, retryable) => {
    answer = (_request, response) => response.writeHead(status).end();
    const error = await failure(desk.resolve({ source_url: source() }, trusting()));
    expect(error).toMatchObject({
      code: "import_status",
      status: 422,
      retryable,
      details: { host: host(), status },
    });
    expect(error.message).toBe(`The picture's server ${host()} answered ${words}.`);
  });

  test.each([
    [
      "an HTML page under an image's type",
      "<!doctype html><title>Sorry</title>",
      "image/png",
      "image/png",
      "text/html",
    ],
    ["an HTML page under an image's name", "<html>", undefined, undefined, "text/html"],
    ["an SVG under PNG's type", SVG, "image/png", "image/png", "image/svg+xml"],
    ["an SVG under PNG's name", SVG, undefined, undefined, "image/svg+xml"],
    ["a picture of another type", PNG, "image/png", "image/jpeg", "image/png"],
    ["a picture said to be text", PNG, "image/png", "text/plain", "image/png"],
    [
      "bytes of no known type",
      Buffer.from([0, 1, 2, 3]),
      "image/png",
      "image/png",
      "application/octet-stream",
    ],
  ])("%s is refused, and both types are named", async (_title, body, contentType, mime_type, found) => {
    answer = send(body, contentType);
    const error = await failure(
      desk.resolve({ source_url: source(), ...(mime_type === undefined ? {} : { mime_type }) }, trusting()),
    );
    expect(error).toMatchObject({ code: "import_type_mismatch", details: { found } });
    expect(error.message).toContain(found);
    expect(error.message).toContain(mime_type ?? "image/png");
  });

  test("is refused if it is empty", async () => {
    answer = send("", "image/png");
    const error = await failure(desk.resolve({ source_url: source() }, trusting()));
    expect(error).toMatchObject({
      code: "attachment_rejected",
      message: `The picture at ${host()} is empty.`,
    });
  });

  test("is refused if it has more pixels than anybody should decode", async () => {
    answer = send(pngHeader(16_000, 16_000), "image/png");
    const attempt = desk.resolve({ source_url: source() }, trusting());
    await expect(attempt).rejects.toMatchObject({ code: "attachment_rejected" });
    await expect(attempt).rejects.toThrow("16000 × 16000 pixels");
    expect(await desk.leftovers()).toEqual([]);
  });

  test("is refused if it comes compressed although it was not asked to", async () => {
    answer = (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(PNG);
    expect(await failure(desk.resolve({ source_url: source() }, trusting()))).toMatchObject({
      code: "import_status",
    });
  });
});

describe("a file that is too large", () => {
  test("is refused by its announced size before a byte is read", async () => {
    answer = (_request, response) =>
      response.writeHead(200, { "content-length": 600 * 1024 ** 2 }).write(PNG);
    const error = await failure(desk.resolve({ source_url: source() }, trusting()));
    expect(error).toMatchObject({
      code: "import_too_large",
      details: { host: host(), size_bytes: 629_145_600, max_bytes: 536_870_912 },
    });
    expect(error.message).toBe(`The picture at ${host()} is 600 MB large; this server takes at most 512 MB.`);
  });

  test("is cut off while it streams, and nothing of it remains", async () => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    const closed = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.once("close", () => closed.resolve());
      const pump = (): void => {
        while (!response.destroyed && response.write(chunk)) continue;
      };
      response.on("drain", pump);
      pump();
    };
    const error = await failure(
      desk.resolve({ source_url: source() }, { ...trusting(), limits: { maxBytes: 8 * 1024 ** 2 } }),
    );
    expect(error).toMatchObject({ code: "import_too_large", details: { max_bytes: 8_388_608 } });
    expect(error.message).toMatch(/has more than 8 MB; this server takes at most 8 MB\.$/);
    await closed.promise;
  });
});

describe("a server that is too slow", () => {
  const limits = { importTimeoutMs: 120 };

  test.each<[string, RequestListener]>([
    ["never answers", () => undefined],
    ["answers and then sends nothing", (_request, response) => response.writeHead(200).flushHeaders()],
    [
      "stalls in the middle",
      (_request, response) =>
        response.writeHead(200, { "content-length": PNG.length }).write(PNG.subarray(0, 50)),
    ],
    [
      "drips without an end",
      (_request, response) => {
        const drip = setInterval(() => response.write("a"), 5);
        response.once("close", () => clearInterval(drip));
      },
    ],
    [
      "redirects to an answer that never comes",
      (request, response) => {
        if (request.url === "/end") return;
        response.writeHead(307, { location: "/end" }).end();
      },
    ],
  ])("and %s is given up after the whole time", async (_title, listener) => {
    answer = listener;
    const error = await failure(desk.resolve({ source_url: source() }, { ...trusting(), limits }));
    expect(error).toMatchObject({
      code: "import_timeout",
      retryable: true,
      details: { host: host(), timeout_ms: 120 },
    });
  });

  test("is given up also while its name is looked up", async () => {
    const error = await failure(desk.resolve({ source_url: source() }, { lookup: () => undefined, limits }));
    expect(error.code).toBe("import_timeout");
  });
});

describe("a caller that goes away", () => {
  test("ends the import with its own reason, and nothing remains", async () => {
    const gone = new AbortController();
    const closed = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.once("close", () => closed.resolve());
      response
        .writeHead(200, { "content-length": PNG.length })
        .write(PNG.subarray(0, 50), () => gone.abort("gone"));
    };
    await expect(desk.resolve({ source_url: source() }, { ...trusting(), signal: gone.signal })).rejects.toBe(
      "gone",
    );
    await closed.promise;
    expect(await desk.leftovers()).toEqual([]);
    expect(desk.records.size).toBe(0);
  });

  test("is not served if it was gone before", async () => {
    await expect(
      desk.resolve({ source_url: source() }, { ...trusting(), signal: AbortSignal.abort("gone") }),
    ).rejects.toBe("gone");
  });
});
