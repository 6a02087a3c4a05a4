import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A response as it came over the wire: header lines in order, repeated ones kept, names in lower case. */
export interface RawResponse {
  readonly status: number;
  readonly lines: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Whether the body came to its declared end. */
  readonly complete: boolean;
  /** All values of one header. */
  values(name: string): readonly string[];
}

/** A connection on which bytes are written as they are. */
export interface RawConnection {
  readonly socket: Socket;
  write(data: string | Buffer): void;
  /** The next response that is not 1xx. `method` is the request's: HEAD's response has no body. Null if the connection ended before a head came. */
  response(method?: string): Promise<RawResponse | null>;
  /** Settles when the connection is over; with the error that ended it, for example ECONNRESET. */
  readonly closed: Promise<NodeJS.ErrnoException | undefined>;
}

/** Opens a connection to a server's base URL. With `allowHalfOpen` it goes on sending after the server has ended its half. */
export function openRaw(base: string, { allowHalfOpen = false } = {}): RawConnection {
  const { hostname, port } = new URL(base);
  const socket = connect({ port: Number(port), host: hostname.replace(/^\[|\]$/g, ""), allowHalfOpen });
  let received = Buffer.alloc(0);
  let ended = false;
  let failure: NodeJS.ErrnoException | undefined;
  let wake = () => {};
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on("error", (error) => {
    failure = error;
  });
  for (const event of ["end", "close"]) {
    socket.on(event, () => {
      ended = true;
      wake();
    });
  }
  const more = async (): Promise<boolean> => {
    if (ended) return false;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    return true;
  };
  const take = (length: number): Buffer => {
    const taken = received.subarray(0, length);
    received = received.subarray(length);
    return taken;
  };
  const line = async (mark: string): Promise<string | null> => {
    for (;;) {
      const end = received.indexOf(mark);
      if (end !== -1)
        return take(end + mark.length)
          .toString("latin1")
          .slice(0, -mark.length);
      if (!(await more())) return null;
    }
  };
  const exactly = async (length: number): Promise<Buffer | null> => {
    while (received.length < length) if (!(await more())) return null;
    return take(length);
  };
  const chunks = async (): Promise<{ body: Buffer; complete: boolean }> => {
    const parts: Buffer[] = [];
    for (;;) {
      const size = await line("\r\n");
      const part = size === null ? null : await exactly(Number.parseInt(size, 16) + 2);
      if (part === null) return { body: Buffer.concat(parts), complete: false };
      if (part.length === 2) return { body: Buffer.concat(parts), complete: true };
      parts.push(part.subarray(0, -2));
    }
  };
  const bodyOf = async (method: string, status: number, values: (name: string) => readonly string[]) => {
    if (method === "HEAD" || status === 204 || status === 304)
      return { body: Buffer.alloc(0), complete: true };
    if (values("transfer-encoding").includes("chunked")) return chunks();
    const [length] = values("content-length");
    if (length === undefined) {
      while (await more());
      return { body: take(received.length), complete: true };
    }
    const body = await exactly(Number(length));
    return { body: body ?? take(received.length), complete: body !== null };
  };
  return {
    socket,
    write: (data) => void socket.write(data),
    async response(method = "GET") {
      for (;;) {
        const head = await line("\r\n\r\n");
        if (head === null) return null;
        const [first = "", ...rest] = head.split("\r\n");
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
        if (status < 200) continue;
        const lines = rest.map((text) => {
          const colon = text.indexOf(":");
          return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()] as const;
        });
        const values = (name: string) => lines.filter(([key]) => key === name).map(([, value]) => value);
        return { status, lines, values, ...(await bodyOf(method, status, values)) };
      }
    },
    closed: once(socket, "close").then(
      () => failure,
      () => failure,
    ),
  };
}

/** Writes one request and reads its response; the connection is closed afterwards. */
export async function rawRequest(base: string, data: string | Buffer): Promise<RawResponse | null> {
  const connection = openRaw(base);
  connection.write(data);
  const response = await connection.response(/^\S+/.exec(String(data.slice(0, 20)))?.[0] ?? "GET");
  connection.socket.destroy();
  return response;
}

/** A request's bytes. `Host` is the base URL's, and `Content-Length` the body's, unless `headers` names them; null leaves one out. */
export function requestBytes(
  base: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string | null>> = {},
  body = "",
): string {
  const length = body === "" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const all: Record<string, string | null> = { Host: new URL(base).host, ...length, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  );
  return `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
