import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = new URL("main.ts", import.meta.url).pathname;
let folder: string;
const running: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "waybill-scripted-"));
  const scripts = { default: [{ op: "text_stream", chunks: ["scripts of ${content}"] }] };
  await writeFile(join(folder, "scripts.json"), JSON.stringify(scripts));
});
afterEach(async () => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Starts one whose data is in the test's folder; the process and its URL. */
async function start(...options: string[]) {
  const args = ["--conditions=@waybill/source", MAIN, "--scripts", "scripts.json", ...options];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, url };
}

const ask = (url: string, body: unknown, user = "ann") =>
  fetch(`${url}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-golden-user": user },
    body: JSON.stringify(body),
  });
const hello = {
  type: "threads.create",
  params: {
    input: { content: [{ type: "input_text", text: "hi" }], attachments: [], inference_options: {} },
  },
};
const upload = { type: "attachments.create", params: { name: "a.txt", size: 1, mime_type: "text/plain" } };

test("servers run side by side, each with its data, and nothing is left of one that was told to end", async () => {
  const [two, none] = await Promise.all([start(), start("--upload-strategy", "none", "--port", "0")]);
  expect(await (await ask(two.url, hello)).text()).toContain('scripts of [{\\"type\\":\\"input_text\\"');
  const list = { type: "threads.list", params: {} };
  expect(await (await ask(none.url, list)).json()).toEqual({ data: [], has_more: false });
  expect(await (await ask(two.url, list, "bob")).json()).toEqual({ data: [], has_more: false });
  expect((await ask(two.url, upload)).status).toBe(200);
  expect((await ask(none.url, upload)).status).toBe(501);
  for (const { child } of [two, none]) {
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  }
  expect(await readdir(folder)).toEqual(["scripts.json"]);
});

test("an option that it does not know ends it with how it is used", async () => {
  const child = spawn(process.execPath, [MAIN, "--upload-strategy", "pigeon"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.push(child);
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  expect(await once(child, "close")).toEqual([2, null]);
  expect(said).toContain("--upload-strategy direct | two_phase | none");
});
