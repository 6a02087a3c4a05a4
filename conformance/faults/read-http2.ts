import { type ClientHttp2Session, connect } from "node:http2";
import type { ConnectionOptions } from "node:tls";
import type { Head } from "./read-head.ts";

/** A request, as HTTP/2 takes it. */
export interface Http2Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly body: string;
  /** The request does not end with its body. @default false */
  readonly stalls?: boolean;
}

/** Whom to trust where the machine's own authorities are not enough. */
export type Trust = Pick<ConnectionOptions, "ca" | "servername">;

/** Opens a connection of HTTP/2; its failures are those of its streams. */
export function connectHttp2(baseUrl: string, trust: Trust = {}): ClientHttp2Session {
  return connect(new URL(baseUrl).origin, trust).on("error", () => {});
}

/** Sends a request and reads the head of its answer; null if the stream is reset before one, or none comes within `withinMs`. */
export function askHttp2(
  session: ClientHttp2Session,
  { method, path, headers, body, stalls = false }: Http2Request,
  withinMs: number,
): Promise<Head | null> {
  return new Promise((resolve) => {
    const stream = session.request(
      { ":method": method, ":path": path, ...headers },
      { endStream: body === "" && !stalls },
    );
    const timer = setTimeout(() => stream.destroy(), withinMs);
    stream.on("response", ({ ":status": status }, _flags, raw: readonly string[]) => {
      const names = raw.filter((_, at) => at % 2 === 0);
      resolve({ status: Number(status), lines: names.map((name, at) => [name, raw[2 * at + 1] ?? ""]) });
    });
    stream.on("error", () => resolve(null));
    stream.on("close", () => {
      clearTimeout(timer);
      resolve(null);
    });
    stream.resume();
    if (stalls) stream.write(body);
    else if (body !== "") stream.end(body);
  });
}

/** The same on a connection of its own. */
export async function readHttp2Head(
  baseUrl: string,
  request: Http2Request,
  withinMs: number,
  trust?: Trust,
): Promise<Head | null> {
  const session = connectHttp2(baseUrl, trust);
  try {
    return await askHttp2(session, request, withinMs);
  } finally {
    session.destroy();
  }
}
