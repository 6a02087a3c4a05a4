// Turns and lists per second on the durable SQLite store, beside the official Python server on SQLite and
// beside the same bytes from a constant, in turn, in one run. Each server is one process on core 0, the client
// is on core 1. Promise: at least 10 times the official server for "create" (with an attachment) and "add".
// Run: node bench/turns.ts [COUNT] [ROUNDS] (Linux; OFFICIAL_PYTHON names a Python with conformance/official-server/requirements.txt)
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createId } from "@waybill/protocol";
import { sqlite } from "@waybill/storage/sqlite";
import { WORKER_FLAGS } from "../packages/waybill/src/supervisor/worker-flags.ts";
import type { Cost } from "./turns-client.ts";

const COUNT = Number(process.argv[2] ?? 2_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const OPERATIONS = ["create", "add", "items", "threads"];
// A slower server is measured with fewer turns, so that each takes about as long.
const OFFICIAL_SHARE = 0.15;

const here = (name: string) => join(import.meta.dirname, name);
const python = process.env["OFFICIAL_PYTHON"];
const folder = await mkdtemp(join(tmpdir(), "waybill-bench-"));

const run = (core: number, command: string, args: readonly string[], input?: string): ChildProcess => {
  const child = spawn("taskset", ["-c", String(core), command, ...args], {
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "inherit"],
  });
  child.stdin?.end(input);
  return child;
};

const linesOf = (child: ChildProcess) => createInterface({ input: child.stdout ?? process.stdin });

interface Peer {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: string;
  readonly count: number;
}

async function start(name: string, count: number, command: string, args: readonly string[]): Promise<Peer> {
  const child = run(0, command, args);
  const [port] = await once(linesOf(child), "line");
  return { name, child, port: String(port), count };
}

async function seed(ids: readonly string[]): Promise<void> {
  const store = sqlite(join(folder, "waybill.db"));
  await store.open();
  const time = new Date().toISOString();
  const owner = { tenant: "default", user: "local" };
  await Promise.all(
    ids.map((id) =>
      store.attachments.create({
        id,
        owner,
        name: "a.png",
        mime_type: "image/png",
        type: "image",
        state: "ready",
        epoch: 1,
        size_bytes: 73,
        sha256: "0".repeat(64),
        width: 2,
        height: 2,
        preview_bytes: 60,
        storage_key: `t/default/o/${id}/orig`,
        created_at: time,
        touched_at: time,
      }),
    ),
  );
  await store.close();
  if (python === undefined) return;
  await once(run(0, python, [here("official/app.py"), folder, "seed"], ids.join("\n")), "exit");
}

/** What the constant answers: the bytes of the server under test. */
async function record(port: string, attachment: string): Promise<void> {
  const ask = async (name: string, type: string, params: object) => {
    const response = await fetch(`http://127.0.0.1:${port}/chatkit`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ type, params }),
    });
    const body = Buffer.from(await response.arrayBuffer());
    await writeFile(join(folder, `${name}.bin`), body);
    return body.toString();
  };
  const input = {
    content: [{ type: "input_text", text: "hello, please describe this image" }],
    inference_options: {},
  };
  const created = await ask("create", "threads.create", { input: { ...input, attachments: [attachment] } });
  const thread_id = /thr_\w+/.exec(created)?.[0];
  for (let turn = 0; turn < 21; turn += 1) {
    await ask("threads", "threads.create", { input: { ...input, attachments: [] } });
    await ask("add", "threads.add_user_message", { thread_id, input: { ...input, attachments: [] } });
  }
  await ask("items", "items.list", { thread_id, limit: 20, order: "desc" });
  await ask("threads", "threads.list", { limit: 20, order: "desc" });
}

const costs = new Map<string, Cost[]>();

async function measure({ name, child, port, count }: Peer, ids: readonly string[]): Promise<void> {
  const file = join(folder, "attachments.txt");
  await writeFile(file, ids.join("\n"));
  const arguments_ = [
    here("turns-client.ts"),
    port,
    String(child.pid),
    String(count),
    file,
    OPERATIONS.join(","),
  ];
  const client = run(1, process.execPath, arguments_);
  linesOf(client).on("line", (line) => {
    const cost: Cost = JSON.parse(line);
    const key = `${cost.op} ${name}`;
    costs.set(key, [...(costs.get(key) ?? []), cost]);
  });
  const [code] = await once(client, "close");
  if (code !== 0) throw new Error(`The client of ${name} has failed.`);
}

const perRound = Math.ceil(COUNT * 1.2);
const ids = Array.from({ length: perRound * ROUNDS + 1 }, () => createId("attachment"));
await seed(ids);
const peers: Peer[] = [];
try {
  const own = await start("waybill", COUNT, process.execPath, [
    ...WORKER_FLAGS,
    here("turns-server.ts"),
    folder,
  ]);
  peers.push(own);
  await record(own.port, ids.at(-1) ?? "");
  peers.push(await start("constant", COUNT, process.execPath, [here("turns-constant.ts"), folder]));
  if (python !== undefined) {
    const count = Math.ceil(COUNT * OFFICIAL_SHARE);
    peers.push(await start("official", count, python, [here("official/app.py"), folder]));
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const peer of peers) await measure(peer, ids.slice(round * perRound, (round + 1) * perRound));
  }
} finally {
  for (const { child } of peers) child.kill("SIGTERM");
  await Promise.all(peers.map(({ child }) => (child.exitCode === null ? once(child, "exit") : undefined)));
  await rm(folder, { recursive: true, force: true });
}

const best = (op: string, name: string) => {
  const all = costs.get(`${op} ${name}`) ?? [];
  return {
    per_s: Math.max(...all.map((cost) => cost.per_s)),
    cpu: Math.min(...all.map((cost) => cost.server_cpu_ms)),
    p50: Math.min(...all.map((cost) => cost.p50_ms)),
    p99: Math.min(...all.map((cost) => cost.p99_ms)),
    rss: Math.max(...all.map((cost) => cost.server_rss_mib)),
  };
};
const out = [
  `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores; Node ${process.version}; ${COUNT} of each, best of ${ROUNDS} rounds`,
  "operation  server       per s   CPU ms each   p50 ms   p99 ms   MiB",
];
for (const op of OPERATIONS) {
  for (const { name } of peers) {
    const { per_s, cpu, p50, p99, rss } = best(op, name);
    out.push(
      [
        op.padEnd(10),
        name.padEnd(10),
        per_s.toFixed(0).padStart(7),
        cpu.toFixed(3).padStart(13),
        p50.toFixed(2).padStart(8),
        p99.toFixed(2).padStart(8),
        String(rss).padStart(5),
      ].join(" "),
    );
  }
  if (python !== undefined) {
    const [ours, theirs] = [best(op, "waybill"), best(op, "official")];
    const byRate = (ours.per_s / theirs.per_s).toFixed(1);
    const byCpu = (theirs.cpu / ours.cpu).toFixed(1);
    out.push(`${op.padEnd(10)} ${byRate} times the official server by rate, ${byCpu} by CPU`);
  }
}
if (python === undefined) out.push("The official server was not measured: OFFICIAL_PYTHON is not set.");
process.stdout.write(`${out.join("\n")}\n`);
