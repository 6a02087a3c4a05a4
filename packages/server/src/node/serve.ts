import { createServer, Server as HttpServer } from "node:http";
import { constants, createSecureServer, type ServerHttp2Session } from "node:http2";
import type { Server, Socket } from "node:net";
import type { CorsPolicy } from "@waybill/policy";
import { ChatError } from "@waybill/protocol";
import type { DirectExchange } from "../direct-exchange.ts";
import { answer } from "./answer.ts";
import { arrivalOf } from "./arrival.ts";
import { Connections, type Exchange } from "./connections.ts";
import type { NodeRequest, NodeResponse } from "./exchange.ts";
import { guardCors } from "./guard-cors.ts";
import { refusalOf } from "./refusal-of.ts";
import { refuse, takeOver } from "./refuse.ts";
import { requestIdOf } from "./request-id.ts";

/** What an application is told beside the request. */
export interface NodeEnvironment {
  readonly incoming: NodeRequest;
  readonly outgoing: NodeResponse;
  readonly requestId: string;
  /** Only for an application of ours. */
  readonly direct?: DirectExchange;
}

/** A web-standard application with its policies, for example what `createChatKitServer` makes. */
export interface NodeApp {
  fetch(request: Request, env: NodeEnvironment): Response | Promise<Response>;
  /** The policy that holds for a path. */
  corsFor(path: string): CorsPolicy;
}

/** Options of {@link serve}. */
export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  /**
   * A key and its certificate chain as PEM: HTTPS, with HTTP/2 for clients that speak it, as all browsers do, and
   * HTTP/1.1 for the others. @default none: plain HTTP/1.1, as behind a proxy
   */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Has the server get its connections in another way than from a port of its own; resolves to the port that is told. @default it listens, and so it does with `tls` */
  readonly listen?: (server: HttpServer, port: number, hostname: string) => Promise<number>;
  /** Values of `Host` that are answered, as `host:port`; undefined: any. Asked for each request. */
  readonly allowedHosts?: () => readonly string[] | undefined;
  /** Longest wait for the head of an answer once the request is there; then 504. Below what proxies wait. @default 55_000 */
  readonly deadlineMs?: number;
  /** Longest silence of a client in the middle of its request; then 408. @default 60_000 */
  readonly idleTimeoutMs?: number;
  /** Told of what an application throws, of answers that break, and of those that do not come in time. Must not throw. @default nothing is told */
  readonly onError?: (error: unknown, requestId: string) => void;
}

/** A listening server. */
export interface NodeServer {
  readonly port: number;
  /** `http://hostname:port`, `https:` with `tls`, without a slash at its end. */
  readonly url: string;
  /**
   * Takes no new connections and answers 503 on open ones, until the answers under way have ended; ends those that
   * take longer than `drainTimeoutMs` (default 5000). Twice is no error.
   */
  close(options?: { readonly drainTimeoutMs?: number }): Promise<void>;
}

/** Parsed before it is refused, so that the refusal may be read by the page: networks cut large heads in pieces. */
const MAX_PARSED_HEAD_BYTES = 128 * 1024;

/** More lines than that do not fit into such a head. */
const MAX_PARSED_HEADERS = MAX_PARSED_HEAD_BYTES / 32;

/**
 * Serves an application over HTTP/1.1, and with `tls` over HTTP/2, too. Every response carries the policy's
 * headers, those of the parser and of crashes too.
 *
 * Rejects with an `Error` that says what to do if the port cannot be had, and with Node's if `tls` is no key and its
 * certificate.
 */
export async function serve(app: NodeApp, options: ServeOptions): Promise<NodeServer> {
  const { port, hostname = "127.0.0.1", tls, deadlineMs = 55_000, idleTimeoutMs = 60_000, onError } = options;
  const guard = guardCors((path) => app.corsFor(path));
  let closing: Promise<void> | undefined;

  const handle = (incoming: NodeRequest, outgoing: NodeResponse) => {
    const { stream } = incoming;
    // The last answer of this connection is out: nothing that comes after it can be answered.
    if (stream === undefined && incoming.socket.writableEnded) {
      incoming.resume();
      return;
    }
    const requestId = requestIdOf(incoming);
    const exchange = { incoming, outgoing };
    connections.add(exchange);
    stream?.setTimeout(idleTimeoutMs, () => endSilence(exchange));
    const refusal = refusalOf(incoming, options.allowedHosts?.());
    if (refusal !== undefined) refuse(outgoing, requestId, refusal.error, refusal.status, refusal.headers);
    else if (closing !== undefined) {
      const headers = { "retry-after": "1", ...lastOfConnection(incoming) };
      refuse(outgoing, requestId, new ChatError("shutting_down"), 503, headers);
    } else void answer(incoming, outgoing, { app, requestId, deadlineMs, onError });
  };

  const http1Options = {
    ServerResponse: guard.ServerResponse,
    // Our own 400 and 431 carry the headers; Node's would not.
    requireHostHeader: false,
    maxHeaderSize: MAX_PARSED_HEAD_BYTES,
    headersTimeout: idleTimeoutMs,
    // A slow upload is no attack while bytes come: silence is bounded below instead.
    requestTimeout: 0,
  };
  const http2Options = {
    Http2ServerResponse: guard.Http2ServerResponse,
    allowHTTP1: true,
    http1Options,
    settings: { maxHeaderListSize: MAX_PARSED_HEAD_BYTES },
    maxHeaderListPairs: MAX_PARSED_HEADERS,
  };
  const server =
    tls === undefined
      ? createServer(http1Options, handle)
      : createSecureServer({ ...http2Options, ...tls }, handle);
  guard.attach(server);
  const connections = new Connections(server);
  server.setTimeout(idleTimeoutMs);
  server.on("timeout", (connection: Socket | ServerHttp2Session) => {
    const exchange = connections.newestOn(connection);
    if (exchange === undefined) connection.destroy();
    // Streams of HTTP/2 have clocks of their own.
    else if (exchange.incoming.stream === undefined) endSilence(exchange);
  });
  const listening =
    options.listen !== undefined && server instanceof HttpServer
      ? options.listen(server, port, hostname)
      : listen(server, port, hostname);
  const bound = await listening.catch((error) => Promise.reject(listenError(error, port, hostname)));
  const shown = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    port: bound,
    url: `${tls === undefined ? "http" : "https"}://${shown}:${bound}`,
    close: ({ drainTimeoutMs = 5_000 } = {}) => {
      closing ??= connections.close(drainTimeoutMs);
      return closing;
    },
  };
}

/** HTTP/2 has no such header, and its connection ends otherwise. */
const lastOfConnection = ({ stream }: NodeRequest) => (stream === undefined ? { connection: "close" } : {});

/** Nothing has moved for a while on a connection of HTTP/1.1 or a stream of HTTP/2: whose turn is it? */
function endSilence({ incoming, outgoing }: Exchange): void {
  const { stream } = incoming;
  const drop = () =>
    stream === undefined ? incoming.socket.destroy() : stream.close(constants.NGHTTP2_CANCEL);
  // The client's, who does not read.
  if ((stream ?? incoming.socket).writableLength > 0) drop();
  // An application that does not read holds the client back; its own deadline is for that.
  else if (!arrivalOf(incoming).isComplete && !incoming.isPaused()) {
    if (outgoing.headersSent) drop();
    else {
      const message = "The request stopped arriving in its middle.";
      const silent = new ChatError("invalid_request", { message });
      takeOver(outgoing, requestIdOf(incoming), silent, 408, lastOfConnection(incoming));
    }
  }
}

function listen(server: Server, port: number, hostname: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, hostname: string): Error {
  const said: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use by another program. Stop that program, or choose another port.`,
    EACCES: `This user may not listen on port ${port}. Choose a port above 1023.`,
    EADDRNOTAVAIL: `${hostname} is not an address of this machine. Use 127.0.0.1.`,
    ENOTFOUND: `The name ${hostname} has no address. Use 127.0.0.1.`,
  };
  return new Error(said[error.code ?? ""] ?? `Cannot listen on ${hostname}:${port}: ${error.message}.`, {
    cause: error,
  });
}
