import type { Server } from "node:http";
import { Socket } from "node:net";
import { readConfigFile } from "../serve/config-file.ts";
import { readSettings } from "../serve/settings.ts";
import { start } from "../serve/start.ts";
import { ConnectionStates } from "./connection-states.ts";
import { HandedListeners } from "./handed-listeners.ts";
import type { ListenerName, ToSupervisor, ToWorker } from "./messages.ts";

/** Where the supervisor puts the file of {@link ConnectionStates}. */
const STATES_FD = 4;

/** The process that does the work; `supervise` starts it. It ends with its supervisor. */
async function work(): Promise<void> {
  if (process.send === undefined) throw new Error("A worker is started by `waybill serve` alone.");
  const send = (message: ToSupervisor) => void process.send?.(message, undefined, {}, () => {});
  const cwd = process.cwd();
  const listeners = new HandedListeners(
    {
      send,
      onMessage: (take) =>
        process.on("message", (message: ToWorker, handle) =>
          take(message, handle instanceof Socket ? handle : undefined),
        ),
    },
    new ConnectionStates(STATES_FD),
  );
  // Nobody owns the sockets any more, and the next supervisor starts a worker of its own.
  process.once("disconnect", () => process.exit(1));

  const { settings, problems } = readSettings(process.env, cwd);
  const file = await readConfigFile(cwd);
  const listen = (name: ListenerName, server: Server, port: number, hostname: string) =>
    listeners.listen(name, server, port, hostname);
  const started = await start(settings, file.config, [...problems, ...file.problems], cwd, listen);
  if (!("close" in started)) {
    process.send({ kind: "problems", problems: started } satisfies ToSupervisor, () => process.exit(1));
    return;
  }
  let closing = false;
  const close = () => {
    if (closing) return;
    closing = true;
    started.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("message", (message: ToWorker) => {
    if (message.kind === "close") close();
  });
  // A terminal tells the whole group; the supervisor says `close` as well.
  process.on("SIGINT", close);
  process.on("SIGTERM", close);
  const { cors, authenticates, ...facts } = started;
  const { origins } = cors;
  send({
    kind: "ready",
    facts: { apiUrl: facts.apiUrl, filesUrl: facts.filesUrl, demoUrl: facts.demoUrl, facts: facts.facts },
    cors: typeof origins === "function" ? null : { ...cors, origins },
    authenticates,
  });
}

await work();
