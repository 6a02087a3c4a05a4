import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ChatKitServer,
  type ChatKitServerConfig,
  createChatKitServer,
  type LogEntry,
} from "@waybill/server";
import { serve } from "@waybill/server/node";
import type { FileStore, Store } from "@waybill/server/ports";
import { describe } from "@waybill/server/responders/describe";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";

/** The origin that the test server allows. */
export const ALLOWED_ORIGIN = "https://app.example";

/** A real server on real stores and free loopback ports. */
export interface TestServer {
  readonly api: string;
  readonly files: string;
  readonly chat: ChatKitServer;
  readonly store: Store;
  readonly bytes: FileStore;
  readonly logged: readonly LogEntry[];
  /** Sends a ChatKit request as JSON. */
  send(
    body: unknown,
    init?: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal },
  ): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one; `config` takes the place of the defaults. */
export async function startChatServer(config: Partial<ChatKitServerConfig> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-server-"));
  const logged: LogEntry[] = [];
  const store = config.store ?? sqlite(join(folder, "waybill.db"));
  const bytes = config.files ?? disk(join(folder, "attachments"));
  let chat: ChatKitServer | undefined;
  // The files origin is part of the configuration, so its port comes first.
  const files = await serve(
    {
      fetch: (request, env) => current().files.fetch(request, env),
      corsFor: (path) => current().files.corsFor(path),
    },
    { port: 0 },
  );
  const current = (): ChatKitServer => {
    if (chat === undefined) throw new Error("The server is not there yet.");
    return chat;
  };
  chat = createChatKitServer({
    cors: { origins: [ALLOWED_ORIGIN], credentials: true },
    store,
    files: bytes,
    respond: describe(),
    filesBaseUrl: files.url,
    log: (entry) => logged.push(entry),
    ...config,
  });
  await chat.open();
  const api = await serve(chat, { port: 0 });
  return {
    api: api.url,
    files: files.url,
    chat,
    store,
    bytes,
    logged,
    send: (body, init = {}) =>
      fetch(`${api.url}/chatkit`, {
        method: "POST",
        headers: { "content-type": "application/json", ...init.headers },
        body: JSON.stringify(body),
        ...(init.signal === undefined ? {} : { signal: init.signal }),
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all([
        api.close({ drainTimeoutMs: 0 }),
        files.close({ drainTimeoutMs: 0 }),
        current().close({ drainTimeoutMs: 0 }),
      ]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The input of a turn with this text. */
export function textInput(text: string, attachments: readonly string[] = []) {
  return { content: [{ type: "input_text", text }], attachments, inference_options: {} };
}

/** The events of a streamed answer, read to its end. */
export async function eventsOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  return text
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => JSON.parse(frame.slice("data: ".length)) as Record<string, unknown>);
}

/** Reads a streamed answer until `text` has come, and leaves the rest; what was read. */
export async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  text: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let read = "";
  while (!read.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The answer ended before ${JSON.stringify(text)} came:\n${read}`);
    read += decoder.decode(value, { stream: true });
  }
  return read;
}

/** The reader of an answer's body. */
export function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error(`The answer ${response.status} has no body.`);
  return response.body.getReader();
}
