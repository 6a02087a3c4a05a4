import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../../conformance/official-server/", import.meta.url));

/** The interpreter that has the official server's packages; undefined where the test command found none. */
export const officialPython = process.env["OFFICIAL_PYTHON"] || undefined;

/** The official Python server, in a process of its own. */
export interface OfficialServer {
  readonly origin: string;
  [Symbol.asyncDispose](): Promise<void>;
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

/** Starts the reference application with its CORS middleware, and waits until it listens. */
export async function startOfficialServer(upload: "two_phase" | "direct" | "none"): Promise<OfficialServer> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(
    officialPython ?? "python3",
    ["-m", "uvicorn", "cors:app", "--port", `${port}`, "--no-access-log"],
    {
      cwd: FOLDER,
      env: {
        PATH: process.env["PATH"],
        PYTHONDONTWRITEBYTECODE: "1",
        GOLDEN_UPLOAD: upload,
        GOLDEN_ORIGIN: origin,
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const ended = once(child, "close");
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      if (output.includes("Uvicorn running")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`The official server ended with ${code}:\n${output}`)));
  });
  return {
    origin,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
