import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Log } from "@waybill/server";
import type { Problem } from "../serve/settings.ts";
import type { WaybillFacts } from "../serve/start.ts";
import { ConnectionStates } from "./connection-states.ts";
import type { ListenerName, ToSupervisor, ToWorker } from "./messages.ts";
import { StandIns } from "./stand-ins.ts";
import { WORKER_FLAGS } from "./worker-flags.ts";

/** A worker that lived shorter than this will hardly live longer at once. */
const STEADY_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;
/** Answers get 3 s and connections 5 s; what then still runs hangs. */
const LONGEST_END_MS = 15_000;

/** A supervised Waybill. */
export interface Supervised {
  readonly facts: WaybillFacts;
  /** Ends the worker as gently as it can be done, and everything else. */
  close(): Promise<void>;
}

/**
 * Owns the sockets and has a worker do the work: a worker that is killed, or crashes, takes no connection
 * with it. Requests that it had not begun to answer get a 502 that the page may read, and so does what comes until
 * the next worker is up. Connections are the worker's own, address of the client and all; nothing is copied.
 *
 * Resolves when the first worker is up, or with what keeps it from that.
 */
export async function supervise(log: Log): Promise<Supervised | readonly Problem[]> {
  const supervisor = new Supervisor(log);
  const started = await supervisor.start();
  if ("apiUrl" in started) return { facts: started, close: () => supervisor.close() };
  await supervisor.close();
  return started;
}

interface Held {
  readonly socket: Socket;
  readonly listener: ListenerName;
}

class Supervisor {
  readonly #log: Log;
  readonly #states = ConnectionStates.create();
  readonly #listeners = new Map<ListenerName, { readonly server: Server; readonly port: number }>();
  /** What the worker has, under the number of its place in the file. */
  readonly #held = new Map<number, Held>();
  readonly #free: number[] = [];
  readonly #standIns = new StandIns();
  #places = 0;
  #worker: ChildProcess | undefined;
  #isUp = false;
  #losses = 0;
  #restart: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#restart);
    for (const { server } of this.#listeners.values()) server.close();
    const worker = this.#worker;
    if (worker !== undefined) {
      const ended = once(worker, "exit");
      tell(worker, { kind: "close" });
      const force = setTimeout(() => worker.kill("SIGKILL"), LONGEST_END_MS);
      await ended;
      clearTimeout(force);
    }
    for (const { socket } of this.#held.values()) socket.destroy();
    await this.#standIns.close();
    this.#states.close();
  }

  /** Starts a worker, and others after it; resolves when it is up, or has ended. */
  start(): Promise<WaybillFacts | readonly Problem[]> {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const worker = fork(fileURLToPath(new URL(`./worker.${extension}`, import.meta.url)), [], {
      stdio: ["ignore", "inherit", "inherit", "ipc", this.#states.fd],
      execArgv: [...process.execArgv, ...WORKER_FLAGS],
    });
    const startedAt = performance.now();
    this.#worker = worker;
    return new Promise((resolve) => {
      let told: readonly Problem[] = [];
      worker.on("message", (message: ToSupervisor) => {
        switch (message.kind) {
          case "listen":
            void this.#listen(message.listener, message.port, message.hostname).then((reply) =>
              tell(worker, reply),
            );
            break;
          case "gone":
            // The last words of a lost worker are of places that the next one has now.
            if (this.#worker === worker) this.#release(message.id);
            break;
          case "problems":
            told = message.problems;
            break;
          case "ready":
            this.#isUp = true;
            this.#standIns
              .rest(message.cors, message.authenticates)
              .catch((error: unknown) =>
                this.#log({ level: "error", message: "Nobody stands in for a lost worker", error }),
              );
            if (this.#losses > 0) {
              const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
              this.#log({ level: "info", message: `The next worker is up, after ${seconds} s` });
            }
            resolve(message.facts);
            break;
        }
      });
      worker.once("error", (error) => {
        told = [{ name: "worker", message: error.message }];
      });
      worker.once("exit", (code, signal) => {
        const wasUp = this.#isUp;
        this.#isUp = false;
        this.#worker = undefined;
        this.#rescue();
        const how = signal ?? `exit code ${code}`;
        resolve(
          told.length > 0
            ? told
            : [{ name: "worker", message: `The process ended before it was up (${how}).` }],
        );
        if (this.#closing !== undefined || (!wasUp && this.#losses === 0)) return;
        if (performance.now() - startedAt > STEADY_MS) this.#losses = 0;
        const pauseMs = this.#losses === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 125 * 2 ** this.#losses);
        this.#losses += 1;
        const why = told.map(({ name, message }) => ` ${name}: ${message}`).join("");
        this.#log({
          level: "error",
          message: `The worker was lost (${how}).${why} Requests are answered with 502 until the next one is up; it is started ${pauseMs === 0 ? "now" : `in ${pauseMs / 1_000} s`}.`,
        });
        this.#restart = setTimeout(() => void this.start(), pauseMs);
      });
    });
  }

  /** Listeners stay when a worker goes: the next one finds them. */
  #listen(listener: ListenerName, port: number, hostname: string): Promise<ToWorker> {
    const known = this.#listeners.get(listener);
    if (known !== undefined) return Promise.resolve({ kind: "listening", listener, port: known.port });
    const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) =>
      this.#accept(listener, socket),
    );
    return new Promise((resolve) => {
      server.once("error", ({ code = "", message }: NodeJS.ErrnoException) =>
        resolve({ kind: "cannot-listen", listener, code, message }),
      );
      server.listen(port, hostname, () => {
        const address = server.address();
        const bound = typeof address === "object" && address !== null ? address.port : port;
        this.#listeners.set(listener, { server, port: bound });
        resolve({ kind: "listening", listener, port: bound });
      });
    });
  }

  #accept(listener: ListenerName, socket: Socket): void {
    const worker = this.#worker;
    // The first worker answers from its first moment on; what is lost is stood in for.
    if (worker === undefined || (this.#losses > 0 && !this.#isUp)) {
      this.#standIns.take(listener, socket);
      return;
    }
    const id = this.#free.pop() ?? this.#places++;
    this.#held.set(id, { socket, listener });
    this.#states.write(id, { at: "idle" });
    // Node would count it as one of a server that two processes share.
    Reflect.set(socket, "server", null);
    worker.send(
      { kind: "connection", listener, id } satisfies ToWorker,
      socket,
      { keepOpen: true },
      (error) => {
        // The worker is ending; what it has not got is nobody's.
        if (error !== null && this.#held.get(id)?.socket === socket) {
          this.#held.delete(id);
          this.#free.push(id);
          this.#standIns.take(listener, socket);
        }
      },
    );
  }

  #release(id: number): void {
    this.#held.get(id)?.socket.destroy();
    if (this.#held.delete(id)) this.#free.push(id);
  }

  /** Takes care of the connections of a worker that is gone. */
  #rescue(): void {
    for (const [id, { socket, listener }] of this.#held) {
      const state = this.#states.read(id);
      this.#free.push(id);
      // Half an answer cannot be mended, only told: the connection breaks.
      if (state.at === "answering" || this.#closing !== undefined) socket.destroy();
      else this.#standIns.take(listener, socket, state.at === "waiting" ? state.head : undefined);
    }
    this.#held.clear();
  }
}

function tell(worker: ChildProcess, message: ToWorker): void {
  // Whether it hears it or not: one that does not is ending, and that is heard of here.
  worker.send(message, () => {});
}
