import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attachment } from "@waybill/protocol";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AttachmentRecord } from "../src/ports/index.ts";
import { ALLOWED_ORIGIN } from "./support/chat-server.ts";
import { encodePng } from "./support/png.ts";
import { openRaw, rawRequest, requestBytes } from "./support/raw-http.ts";
import { formOf, HEADERS, startUploadServer, type UploadServer } from "./support/upload-server.ts";

let server: UploadServer;
beforeAll(async () => {
  // Room for one: what a broken upload keeps is seen by the next.
  server = await startUploadServer({ attachmentLimits: { maxFilesPerUser: 1 } });
});
afterAll(() => server[Symbol.asyncDispose]());

const HEAD = '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
const FORM = `${HEAD}${"a".repeat(200_000)}\r\n--xx--\r\n`;
const CUTS: readonly (readonly [stage: string, bytes: number])[] = [
  ["before the form begins", 0],
  ["in its first boundary", 3],
  ["in the headers of the part", 30],
  ["behind them", HEAD.length],
  ["in the middle of the file", 100_000],
  ["in the last boundary", FORM.length - 6],
];

/** Uploads and deletes a file, as soon as there is room for one. */
async function hasRoom(): Promise<void> {
  for (;;) {
    const response = await server.upload(formOf("a", "a"));
    if (response.status === 429) continue;
    expect(response.status).toBe(200);
    const { id } = (await response.json()) as Attachment;
    const deletion = { type: "attachments.delete", params: { attachment_id: id } };
    expect((await server.send(deletion, { headers: HEADERS })).status).toBe(200);
    return;
  }
}

const formRequest = (length: number) =>
  requestBytes(server.api, "POST", "/v1/files", {
    "Content-Type": "multipart/form-data; boundary=xx",
    "Content-Length": String(length),
    Origin: ALLOWED_ORIGIN,
    "X-User": "me",
  });

test.each(CUTS)("an upload whose connection is cut %s leaves nothing", async (_stage, bytes) => {
  const connection = openRaw(server.api);
  await new Promise<void>((resolve) =>
    connection.socket.write(formRequest(FORM.length) + FORM.slice(0, bytes), () => resolve()),
  );
  connection.socket.destroy();
  await connection.closed;
  await hasRoom();
  expect(await server.leftovers()).toEqual([]);
});

test("an upload that is cut before its headers end leaves nothing", async () => {
  const connection = openRaw(server.api);
  connection.write(formRequest(FORM.length).slice(0, -20));
  connection.socket.end();
  await connection.closed;
  await hasRoom();
  expect(await server.leftovers()).toEqual([]);
});

test.each(CUTS)("a form that ends %s is refused, readably, and leaves nothing", async (_stage, bytes) => {
  const response = await rawRequest(server.api, formRequest(bytes) + FORM.slice(0, bytes));
  expect(response?.status).toBe(400);
  expect(response?.values("access-control-allow-origin")).toEqual([ALLOWED_ORIGIN]);
  expect(JSON.parse(String(response?.body)).error.code).toBe("invalid_request");
  await hasRoom();
  expect(await server.leftovers()).toEqual([]);
});

test("a broken upload is nobody's fault here: nothing is logged as an error", () => {
  expect(server.logged.filter(({ level }) => level === "error")).toEqual([]);
});

test("what a killed server was receiving is cleaned up, and can be sent again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waybill-killed-"));
  const store = sqlite(join(folder, "waybill.db"));
  const files = disk(join(folder, "files"));
  const time = new Date().toISOString();
  const record = (id: string, state: AttachmentRecord["state"]): AttachmentRecord => ({
    id,
    owner: { tenant: "default", user: "me" },
    name: "a.png",
    mime_type: "image/png",
    type: "image",
    state,
    epoch: 2,
    size_bytes: 4,
    sha256: "",
    storage_key: `t/default/o/${id}/2/orig`,
    created_at: time,
    touched_at: time,
  });
  async function* bytes() {
    yield Buffer.from("test");
  }
  try {
    await store.open();
    await files.open();
    for (const state of ["receiving", "received", "inspecting", "ready"] as const) {
      await store.attachments.create(record(state, state));
      await files.write(`t/default/o/${state}/2/orig`, bytes());
      await files.write(`t/default/o/${state}/2/v/preview`, bytes());
    }
    await store.close();
    await using restarted = await startUploadServer({ store, files });
    for (const id of ["receiving", "received", "inspecting"]) {
      expect((await restarted.info(id))?.state).toBe("reserved");
      expect(await files.read(`t/default/o/${id}/2/orig`)).toBeNull();
      expect(await files.read(`t/default/o/${id}/2/v/preview`)).toBeNull();
    }
    expect((await restarted.info("ready"))?.state).toBe("ready");
    expect(await files.read("t/default/o/ready/2/orig")).not.toBeNull();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a picture is shown by its preview, which goes when the picture is deleted", async () => {
  const response = await server.upload(formOf(encodePng(2_000, 100), "wide.png", "image/png"));
  const picture = (await response.json()) as Attachment & { readonly preview_url: string };
  const shown = await fetch(picture.preview_url);
  expect(Object.fromEntries(shown.headers)).toMatchObject({
    "content-type": "image/webp",
    "content-disposition": 'inline; filename="wide.webp"',
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
  });
  expect(
    Buffer.from(await shown.arrayBuffer())
      .subarray(8, 12)
      .toString(),
  ).toBe("WEBP");
  expect((await server.leftovers()).length).toBe(2);
  const deletion = { type: "attachments.delete", params: { attachment_id: picture.id } };
  await server.send(deletion, { headers: HEADERS });
  expect((await fetch(picture.preview_url)).status).toBe(404);
  expect(await server.leftovers()).toEqual([]);
});
