// Keeps requests of the ChatKit protocol in flight and checks every answer; prints one line of JSON for each operation.
// Run by turns.ts: node turns-client.ts PORT SERVER_PID COUNT ATTACHMENTS_FILE OPERATIONS
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";

const IN_FLIGHT = 16;
const DELTAS = 20;
const ITEMS = 1_000;

/** What one operation has cost. */
export interface Cost {
  readonly op: string;
  readonly per_s: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly server_cpu_ms: number;
  readonly server_rss_mib: number;
  readonly client_cpu_percent: number;
  readonly bytes: number;
}

/** One connection, kept open, with one request at a time; HTTP is read no further than these servers write it. */
class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #answered: (answer: { status: number; body: Buffer }) => void = () => {};
  #failed: (error: Error) => void = () => {};
  #received: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.#port = port;
  }

  #open(): Socket {
    const socket = connect(this.#port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      const head = this.#received.indexOf("\r\n\r\n");
      if (head === -1) return;
      const headers = this.#received.latin1Slice(0, head).toLowerCase();
      const body = wholeBody(headers, this.#received, head + 4);
      if (body === undefined) return;
      this.#received = Buffer.alloc(0);
      this.#answered({ status: Number(headers.slice(9, 12)), body });
    });
    socket.on("error", (error) => this.#failed(error));
    socket.on("close", () => {
      // Servers close what has been idle for a while.
      this.#socket = undefined;
      this.#failed(new Error("The server has closed the connection."));
    });
    return socket;
  }

  post(json: string): Promise<{ status: number; body: Buffer }> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket ??= this.#open();
      this.#socket.write(
        `POST /chatkit HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: text/event-stream, application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
      );
    });
  }

  close(): void {
    this.#failed = () => {};
    this.#socket?.destroy();
  }
}

/** The body, if it has arrived to its end. */
function wholeBody(headers: string, received: Buffer, start: number): Buffer | undefined {
  const length = /\r\ncontent-length: (\d+)/.exec(headers)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return received.length < end ? undefined : received.subarray(start, end);
  }
  // The cheapest look that cannot be wrong: nothing follows the last chunk of one request at a time.
  if (received.length < start + 5 || received.latin1Slice(received.length - 5) !== "0\r\n\r\n")
    return undefined;
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const line = received.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const size = Number.parseInt(received.latin1Slice(at, line), 16);
    if (size === 0) return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    if (line + 2 + size > received.length) return undefined;
    chunks.push(received.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
}

const [port, pid, count, attachmentsFile, operations] = process.argv.slice(2);
const turns = Number(count);
const attachments = readFileSync(attachmentsFile ?? "", "utf8")
  .split("\n")
  .filter(Boolean);
const connections = Array.from({ length: IN_FLIGHT }, () => new Connection(Number(port)));

function serverCpuMs(): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime and stime, in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function serverRssMib(): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

const inputOf = (attachment?: string) => ({
  content: [{ type: "input_text", text: "hello, please describe this image" }],
  attachments: attachment === undefined ? [] : [attachment],
  inference_options: {},
});
const createOf = (attachment?: string) =>
  JSON.stringify({ type: "threads.create", params: { input: inputOf(attachment) } });
const addOf = (threadId: string) =>
  JSON.stringify({ type: "threads.add_user_message", params: { thread_id: threadId, input: inputOf() } });

async function each(n: number, work: (index: number, worker: number) => Promise<void>): Promise<void> {
  let index = 0;
  await Promise.all(
    connections.map(async (_, worker) => {
      while (index < n) {
        const own = index;
        index += 1;
        await work(own, worker);
      }
    }),
  );
}

async function measure(
  op: string,
  bodyOf: (index: number, worker: number) => string,
  isRight: (body: Buffer) => boolean,
): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  const ask = (first: number) => async (index: number, worker: number) => {
    const start = performance.now();
    const answer = await connections[worker]?.post(bodyOf(first + index, worker));
    if (answer?.status !== 200 || !isRight(answer.body))
      throw new Error(`${op}: ${answer?.status} ${answer?.body.toString().slice(-400)}`);
    times.push(performance.now() - start);
    bytes += answer.body.length;
  };
  const warm = Math.ceil(turns / 5);
  await each(warm, ask(turns));
  times.length = 0;
  bytes = 0;
  const cpu = serverCpuMs();
  const own = process.cpuUsage();
  const start = performance.now();
  await each(turns, ask(0));
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(own);
  times.sort((a, b) => a - b);
  const cost: Cost = {
    op,
    per_s: (turns / wall) * 1_000,
    p50_ms: times[Math.floor(turns * 0.5)] ?? 0,
    p99_ms: times[Math.floor(turns * 0.99)] ?? 0,
    server_cpu_ms: (serverCpuMs() - cpu) / turns,
    server_rss_mib: serverRssMib(),
    client_cpu_percent: (user + system) / 10 / wall,
    bytes: bytes / turns,
  };
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}

const eventsOf = (body: Buffer): { type: string; thread?: { id: string }; update?: { type: string } }[] =>
  body
    .toString()
    .split("\n\n")
    .filter(Boolean)
    .map((frame) => JSON.parse(frame.slice("data: ".length)));

/** The assistant's message must be done, and nothing may have failed. */
const isAnswer = (body: Buffer) => {
  const done = body.lastIndexOf('"thread.item.done"');
  return done > 0 && body.indexOf("assistant_message", done) > 0 && !body.includes('"type":"error"');
};
const isPage = (body: Buffer) => body.length > 500 && body.includes('"has_more":true');

async function newThread(worker: number, attachment?: string): Promise<string> {
  const answer = await connections[worker]?.post(createOf(attachment));
  const events = eventsOf(answer?.body ?? Buffer.alloc(0));
  const deltas = events.filter(({ update }) => update?.type.endsWith(".text_delta"));
  if (deltas.length !== DELTAS) throw new Error(`A turn has ${deltas.length} deltas, not ${DELTAS}.`);
  return events.find(({ type }) => type === "thread.created")?.thread?.id ?? "";
}

for (const op of (operations ?? "create,add,items,threads").split(",")) {
  if (op === "create") await measure(op, (index) => createOf(attachments[index]), isAnswer);
  if (op === "add") {
    const ids = await Promise.all(connections.map((_, worker) => newThread(worker)));
    await measure(op, (_, worker) => addOf(ids[worker] ?? ""), isAnswer);
  }
  if (op === "items") {
    const id = await newThread(0);
    for (let item = 2; item <= ITEMS; item += 2) await connections[0]?.post(addOf(id));
    const list = JSON.stringify({
      type: "items.list",
      params: { thread_id: id, limit: 20, order: "desc" },
    });
    await measure(op, () => list, isPage);
  }
  if (op === "threads") {
    const list = JSON.stringify({ type: "threads.list", params: { limit: 20, order: "desc" } });
    await measure(op, () => list, isPage);
  }
}
for (const connection of connections) connection.close();
