import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, dirname, join } from "node:path";
import type { Fix, ServerName } from "@waybill/doctor";
import { freePort, type Program, startProgram } from "../run.ts";
import { applyFix, type Running, type Setup } from "../setup.ts";

/** A program that is configured by a file. */
export interface ServerKind {
  readonly name: ServerName;
  /** The environment variable that says where the program is. */
  readonly variable: string;
  /** Of the program, looked for where the system keeps programs. */
  readonly command: string;
  /** Of its configuration. */
  readonly file: string;
  /** The whole configuration, around what a set-up says. */
  frame(configuration: string): string;
  program(folder: string): Omit<Program, "port" | "command">;
}

/** A set-up of such a program; `{{PORT}}`, `{{UPSTREAM}}` (host and port), `{{UPSTREAM_PORT}}`, `{{FOLDER}}` and `{{ORIGIN}}` are filled in. */
export interface ServerCase extends Omit<Setup, "start" | "servers" | "fixedBy" | "request"> {
  /** @default the program alone */
  readonly servers?: readonly ServerName[];
  /** @default the program */
  readonly fixedBy?: ServerName;
  /** @default a GET of `/api/items` */
  readonly request?: Setup["request"];
  readonly configuration: string;
  /** Files beside the configuration, by path. @default `site/api/items` */
  readonly files?: Readonly<Record<string, string>>;
  /** What stands behind it: an application, or a port that nobody listens on. @default the latter */
  readonly upstream?: (pageOrigin: string) => RequestListener;
  /** What stands behind it, where that is a program. @default none */
  readonly upstreamProgram?: (folder: string, pageOrigin: string) => Promise<Running>;
  /** Requests that others made before, one after the other. @default none */
  readonly before?: (url: string) => readonly Request[];
}

const FILES = { "site/api/items": '[{"id":1}]' };

function pathOf({ variable, command }: ServerKind): string | undefined {
  const given = process.env[variable];
  if (given) return given;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/** Set-ups of a program of this kind; none where the program is not installed. */
export function serverSetups(kind: ServerKind, cases: readonly ServerCase[]): readonly Setup[] {
  const command = pathOf(kind);
  return command === undefined ? [] : cases.map((given) => serverSetup(kind, command, given));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function serverSetup(kind: ServerKind, command: string, given: ServerCase): Setup {
  const { configuration, files = FILES, upstream, upstreamProgram, before, ...setup } = given;
  const start = async (folder: string, pageOrigin: string, fix: Fix | null): Promise<Running> => {
    const app = upstream === undefined ? undefined : createServer(upstream(pageOrigin));
    const other = await upstreamProgram?.(folder, pageOrigin);
    const listening = app === undefined ? await freePort() : await listen(app);
    const behind = other === undefined ? `${listening}` : new URL(other.url).port;
    const port = await freePort();
    const values: Readonly<Record<string, string>> = {
      PORT: `${port}`,
      UPSTREAM: `127.0.0.1:${behind}`,
      UPSTREAM_PORT: behind,
      FOLDER: folder,
      ORIGIN: pageOrigin,
    };
    const whole = applyFix(kind.frame(configuration), fix);
    const text = whole.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
    for (const [path, content] of Object.entries({ ...files, [kind.file]: text })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const closeApp = async () => {
      app?.close();
      app?.closeAllConnections();
      await other?.close();
    };
    try {
      const closeProgram = await startProgram({ ...kind.program(folder), command, port });
      const url = `http://127.0.0.1:${port}`;
      for (const request of before?.(url) ?? []) await (await fetch(request)).arrayBuffer();
      return { url, close: async () => void (await Promise.all([closeProgram(), closeApp()])) };
    } catch (error) {
      await closeApp();
      throw error;
    }
  };
  return {
    servers: [kind.name],
    fixedBy: kind.name,
    request: { path: "/api/items" },
    ...setup,
    start,
  };
}
