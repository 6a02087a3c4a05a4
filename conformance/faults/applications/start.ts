import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Description } from "../description.ts";
import type { Trust } from "../read-http2.ts";

/** Frameworks with an application for the faults, and the package of each. */
export const FRAMEWORKS = {
  "Express 4": "express4",
  "Express 5": "express",
  Fastify: "fastify",
  Koa: "koa",
  hapi: "@hapi/hapi",
  h3: "h3",
  Hono: "hono",
} as const;

/** An application that can be started. */
export type ApplicationName = keyof typeof FRAMEWORKS | "Waybill";

/** All of them; Waybill first. */
export const APPLICATION_NAMES = ["Waybill", ...Object.keys(FRAMEWORKS)] as readonly ApplicationName[];

/** Where an application listens. */
export interface Started extends Addresses {
  readonly description: Description;
  /** Over HTTP/2, if it runs on it. */
  readonly http2?: Addresses & { readonly trust?: Trust };
}

/** The two servers of an application. */
export interface Addresses {
  /** With its framework's own CORS alone; Waybill has no such server. */
  readonly plain?: string;
  /** With `guardCors`, or Waybill's `serve`. */
  readonly guarded: string;
}

/**
 * Starts the application of a framework, or Waybill's, in a process of its own, which ends when this is disposed.
 *
 * Rejects with what the process has said if it ends instead.
 */
export async function startApplication(name: ApplicationName): Promise<Started & AsyncDisposable> {
  const child = spawn(
    process.execPath,
    ["--conditions=@waybill/source", join(import.meta.dirname, "main.ts"), name],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_ENV: "test" } },
  );
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    // What handlers throw is told here as well: enough is kept to see why none has started.
    if (complaints.length < 4_000) complaints += text;
  });
  const exited = once(child, "exit");
  const started = await new Promise<Started>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\n")) resolve(JSON.parse(text));
    });
    exited.then(() => reject(new Error(`The application of ${name} ended:\n${complaints}`)), reject);
  });
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
