import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A port of the loopback that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function succeeds(port: number, path: string): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).ok;
  } catch {
    return false;
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** How a program is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** @default this process's folder */
  readonly cwd?: string;
  /** Added to this process's own. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it listens once it is ready, on 127.0.0.1. */
  readonly port: number;
  /** A path that answers with a success once it is ready. @default that it listens is enough */
  readonly readyPath?: string;
}

/**
 * Starts a program in the foreground; resolves when it is ready. Closing ends it with
 * SIGTERM, after two seconds with SIGKILL, together with its children.
 *
 * @throws Error with what it printed, when it ends before, or is not ready within 15 seconds.
 */
export async function startProgram(program: Program): Promise<() => Promise<void>> {
  const { command, args, cwd, env, port, readyPath } = program;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let printed = "";
  const ended = new AbortController();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-8_000);
    });
  }
  const end = new Promise<void>((resolve) => {
    const finish = () => {
      ended.abort();
      resolve();
    };
    child.once("exit", finish);
    child.once("error", (error) => {
      printed += error.message;
      finish();
    });
  });
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined || ended.signal.aborted) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // It ended in between.
    }
  };
  const close = async () => {
    signal("SIGTERM");
    const kill = setTimeout(() => signal("SIGKILL"), 2_000);
    await end;
    clearTimeout(kill);
  };
  const deadline = performance.now() + 15_000;
  while (!ended.signal.aborted && performance.now() < deadline) {
    if (await (readyPath === undefined ? accepts(port) : succeeds(port, readyPath))) return close;
    await Promise.race([delay(20), end]);
  }
  await close();
  throw new Error(`${command} ${args.join(" ")} did not come up:\n${printed}`);
}
