import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attachment, FileInfo } from "@waybill/protocol";
import type { ChatKitServerConfig } from "@waybill/server";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { ALLOWED_ORIGIN, startChatServer, type TestServer } from "./chat-server.ts";

/** A server whose users are named by `x-user`, and whose files can be counted. */
export interface UploadServer extends TestServer {
  /** Files in the file store, unfinished ones too. */
  leftovers(): Promise<string[]>;
  /** Asks for a reservation. */
  reserve(name: string, size: number, mime_type: string, user?: string): Promise<Response>;
  /** The reserved attachment, and where its bytes go. */
  reserved(size: number, mime_type?: string): Promise<{ readonly id: string; readonly url: string }>;
  /** What the server knows of an attachment; null if nothing. */
  info(id: string): Promise<FileInfo | null>;
  /** Uploads a file as a form. */
  upload(body: FormData | string | Uint8Array, headers?: Record<string, string>): Promise<Response>;
}

export const HEADERS = { origin: ALLOWED_ORIGIN, "x-user": "me" };

/** Starts one; `config` takes the place of the defaults. */
export async function startUploadServer(config: Partial<ChatKitServerConfig> = {}): Promise<UploadServer> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-uploads-"));
  const server = await startChatServer({
    store: sqlite(join(folder, "waybill.db")),
    files: disk(join(folder, "files")),
    authenticate: (request) => {
      const user = request.headers.get("x-user");
      return user === null ? null : { tenant: "default", user };
    },
    ...config,
  });
  const reserve = (name: string, size: number, mime_type: string, user = "me") =>
    server.send(
      { type: "attachments.create", params: { name, size, mime_type } },
      { headers: { ...HEADERS, "x-user": user } },
    );
  return {
    ...server,
    reserve,
    async leftovers() {
      const entries = await readdir(join(folder, "files"), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    async reserved(size, mime_type = "") {
      const answer = await reserve("a.bin", size, mime_type);
      const attachment = (await answer.json()) as Attachment;
      return { id: attachment.id, url: attachment.upload_descriptor?.url ?? "" };
    },
    async info(id) {
      const answer = await fetch(`${server.api}/v1/files/${id}`, { headers: HEADERS });
      return answer.ok ? ((await answer.json()) as FileInfo) : null;
    },
    upload: (body, headers = {}) =>
      fetch(`${server.api}/v1/files`, {
        method: "POST",
        headers: { ...HEADERS, ...headers },
        body: body as BodyInit,
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A form with one file. */
export function formOf(bytes: Uint8Array | string, name: string, type = ""): FormData {
  const form = new FormData();
  form.append("file", new File([bytes as BlobPart], name, { type }));
  return form;
}

/** The code and the details of a failure. */
export async function failureOf(response: Response): Promise<{
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
}
