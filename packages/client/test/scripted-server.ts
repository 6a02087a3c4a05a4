import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a scripted server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request. */
export type Script = (request: SeenRequest, response: ServerResponse, incoming: IncomingMessage) => void;

/** Takes a request before its body is read; false: leaves it to the script. */
export type EarlyScript = (incoming: IncomingMessage, response: ServerResponse) => boolean;

/** A server on the loopback interface that a test scripts. */
export interface ScriptedServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** What arrived, oldest first. */
  readonly seen: readonly SeenRequest[];
  script: Script;
}

/** Starts a scripted server on a free port. */
export async function startServer(
  script: Script,
  host = "127.0.0.1",
  early: EarlyScript = () => false,
): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    if (early(incoming, response)) return;
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const { method = "", url: path = "", headers } = incoming;
      const request = { method, path, headers, body: Buffer.concat(pieces).toString() };
      seen.push(request);
      started.script(request, response, incoming);
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, host, resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const started: ScriptedServer = {
    origin: `http://${host}:${port}`,
    port,
    seen,
    script,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
  return started;
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

/** The frames of a stream, as the wire has them. */
export const framesOf = (events: readonly unknown[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

/** Answers with a whole stream. */
export function sendEvents(
  response: ServerResponse,
  events: readonly unknown[],
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { "content-type": "text/event-stream", ...headers });
  response.end(framesOf(events));
}

/** A Waybill server's own header. */
export const WAYBILL = { waybill: "0.1.0" };

/** The body of a Waybill server's failure. */
export const failure = (code: string, message: string): unknown => ({
  error: { code, message, request_id: "req_1" },
  message,
});

const AT = "2026-01-02T03:04:05Z";

/** A thread without items. */
export const THREAD = {
  id: "thr_1",
  created_at: AT,
  status: { type: "active" as const },
  metadata: {},
  items: { data: [], has_more: false },
};

/** A person's message. */
export const QUESTION = {
  id: "msg_1",
  thread_id: "thr_1",
  created_at: AT,
  type: "user_message" as const,
  content: [{ type: "input_text" as const, text: "hello" }],
  attachments: [],
  inference_options: {},
};

/** An answer. */
export const answerItem = (text: string, id = "msg_2") => ({
  id,
  thread_id: "thr_1",
  created_at: AT,
  type: "assistant_message" as const,
  content: text === "" ? [] : [{ type: "output_text" as const, text, annotations: [] }],
});

/** The events of a turn that goes well. */
export const TURN = [
  { type: "thread.created" as const, thread: THREAD },
  { type: "thread.item.done" as const, item: QUESTION },
  { type: "stream_options" as const, stream_options: { allow_cancel: true } },
  { type: "thread.item.added" as const, item: answerItem("") },
  {
    type: "thread.item.updated" as const,
    item_id: "msg_2",
    update: {
      type: "assistant_message.content_part.text_delta" as const,
      content_index: 0,
      delta: "Hi.",
    },
  },
  { type: "thread.item.done" as const, item: answerItem("Hi.") },
];
