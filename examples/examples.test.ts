import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ChatError, type ErrorCode, type ThreadStreamEvent } from "@waybill/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawRequest, requestBytes } from "../packages/server/test/support/raw-http.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ORIGIN = "https://app.example";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Example {
  readonly folder: string;
  /** The folder of the chat. */
  readonly mount: string;
  /** Requests that the framework itself refuses, by status; with `body` to its own route. */
  readonly refused: readonly { readonly path: string; readonly body?: string; readonly status: number }[];
}

const notes = (malformed: number, large: number): Example["refused"] => [
  { path: "/nowhere", status: 404 },
  { path: "/notes", body: "{", status: malformed },
  { path: "/notes", body: JSON.stringify({ text: "x".repeat(2_000) }), status: large },
];
const examples: readonly Example[] = [
  { folder: "node-http", mount: "/chat", refused: [{ path: "/nowhere", status: 404 }] },
  { folder: "hono", mount: "/chat", refused: notes(500, 413) },
  { folder: "express", mount: "/chat", refused: notes(400, 413) },
  { folder: "fastify", mount: "/chat", refused: notes(400, 413) },
  // What Next itself answers outside of the folder is not the chat's: docs/mounting.md has a server for that.
  { folder: "nextjs", mount: "/api/chat", refused: [] },
];
/** Next is built first. */
const START_MS = 300_000;

/** A picture's server, which is not public: the examples are told that they may ask it. */
const pictures = createServer((_request, response) =>
  response.setHeader("content-type", "image/png").end(PNG),
);
let picturesHost = "";
beforeAll(async () => {
  pictures.listen(0, "127.0.0.1");
  await once(pictures, "listening");
  picturesHost = `127.0.0.1:${(pictures.address() as AddressInfo).port}`;
});
afterAll(() => pictures.close());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** An example as a process of its own, as its `npm start` runs it. */
class Running {
  readonly #child: ChildProcess;
  #said = "";
  #heard: (() => void)[] = [];

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
        for (const wake of this.#heard.splice(0)) wake();
      });
    }
    child.once("exit", () => {
      for (const wake of this.#heard.splice(0)) wake();
    });
  }

  /** What it says, once it matches. */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#said)?.[0];
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null)
        throw new Error(`It ended with ${this.#child.exitCode}:\n${this.#said}`);
      await new Promise<void>((resolve) => {
        this.#heard.push(resolve);
      });
    }
  }

  /** Once it has ended well. */
  async finishes(): Promise<void> {
    const code = this.#child.exitCode ?? (await once(this.#child, "exit"))[0];
    if (code !== 0) throw new Error(`It ended with ${code}:\n${this.#said}`);
  }

  /** Ends it by SIGTERM; its exit code. */
  async end(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const [code] = (await exit) as [number | null];
    return code;
  }
}

/** What `npm start` runs in a folder, where it runs Node. */
function commandOf(script: string): string[] {
  const [program = "", ...args] = script.split(" ");
  const own = ["--conditions=@waybill/source"];
  return program === "node" ? [...own, ...args] : [...own, join(root, "node_modules/.bin", program), ...args];
}

async function startExample({ folder, mount }: Example, data: string) {
  const cwd = join(root, "examples", folder);
  const { scripts } = JSON.parse(await readFile(join(cwd, "package.json"), "utf8")) as {
    scripts: { prestart?: string; start: string };
  };
  const env = {
    ...process.env,
    // Processes of Next's own find the workspace's sources, too.
    NODE_OPTIONS: "--conditions=@waybill/source",
    NEXT_TELEMETRY_DISABLED: "1",
    PORT: String(await freePort()),
    DATA_DIR: data,
    ALLOWED_ORIGINS: ORIGIN,
    IMPORT_ALLOW: picturesHost,
  };
  const run = (script: string) =>
    new Running(spawn(process.execPath, commandOf(script), { cwd, stdio: ["ignore", "pipe", "pipe"], env }));
  if (scripts.prestart !== undefined) await run(scripts.prestart).finishes();
  const running = run(scripts.start);
  return { running, mounted: `${await running.says(/http:\/\/127\.0\.0\.1:\d+/)}${mount}` };
}

/** The answer carries what lets the page read it. */
function expectReadable(response: Response): void {
  expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  expect(response.headers.get("access-control-allow-credentials")).toBe("true");
  expect(response.headers.get("access-control-expose-headers")).toContain("X-Request-Id");
  expect(response.headers.get("vary")).toContain("Origin");
  expect(response.headers.get("x-request-id")).toMatch(/^req_/);
}

const post = (url: string, body: unknown, signal?: AbortSignal) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", origin: ORIGIN },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });

const turn = (text: string, attachments: readonly string[] = []) => ({
  type: "threads.create",
  params: { input: { content: [{ type: "input_text", text }], attachments, inference_options: {} } },
});

async function eventsOf(response: Response): Promise<ThreadStreamEvent[]> {
  const frames = (await response.text()).split("\n\n").filter((frame) => frame.startsWith("data: "));
  return frames.map((frame) => JSON.parse(frame.slice("data: ".length)) as ThreadStreamEvent);
}

describe.each(examples)("the example $folder", (example) => {
  let data = "";
  let running: Running | undefined;
  let mounted = "";
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), "waybill-example-"));
    ({ running, mounted } = await startExample(example, data));
  }, START_MS);
  afterAll(async () => {
    await running?.end();
    await rm(data, { recursive: true, force: true });
  });
  const chatkit = () => `${mounted}/chatkit`;

  test("answers a page's picture, imported by the server, to the end", async () => {
    const imported = await post(`${mounted}/v1/files`, { source_url: `http://${picturesHost}/cat.png` });
    expectReadable(imported);
    expect(imported.status).toBe(200);
    const { id, preview_url } = (await imported.json()) as { id: string; preview_url: string };
    // Links are below the folder that the chat is mounted in.
    expect(preview_url.startsWith(`${mounted}/f/`)).toBe(true);
    expect((await fetch(preview_url)).status).toBe(200);

    const response = await post(chatkit(), turn("what is this a picture of?", [id]));
    expectReadable(response);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = await eventsOf(response);
    expect(events.map(({ type }) => type)).toContain("thread.created");
    expect(events.at(-1)).toMatchObject({
      type: "thread.item.done",
      item: {
        type: "assistant_message",
        content: [{ text: "cat.png is image/png.\n\nwhat is this a picture of? " }],
      },
    });
  });

  test("a page that leaves stops the answer", async () => {
    const leave = new AbortController();
    const response = await post(chatkit(), turn("word ".repeat(5_000)), leave.signal);
    const reader = response.body?.getReader();
    let read = "";
    while (!read.includes("text_delta")) read += new TextDecoder().decode((await reader?.read())?.value);
    leave.abort();
    await running?.says(/An answer was stopped\./);
  });

  test("a preflight is answered for the page, and refused for another", async () => {
    const preflight = (origin: string) =>
      fetch(chatkit(), {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type,x-own",
        },
      });
    const response = await preflight(ORIGIN);
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(response.headers.get("access-control-allow-methods")).toContain("POST");
    expect(response.headers.get("access-control-allow-headers")).toContain("x-own");
    const foreign = await preflight("https://evil.example");
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each<[string, string, unknown, ErrorCode]>([
    ["an unknown address", "/v1/nothing", {}, "not_found"],
    ["an attachment that is nobody's", "/chatkit", turn("x", ["123"]), "not_found"],
    ["malformed JSON", "/chatkit", "{", "invalid_request"],
    ["a body that is too large", "/chatkit", turn("x".repeat(5_000_000)), "payload_too_large"],
  ])("%s is refused by the chat, and the page may read why", async (_, path, body, code) => {
    const response = await post(`${mounted}${path}`, body);
    expectReadable(response);
    expect(response.status).toBe(new ChatError(code).status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test.each(example.refused)(
    "the framework's own $status for $path is the page's to read",
    async ({ path, body, status }) => {
      const response = await post(new URL(path, mounted).href, body ?? "{}");
      expect(response.status).toBe(status);
      expectReadable(response);
    },
  );

  // Next makes its server itself, without the guard.
  const guarded = example.folder === "nextjs" ? [] : [{ status: 431 }];
  test.each(guarded)("Node's own $status is the page's to read", async ({ status }) => {
    const large = "x".repeat(200_000);
    const response = await rawRequest(
      mounted,
      requestBytes(mounted, "GET", "/", { Origin: ORIGIN, "X-Large": large }),
    );
    expect(response?.status).toBe(status);
    expect(response?.values("access-control-allow-origin")).toEqual([ORIGIN]);
  });

  test("SIGTERM ends it, and it waits for nobody who has left", { timeout: 8_000 }, async () => {
    // 128 and the signal, where a program says so.
    expect([0, 143]).toContain(await running?.end());
  });
});
