import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  Attachment,
  Capabilities,
  Page,
  RunInfo,
  Thread,
  ThreadItem,
  ThreadStreamEvent,
} from "@waybill/protocol";

/** One streaming request, answered by the test event by event. */
export interface ScriptedTurn {
  readonly request: { readonly type: string; readonly params: Record<string, unknown> };
  readonly headers: IncomingMessage["headers"];
  /** Resolves when the page has gone. */
  readonly closed: Promise<void>;
  send(...events: ThreadStreamEvent[]): void;
  end(): void;
  /** Cuts the connection. */
  cut(): void;
  /** Answers with a failure in the place of a stream. */
  refuse(status: number, body: unknown): void;
}

/** One file on its way to the server. */
export interface ScriptedUpload {
  /** The body as it was sent; resolves when all of it is there, which it is not before `read`. */
  readonly body: Promise<string>;
  /** Resolves when the page has gone. */
  readonly closed: Promise<void>;
  /** Reads the body; until then it stays in the buffers between. */
  read(): void;
  /** Answers with the attachment. */
  store(attachment: Attachment): void;
  refuse(status: number, body: unknown): void;
}

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' http://127.0.0.1:*; img-src 'self' data: blob: http://127.0.0.1:*; require-trusted-types-for 'script'; trusted-types lit-html";

/** The failure of a request. */
export class Refusal {
  readonly status: number;

  constructor(status: number) {
    this.status = status;
  }
}

/** A ChatKit server that a test writes as it goes, and the page that shows it. */
export class ScriptedChat {
  readonly threads = new Map<string, Thread>();
  readonly runs = new Map<string, RunInfo>();
  /** Every path that was asked for, in order. */
  readonly asked: string[] = [];
  /** Answers `items.list`, by the id behind which the page begins. */
  itemsAfter: (after: string | undefined) => Page<ThreadItem> = () => ({ data: [], has_more: false });
  /** Answers `POST /v1/files`; null: the id as it is. */
  refuseFiles: { status: number; body: unknown } | null = null;
  /** What the server publishes of attachments. */
  policy: Capabilities["attachments"] = {
    ways: ["import", "direct"],
    max_count: 10,
    max_bytes: { "*/*": 512 * 1024 ** 2 },
    accept: ["*/*"],
  };
  /** Answers `input.transcribe`; null: it is not answered. */
  transcript: string | null = "";
  /** Answers requests by JSON, by their type; a `Refusal` fails them. */
  readonly answers = new Map<string, (params: Record<string, unknown>) => unknown>();
  /** Every request that is answered by JSON, in order. */
  readonly questions: ScriptedTurn["request"][] = [];
  readonly #uploads = new Mailbox<ScriptedUpload>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #turns = new Mailbox<ScriptedTurn>();
  readonly #bundle: string;

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The next streaming request, also one that has arrived already. */
  nextTurn(): Promise<ScriptedTurn> {
    return this.#turns.next();
  }

  /** The next upload, also one that has begun already. */
  nextUpload(): Promise<ScriptedUpload> {
    return this.#uploads.next();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.origin);
    this.asked.push(`${request.method} ${url.pathname}`);
    response.setHeader("Waybill", "0.1.0");
    response.setHeader("X-Request-Id", "req_8f2c41d09be7");
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (request.headers["content-type"]?.startsWith("multipart/form-data")) {
      const body = Promise.withResolvers<string>();
      this.#uploads.put({
        body: body.promise,
        closed: new Promise((resolve) => response.once("close", resolve)),
        read: () => void readText(request).then(body.resolve, () => undefined),
        store: (attachment) => json(attachment, 201),
        refuse: (status, answer) => json(answer, status),
      });
      return;
    }
    const body = await readText(request);
    switch (url.pathname) {
      case "/": {
        const tag = url.searchParams.get("tag") ?? "waybill-chat";
        const type = url.searchParams.get("script") ?? "classic";
        const dir = url.searchParams.get("dir") ?? "ltr";
        const script =
          type === "module" ? '<script type="module" src="/chatkit.js">' : '<script src="/chatkit.js">';
        response
          .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP })
          .end(
            `<!doctype html><html lang="en" dir="${dir}"><title>Page</title><link rel="stylesheet" href="/page.css"><meta name="viewport" content="width=device-width">${script}</script><main><h1>Page</h1><${tag} id="chat"></${tag}></main>`,
          );
        break;
      }
      case "/page.css":
        response
          .writeHead(200, { "content-type": "text/css" })
          .end(
            "html, body, main { height: 100%; margin: 0 } h1 { position: absolute; clip-path: inset(50%) }",
          );
        break;
      case "/chatkit.js":
        response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(this.#bundle);
        break;
      case "/picture.svg":
        response
          .writeHead(200, { "content-type": "image/svg+xml" })
          .end(
            '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="450"><path fill="#cfdcde" d="M0 0h600v450H0z"/><path fill="#4f6a66" d="M0 372c200-120 400-60 600 0v78H0z"/></svg>',
          );
        break;
      case "/v1":
        json({
          name: "waybill",
          version: "0.1.0",
          attachments: this.policy,
          resume: false,
        });
        break;
      case "/v1/runs":
        json(this.runs.get(url.searchParams.get("thread_id") ?? "") ?? null);
        break;
      case "/v1/files": {
        if (this.refuseFiles !== null) json(this.refuseFiles.body, this.refuseFiles.status);
        else {
          const { id, name, mime_type: mimeType } = JSON.parse(body);
          json({
            id: `atc_${id}`,
            name,
            mime_type: mimeType,
            type: "image",
            preview_url: `${this.origin}/picture.svg`,
          });
        }
        break;
      }
      case "/chatkit":
        this.#protocol(JSON.parse(body), request, response, json);
        break;
      default:
        json({ error: { code: "not_found", message: "No such route.", request_id: "req_1" } }, 404);
    }
  }

  #protocol(
    asked: ScriptedTurn["request"],
    request: IncomingMessage,
    response: ServerResponse,
    json: (value: unknown, status?: number) => void,
  ): void {
    if (asked.type === "input.transcribe" || asked.type === "attachments.delete") {
      this.questions.push(asked);
      if (asked.type === "attachments.delete") json({});
      else if (this.transcript !== null) json({ text: this.transcript });
      return;
    }
    const answer = this.answers.get(asked.type);
    if (answer !== undefined) {
      this.questions.push(asked);
      const value = answer(asked.params);
      if (value instanceof Refusal) json({}, value.status);
      else json(value);
      return;
    }
    if (asked.type === "threads.get_by_id") {
      const thread = this.threads.get(String(asked.params["thread_id"]));
      if (thread === undefined)
        json(
          {
            error: { code: "not_found", message: "There is no such thread.", request_id: "req_8f2c41d09be7" },
            message: "There is no such thread.",
          },
          404,
        );
      else json(thread);
      return;
    }
    if (asked.type === "items.list") {
      const after = asked.params["after"];
      json(this.itemsAfter(typeof after === "string" ? after : undefined));
      return;
    }
    const begin = () => {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    };
    const turn: ScriptedTurn = {
      request: asked,
      headers: request.headers,
      closed: new Promise((resolve) => response.once("close", resolve)),
      send: (...events) => {
        begin();
        for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
      },
      end: () => {
        begin();
        response.end();
      },
      cut: () => request.socket.destroy(),
      refuse: (status, body) => json(body, status),
    };
    this.#turns.put(turn);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
}

/** Hands things to whoever asks first, or keeps them until somebody does. */
class Mailbox<T> {
  readonly #ready: T[] = [];
  readonly #waiting: ((thing: T) => void)[] = [];

  put(thing: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#ready.push(thing);
    else waiting(thing);
  }

  next(): Promise<T> {
    const ready = this.#ready.shift();
    return ready === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(ready);
  }
}
