import { execFile } from "node:child_process";
import { copyFile, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Fix } from "@waybill/doctor";
import { freePort, startProgram } from "../run.ts";
import { applyFix, type Running, type Setup } from "../setup.ts";

const HERE = import.meta.dirname;
const MODULES = join(HERE, "../../../../../node_modules");

/** The Python with `requirements.txt`, if there is one: its set-ups are left out without. */
export const setupsPython = process.env["SETUPS_PYTHON"] || undefined;
/** The program `go`, if there is one. */
export const goProgram = process.env["GO_PROGRAM"] || undefined;

type Start = Setup["start"];

/** Writes an application of this folder, mended by the fix. */
async function write(source: string, target: string, fix: Fix | null): Promise<void> {
  await writeFile(target, applyFix(await readFile(join(HERE, source), "utf8"), fix));
}

/** Starts a program that listens where `PORT` says, for pages of `PAGE_ORIGIN`. */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  pageOrigin: string,
): Promise<Running> {
  const port = await freePort();
  const env = { PORT: String(port), PAGE_ORIGIN: pageOrigin };
  const close = await startProgram({ command, args, cwd, env, port });
  return { url: `http://127.0.0.1:${port}`, close };
}

/** Starts a JavaScript file; it finds the workspace's packages. */
export const startNode =
  (source: string): Start =>
  async (folder, pageOrigin, fix) => {
    await write(source, join(folder, "application.mjs"), fix);
    await symlink(MODULES, join(folder, "node_modules"));
    const args = ["--conditions=@waybill/source", "application.mjs"];
    return run(process.execPath, args, folder, pageOrigin);
  };

/** Starts a Python file. */
export const startPython =
  (source: string): Start =>
  async (folder, pageOrigin, fix) => {
    await write(source, join(folder, "application.py"), fix);
    return run(setupsPython ?? "python3", ["application.py"], folder, pageOrigin);
  };

/** Starts `django/application.py` with settings of its own. */
export const startDjango =
  (settings: string): Start =>
  async (folder, pageOrigin, fix) => {
    await write(settings, join(folder, "settings.py"), fix);
    await copyFile(join(HERE, "django/application.py"), join(folder, "application.py"));
    return run(setupsPython ?? "python3", ["application.py"], folder, pageOrigin);
  };

/** Builds and starts a Go file. */
export const startGo =
  (source: string): Start =>
  async (folder, pageOrigin, fix) => {
    await write(source, join(folder, "main.go"), fix);
    // Without a module, and with whatever Go is there.
    const env = { ...process.env, GO111MODULE: "off", GOTOOLCHAIN: "local", GOFLAGS: "" };
    await promisify(execFile)(goProgram ?? "go", ["build", "-o", "application", "main.go"], {
      cwd: folder,
      env,
    });
    return run(join(folder, "application"), [], folder, pageOrigin);
  };
