import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqlite } from "../src/sqlite/sqlite-store.ts";
import { owner, turnOf } from "./samples.ts";

let folder: string;
let path: string;
let child: ChildProcess;
let lines: Interface;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-crash-"));
  path = join(folder, "waybill.db");
  const script = join(import.meta.dirname, "run-writer.ts");
  const started = spawn(process.execPath, ["--conditions=@waybill/source", script, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  lines = createInterface(started.stdout);
  await once(lines, "line");
});

afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

/** Ends the child without a chance to tidy up. */
async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

const sequence = (text: string): number => JSON.parse(text).acknowledged;

test("keeps everything that was acknowledged before SIGKILL, and names the run as abandoned", async () => {
  let acknowledged = 0;
  for await (const line of lines) {
    acknowledged = sequence(line);
    // Read on after the signal: what the child printed before it died was acknowledged too.
    if (acknowledged === 500) child.kill("SIGKILL");
  }
  await kill();
  expect(acknowledged).toBeGreaterThanOrEqual(500);

  const store = sqlite(path);
  await store.open();
  const entries = (await store.runs.read(owner, "r", 0))?.entries ?? [];
  expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
  expect(entries).toEqual(entries.map((_, index) => ({ seq: index + 1, data: `{"n":${index + 1}}` })));
  const items = await store.threads.listItems(owner, "t", { limit: 1000, order: "desc", hidden: true });
  expect(items.data.length).toBe(Math.min(1000, Math.floor(entries.length / 10)));
  expect(await store.runs.abandoned()).toEqual([{ id: "r", thread_id: "t", owner, entries }]);

  const last = { seq: entries.length + 1, data: "" };
  expect(await store.runs.finish("r", "interrupted", [last])).toBe(true);
  await store.runs.begin(turnOf("t", "s"));
  expect(await store.runs.abandoned()).toEqual([]);
  await store.close();
});

test("refuses a second process while the first lives, and lets it in as soon as that is dead", async () => {
  const store = sqlite(path);
  await expect(store.open()).rejects.toThrow(
    `Another Waybill is using ${path}; stop it, or set WAYBILL_DATA_DIR`,
  );
  await kill();
  await store.open();
  expect(await store.runs.newest(owner, "t")).toEqual({ id: "r", thread_id: "t", state: "active" });
  await store.close();
});
