import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { UploadStrategy } from "./scenario.ts";

const HOME = dirname(dirname(fileURLToPath(import.meta.url)));
const STRATEGIES = ["two_phase", "direct", "none"] as const;

/** The origin whose pages a server that is started here serves; no other's. */
export const ALLOWED_ORIGIN = "https://app.example";

/** Servers under test, one a way of taking files, and their end. */
export interface Servers {
  readonly urls: Readonly<Record<UploadStrategy, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the scripted Waybill server in all three variants, each with data of its own. */
export function startWaybill(): Promise<Servers> {
  return startAll(async (strategy) => {
    const child = spawn(
      process.execPath,
      [
        "--conditions=@waybill/source",
        join(HOME, "waybill-server/main.ts"),
        "--scripts",
        join(HOME, "scripts.json"),
        "--upload-strategy",
        strategy,
        "--allowed-origin",
        ALLOWED_ORIGIN,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const [, url = ""] = await said(child, /^(http\S+)$/m, "The scripted Waybill server");
    return { child, url, signal: "SIGTERM" };
  });
}

/** Starts the official Python server in all three variants, by an interpreter that has its packages. */
export function startOfficial(python: string): Promise<Servers> {
  return startAll(async (strategy) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(python, ["-m", "uvicorn", "app:app", "--port", `${port}`, "--no-access-log"], {
      cwd: join(HOME, "official-server"),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", GOLDEN_UPLOAD: strategy, GOLDEN_ORIGIN: url },
      stdio: ["ignore", "pipe", "pipe"],
    });
    await said(child, /Uvicorn running/, "The official server");
    // It waits for connections to end, and keeps nothing that a kill would leave.
    return { child, url, signal: "SIGKILL" };
  });
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly signal: NodeJS.Signals;
}

async function startAll(start: (strategy: UploadStrategy) => Promise<Started>): Promise<Servers> {
  const attempts = await Promise.allSettled(STRATEGIES.map(start));
  const started = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  const end = async () => {
    await Promise.all(
      started.map(async ({ child, signal }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        child.kill(signal);
        await ended;
      }),
    );
  };
  const failed = attempts.find((attempt) => attempt.status === "rejected");
  if (failed !== undefined) {
    await end();
    throw failed.reason;
  }
  const [two_phase = "", direct = "", none = ""] = started.map(({ url }) => url);
  return { urls: { two_phase, direct, none }, [Symbol.asyncDispose]: end };
}

/** What a process says when it is ready; the rest is not kept. Rejects with everything it said if it ends before. */
function said(
  child: ChildProcessByStdio<null, Readable, Readable>,
  pattern: RegExp,
  name: string,
): Promise<RegExpExecArray> {
  let text = "";
  return new Promise((resolve, reject) => {
    let found: RegExpExecArray | null = null;
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding("utf8").on("data", (chunk: string) => {
        if (found !== null) return;
        text += chunk;
        found = pattern.exec(text);
        if (found !== null) resolve(found);
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}:\n${text}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
