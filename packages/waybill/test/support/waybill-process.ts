import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

/** A `waybill serve` of its own process, data folder and free ports. */
export interface WaybillProcess {
  readonly api: string;
  readonly files: string;
  readonly demo: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Sends a signal and waits for the end; the exit code, or the signal's name. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
  /** Ends it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the command with the given variables and waits until it listens. */
export async function startWaybill(
  env: Record<string, string> = {},
  options: { readonly dataDir?: string; readonly cwd?: string; readonly bin?: string } = {},
): Promise<WaybillProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "waybill-")));
  const run = runWaybill(
    ["serve"],
    { PORT: "0", WAYBILL_FILES_PORT: "0", WAYBILL_DEMO_PORT: "0", WAYBILL_DATA_DIR: dataDir, ...env },
    options.cwd ?? dataDir,
    options.bin,
  );
  const { child } = run;
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", () => {
      if (run.output().includes("Ctrl+C")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`waybill serve ended with ${code}:\n${run.output()}`)));
  });
  const row = (name: string) => new RegExp(`^  ${name} +(\\S+)`, "m").exec(run.output())?.[1] ?? "";
  return {
    api: row("API").replace(/\/chatkit$/, ""),
    files: row("Files"),
    demo: row("Demo page"),
    dataDir,
    child,
    output: run.output,
    end: run.end,
    async [Symbol.asyncDispose]() {
      await run.end("SIGKILL");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs the command; it need not come up. */
export function runWaybill(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
  bin: string = BIN,
) {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    // Nothing of the machine's own settings may leak in.
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const ended = once(child, "close");
  return {
    child,
    output: () => text,
    async end(signal?: NodeJS.Signals): Promise<number | string> {
      if (signal !== undefined && child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
      return child.signalCode ?? child.exitCode ?? "unknown";
    },
  };
}
