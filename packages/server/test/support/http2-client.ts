import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { SELF_SIGNED } from "./self-signed.ts";

/** A response as it came over a stream: header lines in order, repeated ones kept. */
export interface Http2Response {
  readonly status: number;
  readonly body: Buffer;
  /** Whether the stream ended as it should, and was not reset. */
  readonly complete: boolean;
  /** All values of one header. */
  values(name: string): readonly string[];
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** A connection of HTTP/2: to `https:` addresses with the self-signed certificate, to others in clear. */
export interface Http2Connection {
  readonly session: ClientHttp2Session;
  /** Begins a request; with `body: undefined` it stays open for more. */
  open(method: string, path: string, headers?: Headers, endStream?: boolean): ClientHttp2Stream;
  /** Sends a request and reads its response; null if it is reset before one. */
  ask(method: string, path: string, headers?: Headers, body?: string | Buffer): Promise<Http2Response | null>;
  close(): void;
}

/** Connects to a server's base URL. */
export function openHttp2(base: string): Http2Connection {
  const session = connect(base, {
    ca: SELF_SIGNED.cert,
    servername: "pictures.test",
    maxSendHeaderBlockLength: 1024 * 1024,
  });
  // What a connection's end means is told by its streams.
  session.on("error", () => {});
  const open: Http2Connection["open"] = (method, path, headers = {}, endStream = true) =>
    session.request({ ":method": method, ":path": path, ...headers }, { endStream });
  return {
    session,
    open,
    ask(method, path, headers, body) {
      const stream = open(method, path, headers, body === undefined);
      const response = responseOf(stream);
      if (body !== undefined) stream.end(body);
      return response;
    },
    close: () => session.destroy(),
  };
}

/** Reads the response of a stream; null if it is reset before one. */
export function responseOf(stream: ClientHttp2Stream): Promise<Http2Response | null> {
  const pieces: Buffer[] = [];
  let head: { status: number; raw: readonly string[] } | undefined;
  stream.on("response", (headers, _flags, raw: readonly string[]) => {
    head = { status: Number(headers[":status"]), raw };
  });
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  return new Promise((resolve) => {
    const settle = (complete: boolean) => {
      if (head === undefined) {
        resolve(null);
        return;
      }
      const { status, raw } = head;
      const values = (name: string) => raw.filter((_, at) => at % 2 === 1 && raw[at - 1] === name);
      resolve({ status, values, complete, body: Buffer.concat(pieces) });
    };
    stream.on("error", () => settle(false));
    // A stream that still sends is not closed when its response has ended.
    stream.on("end", () => stream.rstCode === 0 && settle(true));
    stream.on("close", () => settle(stream.rstCode === 0));
  });
}
