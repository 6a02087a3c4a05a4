import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CorsPolicy } from "@waybill/policy";
import { ChatError } from "@waybill/protocol";
import type { DirectExchange } from "../direct-exchange.ts";
import { answer } from "./answer.ts";
import { guardCors } from "./guard-cors.ts";
import { refusalOf } from "./refusal-of.ts";
import { refuse, takeOver } from "./refuse.ts";
import { requestIdOf } from "./request-id.ts";

/** What an application is told beside the request. */
export interface NodeEnvironment {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
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
  /** `http://hostname:port`, without a slash at its end. */
  readonly url: string;
  /** Takes no new connections, answers 503 on open ones, lets answers end for `drainTimeoutMs` (default 5000), then ends them. Twice is no error. */
  close(options?: { readonly drainTimeoutMs?: number }): Promise<void>;
}

/** Parsed before it is refused, so that the refusal may be read by the page: networks cut large heads in pieces. */
const MAX_PARSED_HEAD_BYTES = 128 * 1024;

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/**
 * Serves an application over HTTP/1.1. Every response carries the policy's headers, those of
 * the parser and of crashes too.
 *
 * Rejects with an `Error` that says what to do if the port cannot be had.
 */
export async function serve(app: NodeApp, options: ServeOptions): Promise<NodeServer> {
  const { port, hostname = "127.0.0.1", deadlineMs = 55_000, idleTimeoutMs = 60_000, onError } = options;
  const guard = guardCors((path) => app.corsFor(path));
  let closing: Promise<void> | undefined;
  /** The newest exchange of each connection. */
  const exchanges = new WeakMap<Socket, Exchange>();

  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { socket } = incoming;
    // The last answer of this connection is out: nothing that comes after it can be answered.
    if (socket.writableEnded) {
      incoming.resume();
      return;
    }
    const requestId = requestIdOf(incoming);
    exchanges.set(socket, { incoming, outgoing });
    outgoing.once("close", () => {
      if (exchanges.get(socket)?.outgoing === outgoing) exchanges.delete(socket);
      if (closing !== undefined) server.closeIdleConnections();
    });
    const refusal = refusalOf(incoming, options.allowedHosts?.());
    if (refusal !== undefined) refuse(outgoing, requestId, refusal.error, refusal.status, refusal.headers);
    else if (closing !== undefined) {
      const headers = { "retry-after": "1", connection: "close" };
      refuse(outgoing, requestId, new ChatError("shutting_down"), 503, headers);
    } else void answer(incoming, outgoing, { app, requestId, deadlineMs, onError });
  };

  const server = createServer(
    {
      ServerResponse: guard.ServerResponse,
      // Our own 400 and 431 carry the headers; Node's would not.
      requireHostHeader: false,
      maxHeaderSize: MAX_PARSED_HEAD_BYTES,
      headersTimeout: idleTimeoutMs,
      // A slow upload is no attack while bytes come: silence is bounded below instead.
      requestTimeout: 0,
    },
    handle,
  );
  guard.attach(server);
  server.setTimeout(idleTimeoutMs, (socket: Socket) => endSilence(socket, exchanges.get(socket)));
  const bound = await listen(server, port, hostname);
  const shown = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    port: bound,
    url: `http://${shown}:${bound}`,
    close: ({ drainTimeoutMs = 5_000 } = {}) => {
      closing ??= close(server, drainTimeoutMs);
      return closing;
    },
  };
}

/** Nothing has moved on a connection for a while: whose turn is it? */
function endSilence(socket: Socket, exchange: Exchange | undefined): void {
  // Nobody's, or the client's, who does not read.
  if (exchange === undefined || socket.writableLength > 0) socket.destroy();
  // An application that does not read holds the client back; its own deadline is for that.
  else if (!exchange.incoming.complete && !exchange.incoming.isPaused()) {
    const { incoming, outgoing } = exchange;
    if (outgoing.headersSent) socket.destroy();
    else {
      const message = "The request stopped arriving in its middle.";
      const silent = new ChatError("invalid_request", { message });
      takeOver(outgoing, requestIdOf(incoming), silent, 408, { connection: "close" });
    }
  }
}

function listen(server: Server, port: number, hostname: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, port, hostname)));
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

function close(server: Server, drainTimeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
