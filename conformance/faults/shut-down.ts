import { Agent, get, type IncomingMessage } from "node:http";
import { get as getTls, Agent as TlsAgent } from "node:https";
import type { Head } from "./read-head.ts";
import { askHttp2, connectHttp2, type Trust } from "./read-http2.ts";

/** A connection that is kept between requests. */
interface Kept {
  /** Null if there is no answer. */
  ask(path: string, headers: Readonly<Record<string, string>>): Promise<Head | null>;
  close(): void;
}

/** How a server is reached. */
export interface Reach {
  readonly baseUrl: string;
  /** Over HTTP/2, not HTTP/1.1. */
  readonly http2: boolean;
  readonly trust?: Trust;
  readonly withinMs: number;
}

/**
 * Has a server begin to shut down, and asks it what `askers` ask, each on a connection that was open before. The answer
 * to `shutDown` must go on until they have been answered: it is what the server still waits for.
 */
export async function askWhileShuttingDown(
  reach: Reach,
  paths: { readonly ok: string; readonly shutDown: string },
  askers: readonly Readonly<Record<string, string>>[],
): Promise<readonly (Head | null)[]> {
  const trigger = open(reach);
  const kept = askers.map(() => open(reach));
  try {
    await Promise.all(kept.map((connection) => connection.ask(paths.ok, {})));
    await trigger.ask(paths.shutDown, {});
    return await Promise.all(kept.map((connection, index) => connection.ask(paths.ok, askers[index] ?? {})));
  } finally {
    for (const connection of [trigger, ...kept]) connection.close();
  }
}

function open({ baseUrl, http2, trust, withinMs }: Reach): Kept {
  if (http2) {
    const session = connectHttp2(baseUrl, trust);
    return {
      ask: (path, headers) => askHttp2(session, { method: "GET", path, headers, body: "" }, withinMs),
      close: () => session.destroy(),
    };
  }
  const isTls = baseUrl.startsWith("https:");
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new TlsAgent({ ...options, ...trust }) : new Agent(options);
  return {
    ask: (path, headers) =>
      new Promise((resolve) => {
        const answered = (answer: IncomingMessage) => {
          const { statusCode: status = 0, rawHeaders } = answer.resume();
          const names = rawHeaders.filter((_, at) => at % 2 === 0);
          const lines = names.map((name, at) => [name.toLowerCase(), rawHeaders[2 * at + 1] ?? ""] as const);
          const head = { status, lines };
          // The next request takes the same connection only when this answer is over; the trigger's goes on.
          if (answer.headers["content-length"] === undefined) resolve(head);
          else answer.on("end", () => setImmediate(resolve, head));
        };
        const request = (isTls ? getTls : get)(
          `${baseUrl}${path}`,
          { agent, headers, timeout: withinMs },
          answered,
        );
        request.on("timeout", () => request.destroy()).on("error", () => resolve(null));
      }),
    close: () => agent.destroy(),
  };
}
