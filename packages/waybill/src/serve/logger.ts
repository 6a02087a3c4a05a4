import { createHmac } from "node:crypto";
import type { Log, LogEntry, OnRequest, RequestFacts } from "@waybill/server";
import { type DestinationStream, destination, type Level, pino } from "pino";

/** How much is logged; `silent` is nothing. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the command tells what happens. */
export interface Logger {
  readonly log: Log;
  readonly onRequest: OnRequest;
}

/** How a logger is made. */
export interface LoggerOptions {
  readonly level: LogLevel;
  /** Lines for people instead of JSON. */
  readonly readable: boolean;
  /** Keys the pseudonyms of users: the same user has the same one as long as the key is. */
  readonly pseudonymKey: string;
  /** @default standard error */
  readonly write?: (line: string) => void;
}

const LEVEL_OF: Readonly<Record<LogEntry["level"], Level>> = {
  info: "info",
  warning: "warn",
  error: "error",
};
/** Asked every few seconds by machines. */
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * One line for each entry and each answered request, written before the call returns. Users appear as
 * pseudonyms; headers, queries and bodies do not appear.
 */
export function createLogger({ level, readable, pseudonymKey, write }: LoggerOptions): Logger {
  const sink: DestinationStream =
    write === undefined ? destination({ dest: 2, sync: true }) : { write: (line) => write(line) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    readable ? { write: (line) => void sink.write(readableLine(line)) } : sink,
  );
  return {
    log: ({ level, message, request_id, error }) =>
      logger[LEVEL_OF[level]](
        {
          ...(request_id === undefined ? {} : { request_id }),
          ...(error === undefined ? {} : { error: describeError(error) }),
        },
        message,
      ),
    onRequest: (facts) => {
      const { method, path, status, duration_ms, request_id, code, principal } = facts;
      logger[levelOf(facts)](
        {
          request_id,
          method,
          path,
          status,
          ms: Math.round(duration_ms * 10) / 10,
          ...(code === undefined ? {} : { code }),
          ...(principal === undefined ? {} : { user: pseudonym(principal, pseudonymKey) }),
        },
        "request",
      );
    },
  };
}

function levelOf({ path, status }: RequestFacts): Level {
  if (status >= 500) return "warn";
  return PROBES.has(path) ? "debug" : "info";
}

function pseudonym(
  { tenant, user }: { readonly tenant: string; readonly user: string },
  key: string,
): string {
  return createHmac("sha256", key)
    .update(JSON.stringify([tenant, user]))
    .digest("base64url")
    .slice(0, 12);
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}

/** `12:34:56 info  POST /chatkit 200 3.4 ms  req_… user` for requests, the message for others; what failed stands below. */
function readableLine(json: string): string {
  const entry = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const { time, level, msg, method, path, status, ms, request_id, code, user, error } = entry;
  const what = msg === "request" ? `${method} ${path} ${status} ${ms} ms` : msg;
  const rest = [code, request_id, user].filter((value) => value !== undefined).join(" ");
  const head = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${what}${rest === "" ? "" : `  ${rest}`}`;
  // What comes from outside must not move the cursor of a terminal.
  const lines = [
    head,
    ...(error === undefined
      ? []
      : String(error)
          .split("\n")
          .map((line) => `    ${line}`)),
  ];
  return `${lines.map((line) => line.replaceAll(/\p{Cc}/gu, "\ufffd")).join("\n")}\n`;
}
