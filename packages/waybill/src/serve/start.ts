import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { join, relative } from "node:path";
import {
  type ChatKitServer,
  ConfigurationError,
  createChatKitServer,
  isLoopbackHost,
  type ServerCors,
} from "@waybill/server";
import { type NodeServer, serve } from "@waybill/server/node";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import type { WaybillConfig } from "../config.ts";
import { createDemoPage, type DemoTargets } from "../demo/demo-page.ts";
import { demoPicture } from "../demo/failing-pictures.ts";
import { withDoctorPage } from "../doctor-page/doctor-page.ts";
import type { ListenerName } from "../supervisor/messages.ts";
import { authenticatorOf, authVariableOf, describeAuth } from "./auth-settings.ts";
import { lateApp } from "./late-app.ts";
import { createLogger } from "./logger.ts";
import { createResponder } from "./responder.ts";
import type { Problem, Settings } from "./settings.ts";
import { signingKey } from "./signing-key.ts";

const RUN_DRAIN_MS = 3_000;
const SOCKET_DRAIN_MS = 5_000;

/** What is told of a running Waybill. */
export interface WaybillFacts {
  /** The API's base URL, without a slash at its end. */
  readonly apiUrl: string;
  readonly filesUrl: string;
  /** Undefined without a demo page. */
  readonly demoUrl: string | undefined;
  /** What the banner says of store, files, responder, origins and users. */
  readonly facts: Readonly<Record<"store" | "responder" | "origins" | "users", string>>;
}

/** A running Waybill. */
export interface Waybill extends WaybillFacts {
  readonly cors: ServerCors;
  /** Whether it asks who people are. */
  readonly authenticates: boolean;
  /** Lets answers end, for 3 s, interrupts the rest, and closes everything. */
  close(): Promise<void>;
}

/** Has a server listen; resolves to the port. Rejects with Node's error. */
export type Listen = (name: ListenerName, server: Server, port: number, hostname: string) => Promise<number>;

/** Starts all listeners, or tells everything that keeps them from starting; then nothing is left running. */
export async function start(
  settings: Settings,
  config: WaybillConfig,
  earlier: readonly Problem[],
  cwd: string,
  listenFor: Listen,
): Promise<Waybill | readonly Problem[]> {
  const problems = [...earlier];
  const cleanUp: (() => Promise<unknown>)[] = [];
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConfigurationError) {
        for (const issue of error.issues)
          problems.push({ name: variableOf(issue.path), message: `${issue.message} ${issue.fix}` });
      } else problems.push({ name, message: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };

  const { auth } = settings;
  const authenticate =
    config.authenticate ?? (await attempt("WAYBILL_AUTH", async () => authenticatorOf(auth)));
  if (config.authenticate !== undefined && auth.kind !== "local") {
    problems.push({
      name: "WAYBILL_AUTH",
      message:
        "It is set, and waybill.config.ts has `authenticate`: only one of them can be asked. Remove the other.",
    });
  }
  problems.push(...exposureProblems(settings, config));

  const secret = await attempt("WAYBILL_DATA_DIR", () => signingKey(settings.dataDir));
  const logger = createLogger({
    level: settings.logLevel,
    readable: process.stderr.isTTY,
    pseudonymKey: secret?.secret ?? "",
  });
  const log = config.log ?? logger.log;

  const api = lateApp();
  const files = lateApp();
  let targets: DemoTargets | undefined;
  const listen = async (
    variable: string,
    name: ListenerName,
    port: number,
    app: ReturnType<typeof lateApp>,
  ) => {
    const server = await attempt(variable, () =>
      serve(app, {
        hostname: settings.host,
        port,
        listen: (...asked) => listenFor(name, ...asked),
        allowedHosts: () => app.hosts(),
        onError: (error, request_id) =>
          log({ level: "error", message: "A request was not answered", request_id, error }),
      }),
    );
    if (server !== undefined) cleanUp.push(() => server.close({ drainTimeoutMs: SOCKET_DRAIN_MS }));
    return server;
  };
  const apiServer = await listen("PORT", "api", settings.port, api);
  const filesServer = await listen("WAYBILL_FILES_PORT", "files", settings.filesPort, files);
  let demoPort: number | undefined;
  if (settings.demoPort !== undefined) {
    const demo = createDemoPage(() => targets);
    demoPort = await attempt("WAYBILL_DEMO_PORT", () => listenOn(demo, settings.demoPort ?? 0, listenFor));
    if (demoPort !== undefined) cleanUp.push(() => closeServer(demo));
  }

  const filesDir = join(settings.dataDir, "attachments");
  const store = config.store ?? sqlite(join(settings.dataDir, "waybill.db"));
  const fileStore = config.files ?? disk(filesDir);
  const apiUrl = settings.publicBaseUrl ?? urlOf(apiServer, settings.host);
  const filesUrl = settings.filesBaseUrl ?? urlOf(filesServer, settings.host);
  const demoOrigins =
    demoPort === undefined ? [] : [`http://localhost:${demoPort}`, `http://127.0.0.1:${demoPort}`];
  const origins = settings.allowedOrigins ?? demoOrigins;
  if (origins.length === 0) {
    problems.push({
      name: "WAYBILL_ALLOWED_ORIGINS",
      message:
        "No page may use this server: there is no demo page, and the variable is unset. List the origins of your pages, for example https://app.example.",
    });
  }
  const filesHost = hostAndPort(new URL(filesUrl));
  const importAllow =
    settings.importAllow ??
    (demoPort === undefined ? [] : [filesHost, filesHost.replace("127.0.0.1", "localhost")]);
  const element = await attempt("chatkit.js", () => readElement());
  const responder = await attempt("WAYBILL_MODEL", () =>
    createResponder(config.respond, settings.model, log),
  );

  const cors = config.cors ?? { origins, credentials: true };
  const chat = await attempt("waybill.config.ts", async (): Promise<ChatKitServer | undefined> => {
    if (responder === undefined) return undefined;
    const server = createChatKitServer({
      cors,
      authenticate,
      store,
      files: fileStore,
      respond: responder.respond,
      action: config.action,
      syncAction: config.syncAction,
      streamOptions: config.streamOptions,
      onStopped: config.onStopped,
      ...(config.attachmentWays === undefined ? {} : { attachmentWays: config.attachmentWays }),
      ...(config.attachmentLimits === undefined ? {} : { attachmentLimits: config.attachmentLimits }),
      publicBaseUrl: apiUrl,
      filesBaseUrl: filesUrl,
      ...(secret === undefined ? {} : { signingKeys: [secret] }),
      importAllow,
      ...(element === undefined ? {} : { element }),
      onFeedback: config.onFeedback,
      transcribe: config.transcribe,
      log,
      onRequest: logger.onRequest,
    });
    return server;
  });
  if (chat !== undefined) {
    const opened = await attempt("WAYBILL_DATA_DIR", () => chat.open().then(() => true));
    if (opened === true) cleanUp.unshift(() => chat.close({ drainTimeoutMs: RUN_DRAIN_MS }));
  }
  const close = async () => {
    await Promise.all(cleanUp.map((end) => end()));
  };
  if (problems.length > 0 || chat === undefined || responder === undefined) {
    await close();
    return problems;
  }

  const { doctor } = settings;
  const withDoctor = doctor === "nobody" ? chat : withDoctorPage(chat, { onlyLocal: doctor === "local" });
  api.become(withDoctor, loopbackHosts(apiServer, apiUrl));
  files.become(withDemoPictures(chat.files, demoPort !== undefined), loopbackHosts(filesServer, filesUrl));
  targets = { api: apiUrl, files: filesUrl, origins: demoOrigins };
  return {
    apiUrl,
    filesUrl,
    demoUrl: demoOrigins[0],
    facts: {
      store: `${short(store.description, cwd)}; ${short(fileStore.description, cwd)}`,
      responder: responder.description,
      origins: origins.join(", "),
      users: config.authenticate === undefined ? describeAuth(auth) : "as waybill.config.ts says",
    },
    cors,
    authenticates: authenticate !== undefined,
    close,
  };
}

function withDemoPictures(files: ChatKitServer["files"], demo: boolean): ChatKitServer["files"] {
  if (!demo) return files;
  return {
    ...files,
    fetch: async (request, env) => (await demoPicture(request)) ?? files.fetch(request, env),
  };
}

async function readElement(): Promise<string> {
  try {
    return await readFile(new URL(import.meta.resolve("@waybill/element/chatkit.js")), "utf8");
  } catch (error) {
    throw new Error("The element's bundle is missing. Build it with `npm run build`.", { cause: error });
  }
}

function variableOf(path: string): string {
  if (/^(?:jwt|header)User\./.test(path)) return authVariableOf(path);
  return path.startsWith("cors.origins") ? "WAYBILL_ALLOWED_ORIGINS" : path;
}

/** What must be true before other machines can reach the listeners. */
function exposureProblems(settings: Settings, config: WaybillConfig): Problem[] {
  const { host, auth } = settings;
  if (isLoopbackHost(hostOfUrl(host))) return [];
  const problems: Problem[] = [];
  if (auth.kind === "local" && config.authenticate === undefined) {
    problems.push({
      name: "HOST",
      message: `${host} can be reached from other machines, and nobody is asked who they are. Use 127.0.0.1, set WAYBILL_AUTH, or write \`authenticate\` into waybill.config.ts.`,
    });
  }
  if (host !== "0.0.0.0" && !/^[:0]+$/.test(host)) return problems;
  const urls = {
    WAYBILL_PUBLIC_BASE_URL: settings.publicBaseUrl,
    WAYBILL_FILES_BASE_URL: settings.filesBaseUrl,
  };
  for (const [name, url] of Object.entries(urls)) {
    if (url !== undefined) continue;
    const message = `HOST=${host} stands for every address of this machine and names none that a page could use. Set ${name} to the one that pages use, for example https://chat.example.`;
    problems.push({ name, message });
  }
  return problems;
}

function hostOfUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** With the port that a URL leaves out. */
function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

function urlOf(server: NodeServer | undefined, host: string): string {
  return `http://${hostOfUrl(host)}:${server?.port ?? 0}`;
}

/** A listener on the loopback answers to the loopback's names and to the public one alone: DNS rebinding ends here. */
function loopbackHosts(server: NodeServer | undefined, publicUrl: string): readonly string[] {
  const port = server?.port ?? 0;
  return [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, new URL(publicUrl).host];
}

async function listenOn(server: Server, port: number, listen: Listen): Promise<number> {
  try {
    return await listen("demo", server, port, "127.0.0.1");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const sentence =
      code === "EADDRINUSE"
        ? `Port ${port} is in use by another program. Stop that program, or set WAYBILL_DEMO_PORT to another port or to off.`
        : `The demo page cannot listen on port ${port} (${code ?? message}). Set WAYBILL_DEMO_PORT to another port or to off.`;
    throw new Error(sentence, { cause: error });
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Paths below the working folder read better relative. */
function short(description: string, cwd: string): string {
  return description.replaceAll(cwd, relative(cwd, cwd) || ".");
}
