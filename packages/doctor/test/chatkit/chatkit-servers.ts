import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { type ChatKitServerConfig, createChatKitServer } from "@waybill/server";
import { serve } from "@waybill/server/node";
import { describe as describing } from "@waybill/server/responders/describe";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";

/** The page that asks. */
export const PAGE = "http://127.0.0.1:5173";

/** A server of the test's own. */
export interface Running {
  /** Without a slash at its end. */
  readonly origin: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A Waybill server for pages of {@link PAGE}; its answers take half a second. */
export async function startWaybillServer(
  config: Partial<ChatKitServerConfig> = {},
): Promise<Running & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "waybill-doctor-"));
  const chat = createChatKitServer({
    cors: { origins: [PAGE], credentials: true },
    store: sqlite(join(folder, "waybill.db")),
    files: disk(join(folder, "attachments")),
    respond: describing({ paceMs: 8 }),
    log: () => {},
    ...config,
  });
  await chat.open();
  const server = await serve(chat, { port: 0 });
  return {
    origin: server.url,
    folder,
    async [Symbol.asyncDispose]() {
      await server.close({ drainTimeoutMs: 0 });
      await chat.close({ drainTimeoutMs: 0 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a proxy does with an answer; it writes the head itself. */
export type Meddle = (answer: IncomingMessage, response: ServerResponse, request: IncomingMessage) => void;

/** A proxy in front of a server, which keeps the name that it was asked by. */
export async function startProxy(upstream: string, meddle: Meddle): Promise<Running> {
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", upstream);
    const request = httpRequest(
      url,
      { method: incoming.method ?? "GET", headers: incoming.headers },
      (answer) => meddle(answer, outgoing, incoming),
    );
    request.on("error", () => outgoing.destroy());
    outgoing.on("close", () => request.destroy());
    incoming.pipe(request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Passes everything on as it comes. */
export const pass: Meddle = (answer, response) => {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
};

/** Sends nothing before it has everything. */
export const buffer: Meddle = (answer, response) => {
  const pieces: Buffer[] = [];
  answer.on("data", (piece: Buffer) => pieces.push(piece));
  answer.on("end", () =>
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(pieces)),
  );
};

/** Compresses whatever may be compressed, in blocks that it fills first. */
export const compress: Meddle = (answer, response, request) => {
  if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return pass(answer, response, request);
  const { "content-length": _, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, { ...headers, "content-encoding": "gzip" });
  answer.pipe(createGzip()).pipe(response);
};

/** Drops the headers of CORS from failures, as proxies do that add them to successes alone. */
export const maskFailures: Meddle = (answer, response, request) => {
  const status = answer.statusCode ?? 502;
  if (status < 400) return pass(answer, response, request);
  const kept = Object.entries(answer.headers).filter(([name]) => !name.startsWith("access-control-"));
  response.writeHead(status, Object.fromEntries(kept));
  answer.pipe(response);
};
