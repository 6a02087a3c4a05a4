import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWaybill, type WaybillProcess } from "./support/waybill-process.ts";

// Sources: ../shared/design/cors.md, 2.6 and the table of faults.
const PAGE = "https://app.example";
const STRANGER = "https://stranger.example";

/** Whoever is asked for never comes, so that a request waits, and it is told that it does; `/v1` and preflights ask nobody. */
const CONFIG = `
export default {
  authenticate() {
    process.stderr.write("somebody waits\\n");
    return new Promise(() => {});
  },
};`;
const WAITS = /somebody waits/;

let folder: string;
let waybill: WaybillProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waybill-supervised-"));
  await writeFile(join(folder, "waybill.config.ts"), CONFIG);
  waybill = await startWaybill(
    { WAYBILL_ALLOWED_ORIGINS: PAGE, WAYBILL_DEMO_PORT: "off" },
    { dataDir: join(folder, "data"), cwd: folder },
  );
});

afterAll(async () => {
  await waybill?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The process id of the worker. */
function workerOf({ child }: WaybillProcess): number {
  const pid = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "latin1").trim().split(" ")[0];
  if (pid === undefined || pid === "") throw new Error("There is no worker.");
  return Number(pid);
}

/** Whether a process runs; one that nobody has asked for its exit code does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

/** Kills the worker and waits until it is told that the next one is up. */
async function loseWorker(of: WaybillProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  const earlier = of.output().length;
  const up = told(of, /The next worker is up/, earlier);
  process.kill(workerOf(of), signal);
  await up;
}

/** Resolves when the output has it, from a place on. */
async function told(of: WaybillProcess, what: RegExp, from = 0): Promise<void> {
  while (!what.test(of.output().slice(from))) {
    const heard = new AbortController();
    const { signal } = heard;
    await Promise.race([
      once(of.child.stdout!, "data", { signal }),
      once(of.child.stderr!, "data", { signal }),
    ]);
    heard.abort();
  }
}

interface Answer {
  readonly status: number;
  readonly lines: readonly string[];
  readonly body: string;
}

/** A connection of its own: what is sent, as it is, and all that comes until the other side ends. */
class Connection {
  readonly #socket;
  #text = "";

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname).setEncoding("latin1");
    this.#socket.on("data", (chunk) => {
      this.#text += String(chunk);
    });
    this.#socket.on("error", () => {});
  }

  send(method: string, path: string, headers: Readonly<Record<string, string>>, body = ""): void {
    const lines = Object.entries({ Host: new URL(waybill.api).host, ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
  }

  get text(): string {
    return this.#text;
  }

  async until(what: RegExp): Promise<void> {
    while (!what.test(this.#text)) await once(this.#socket, "data");
  }

  /** Everything until the end. */
  async rest(): Promise<string> {
    if (!this.#socket.closed) await once(this.#socket, "close");
    return this.#text;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function answerOf(text: string): Answer {
  const [head = "", body = ""] = text.split("\r\n\r\n", 2);
  const [first = "", ...lines] = head.split("\r\n");
  return { status: Number(first.split(" ")[1]), lines: lines.map((line) => line.toLowerCase()), body };
}

const valuesOf = ({ lines }: Answer, name: string) =>
  lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim());

describe("a worker that is killed", () => {
  const cases = [
    { who: "an allowed origin", headers: { Origin: PAGE }, allowed: [PAGE] },
    { who: "a denied origin", headers: { Origin: STRANGER }, allowed: [] },
    { who: "no origin", headers: {}, allowed: [] },
  ];
  test.each(cases)("leaves 502 for a request it had begun with, for $who", async ({ headers, allowed }) => {
    const connection = new Connection(waybill.api);
    const waits = told(waybill, WAITS, waybill.output().length);
    connection.send("GET", "/v1/files/atc_1", headers);
    await waits;
    await loseWorker(waybill);
    const answer = answerOf(await connection.rest());
    expect(answer.status).toBe(502);
    expect(valuesOf(answer, "access-control-allow-origin")).toEqual(allowed);
    expect(valuesOf(answer, "vary")).toEqual(["origin"]);
    expect(valuesOf(answer, "retry-after")).toEqual(["1"]);
    expect(valuesOf(answer, "x-request-id")).toHaveLength(1);
    expect(answer.body).toContain('"code":"worker_lost"');
  });

  test("leaves 502 for a request whose body still arrives", async () => {
    const connection = new Connection(waybill.api);
    const waits = told(waybill, WAITS, waybill.output().length);
    connection.send("POST", "/chatkit", {
      Origin: PAGE,
      "Content-Type": "application/json",
      "Content-Length": "1000000",
    });
    await waits;
    await loseWorker(waybill);
    await connection.until(/worker_lost/);
    expect(valuesOf(answerOf(connection.text), "access-control-allow-origin")).toEqual([PAGE]);
    connection.destroy();
  });

  test("takes no idle connection along: its next request is answered by the next worker, or it is closed", async () => {
    const connection = new Connection(waybill.api);
    connection.send("GET", "/v1", { Origin: PAGE });
    await connection.until(/"waybill"/);
    await loseWorker(waybill);
    const { length } = connection.text;
    connection.send("GET", "/v1", { Origin: PAGE, Connection: "close" });
    const rest = (await connection.rest()).slice(length);
    if (rest !== "") expect(answerOf(rest).status).toBe(200);
    expect((await fetch(`${waybill.api}/v1`)).status).toBe(200);
  });

  test("is replaced where somebody ends it gently, too", async () => {
    await loseWorker(waybill, "SIGTERM");
    expect((await fetch(`${waybill.api}/v1`)).status).toBe(200);
  });
});

test("half an answer is cut off, and nothing is written behind it", async () => {
  await using other = await startWaybill();
  const connection = new Connection(other.api);
  const body = JSON.stringify({
    type: "threads.create",
    params: {
      input: { content: [{ type: "input_text", text: "hello" }], attachments: [], inference_options: {} },
    },
  });
  connection.send(
    "POST",
    "/chatkit",
    {
      Host: new URL(other.api).host,
      "Content-Type": "application/json",
      "Content-Length": String(body.length),
    },
    body,
  );
  await connection.until(/text_delta/);
  await loseWorker(other);
  const text = await connection.rest();
  expect(text.match(/HTTP\/1\.1/g)).toEqual(["HTTP/1.1"]);
  expect(text).not.toContain("worker_lost");
});

test("while there is no worker, preflights are answered as ever and requests with 502 that the page may read", async () => {
  const own = await mkdtemp(join(tmpdir(), "waybill-supervised-"));
  // The second worker does not come up, and neither do those after it.
  await writeFile(
    join(own, "waybill.config.ts"),
    `import { existsSync, writeFileSync } from "node:fs";
if (existsSync("started")) throw new Error("The disk is full.");
writeFileSync("started", "");
export default {};`,
  );
  try {
    await using broken = await startWaybill(
      { WAYBILL_ALLOWED_ORIGINS: PAGE, WAYBILL_DEMO_PORT: "off" },
      { dataDir: join(own, "data"), cwd: own },
    );
    process.kill(workerOf(broken), "SIGKILL");
    await told(broken, /The disk is full.*started in/);
    const preflight = await fetch(`${broken.api}/chatkit`, {
      method: "OPTIONS",
      headers: {
        origin: PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "chatkit-frame-instance-id,content-type",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe(
      "chatkit-frame-instance-id, content-type",
    );
    const answer = await fetch(`${broken.api}/chatkit`, {
      method: "POST",
      headers: { origin: PAGE, "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBe(502);
    expect(answer.headers.get("access-control-allow-origin")).toBe(PAGE);
    expect(await answer.json()).toMatchObject({ error: { code: "worker_lost" } });
    expect(await broken.end("SIGTERM")).toBe(0);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
});

test("a worker ends with its supervisor, however that ends", async () => {
  await using other = await startWaybill();
  const worker = workerOf(other);
  // The output is closed when nobody has it any more, and the worker has it, too.
  expect(await other.end("SIGKILL")).toBe("SIGKILL");
  expect(isRunning(worker)).toBe(false);
});
