import { resolve } from "node:path";
import { isLoopbackHost } from "@waybill/server";
import { type AuthSettings, readAuthSettings } from "./auth-settings.ts";
import { LOG_LEVELS, type LogLevel } from "./logger.ts";
import { type ModelSettings, modelNotes, readModelSettings } from "./responder.ts";

/** One thing that keeps `waybill serve` from starting. */
export interface Problem {
  /** The variable, or the part of the server, that must change. */
  readonly name: string;
  /** What is wrong and how to mend it, in one or two sentences. */
  readonly message: string;
}

/** What the environment asks for. Ports may be 0: any free one. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly filesPort: number;
  /** Undefined: no demo page. */
  readonly demoPort: number | undefined;
  /** Who finds the doctor's page at the API: everybody, people at this machine, or nobody. */
  readonly doctor: "everybody" | "local" | "nobody";
  readonly publicBaseUrl: string | undefined;
  readonly filesBaseUrl: string | undefined;
  /** Origins and patterns, as `CorsConfig.origins` takes them. Undefined: the demo page's own origins. */
  readonly allowedOrigins: readonly string[] | undefined;
  readonly auth: AuthSettings;
  readonly logLevel: LogLevel;
  /** Undefined: no model is asked. */
  readonly model: ModelSettings | undefined;
  readonly dataDir: string;
  /** Undefined: the demo's own picture host. */
  readonly importAllow: readonly string[] | undefined;
  /** Things that were asked for and are not to be had, in sentences. */
  readonly notes: readonly string[];
}

const DEMO_WITHOUT_USER =
  "The demo page names no user, so the API answers it with 401. Set WAYBILL_DEMO_PORT to off, or unset WAYBILL_AUTH.";

type Environment = Readonly<Record<string, string | undefined>>;

// Named by the contract of configuration; a person who sets one must not believe that it works.
const LATER: Readonly<Record<string, string>> = {
  DATABASE_URL: "conversations are stored in SQLite",
  S3_ENDPOINT: "attachments are stored on disk",
  REDIS_URL: "one process serves everybody",
  WAYBILL_UPSTREAMS: "there is no gateway",
};

/**
 * Reads the settings from environment variables; an empty one is unset. With problems,
 * the settings hold the defaults in place of what could not be read, so that the rest can
 * be checked too and everything wrong is told at once.
 */
export function readSettings(
  env: Environment,
  cwd: string,
): { readonly settings: Settings; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const get = (name: string) => env[name]?.trim() || undefined;
  const problem = (name: string, message: string) => void problems.push({ name, message });

  const port = (name: string, fallback: number): number => {
    const text = get(name);
    if (text === undefined) return fallback;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    problem(
      name,
      `${JSON.stringify(text)} is not a port. Use a number from 0 to 65535; 0 takes any free one.`,
    );
    return fallback;
  };
  const baseUrl = (name: string): string | undefined => {
    const text = get(name);
    if (text === undefined) return undefined;
    const url = URL.parse(text);
    if (
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      url.search === "" &&
      url.hash === "" &&
      url.username === ""
    ) {
      return url.href.replace(/\/$/, "");
    }
    problem(
      name,
      `${JSON.stringify(text)} is not a base URL. Write it as https://chat.example, without a query.`,
    );
    return undefined;
  };
  const list = (name: string) =>
    get(name)
      ?.split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");

  const level = get("LOG_LEVEL") ?? "info";
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (logLevel === undefined)
    problem("LOG_LEVEL", `${JSON.stringify(level)} is not a level. Use one of ${LOG_LEVELS.join(", ")}.`);
  const importAllow = list("WAYBILL_IMPORT_ALLOW");
  for (const pair of importAllow ?? []) {
    if (!/^(?:\[[0-9a-f:]+\]|[^\s:/?#@]+):\d{1,5}$/i.test(pair)) {
      problem(
        "WAYBILL_IMPORT_ALLOW",
        `${JSON.stringify(pair)} is not host:port. Write it as 127.0.0.1:9000.`,
      );
    }
  }
  const host = get("HOST") ?? "127.0.0.1";
  if (!/^[a-z0-9.:-]+$/i.test(host))
    problem("HOST", `${JSON.stringify(host)} is not a host name or address. Write it as 127.0.0.1.`);

  const doctor = get("WAYBILL_DOCTOR");
  if (doctor !== undefined && doctor !== "on" && doctor !== "off")
    problem("WAYBILL_DOCTOR", `${JSON.stringify(doctor)} is neither on nor off.`);
  const isLocal = isLoopbackHost(host.includes(":") ? `[${host}]` : host);
  const auth = readAuthSettings(get, problem);
  const demoPort = get("WAYBILL_DEMO_PORT") === "off" ? undefined : port("WAYBILL_DEMO_PORT", 8780);
  const settings: Settings = {
    host,
    port: port("PORT", 8787),
    filesPort: port("WAYBILL_FILES_PORT", 8788),
    demoPort,
    doctor: doctor === "on" ? "everybody" : doctor === undefined && isLocal ? "local" : "nobody",
    publicBaseUrl: baseUrl("WAYBILL_PUBLIC_BASE_URL"),
    filesBaseUrl: baseUrl("WAYBILL_FILES_BASE_URL"),
    allowedOrigins: list("WAYBILL_ALLOWED_ORIGINS"),
    auth,
    logLevel: logLevel ?? "info",
    model: readModelSettings(get, problem),
    dataDir: resolve(cwd, get("WAYBILL_DATA_DIR") ?? "data"),
    importAllow,
    notes: [
      ...Object.entries(LATER)
        .filter(([name]) => get(name) !== undefined)
        .map(([name, instead]) => `${name} is set, but this version does not use it: ${instead}.`),
      ...modelNotes(get),
      ...(auth.kind === "local" || demoPort === undefined ? [] : [DEMO_WITHOUT_USER]),
    ],
  };
  const taken = new Map<number, string>();
  const ports = {
    PORT: settings.port,
    WAYBILL_FILES_PORT: settings.filesPort,
    WAYBILL_DEMO_PORT: settings.demoPort,
  };
  for (const [name, value] of Object.entries(ports)) {
    if (value === undefined || value === 0) continue;
    const other = taken.get(value);
    if (other !== undefined)
      problem(
        name,
        `${value} is the port of ${other} too. Each listener is an origin of its own: give ${name} another port.`,
      );
    else taken.set(value, name);
  }
  return { settings, problems };
}
