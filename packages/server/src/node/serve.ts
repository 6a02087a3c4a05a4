import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ChatError } from "@waybill/protocol";
import type { CorsPolicy } from "@waybill/policy";
import { guardCors, requestIdOf } from "./guard-cors.ts";
import { refuse } from "./refuse.ts";
import { toWebRequest } from "./web-request.ts";
import { drainAfterAnswer, writeWebResponse } from "./write-response.ts";

/** What an application is told beside the request. */
export interface NodeEnvironment {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly requestId: string;
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
  /** Longest wait for the head of an answer; then 504. Below what proxies wait. @default 55_000 */
  readonly deadlineMs?: number;
  /** Longest silence of a client in the middle of its request; then 408. @default 60_000 */
  readonly idleTimeoutMs?: number;
  /** Told of what an application throws and of answers that break. @default nothing is told */
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

/**
 * Serves an application over HTTP/1.1. Every response carries the policy's headers, those of
 * the parser and of crashes too.
 *
 * Rejects with an `Error` that says what to do if the port cannot be had.
 */
export async function serve(app: NodeApp, options: ServeOptions): Promise<NodeServer> {
  const { port, hostname = "127.0.0.1", deadlineMs = 55_000, idleTimeoutMs = 60_000 } = options;
  const guard = guardCors((path) => app.corsFor(path));
  let closing: Promise<void> | undefined;
  const receiving = new Map<Socket, { incoming: IncomingMessage; outgoing: ServerResponse }>();

  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const requestId = requestIdOf(incoming);
    const { socket } = incoming;
    receiving.set(socket, { incoming, outgoing });
    outgoing.once("close", () => receiving.delete(socket));
    drainAfterAnswer(incoming, outgoing);
    const refusal = refusalOf(incoming, options.allowedHosts?.());
    if (refusal !== undefined) return refuse(outgoing, requestId, refusal);
    if (closing !== undefined) {
      return refuse(outgoing, requestId, new ChatError("shutting_down"), 503, { "retry-after": "1", connection: "close" });
    }
    void answer(app, incoming, outgoing, requestId, deadlineMs).catch((error: unknown) => {
      options.onError?.(error, requestId);
      refuse(outgoing, requestId, new ChatError("internal_error"));
    });
  };

  const server = createServer(
    {
      ServerResponse: guard.ServerResponse,
      // Our own 400 carries the headers; Node's would not.
      requireHostHeader: false,
      headersTimeout: idleTimeoutMs,
      // A slow upload is no attack while bytes come: silence is bounded below instead.
      requestTimeout: 0,
    },
    handle,
  );
  guard.attach(server);
  server.setTimeout(idleTimeoutMs, (socket: Socket) => {
    const exchange = receiving.get(socket);
    if (exchange === undefined) socket.destroy();
    else if (!exchange.incoming.complete) {
      const silent = new ChatError("invalid_request", { message: "The request stopped arriving in its middle." });
      if (exchange.outgoing.headersSent) socket.destroy();
      else refuse(exchange.outgoing, requestIdOf(exchange.incoming), silent, 408, { connection: "close" });
    }
  });
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

function refusalOf(incoming: IncomingMessage, allowedHosts: readonly string[] | undefined): ChatError | undefined {
  const { host } = incoming.headers;
  const invalid = (message: string) => new ChatError("invalid_request", { message, details: { header: "Host" } });
  if (host === undefined || host === "") return invalid("The request has no Host header.");
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) return invalid("The request's Host header is no host.");
  // DNS rebinding: a page of any name can be made to reach this address, but not to name it.
  if (allowedHosts !== undefined && !allowedHosts.includes(host.toLowerCase())) {
    return invalid(`This server does not answer as ${host}. Use one of its own addresses, or set WAYBILL_PUBLIC_BASE_URL.`);
  }
  return undefined;
}

async function answer(
  app: NodeApp,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requestId: string,
  deadlineMs: number,
): Promise<void> {
  const abort = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) abort.abort(new DOMException("The client left.", "AbortError"));
  });
  const request = webRequestOf(incoming, abort.signal);
  if (request instanceof ChatError) return refuse(outgoing, requestId, request);
  const deadline = setTimeout(() => {
    refuse(outgoing, requestId, new ChatError("deadline_exceeded"));
    abort.abort(new DOMException("The answer took too long.", "TimeoutError"));
  }, deadlineMs);
  try {
    const response = await app.fetch(request, { incoming, outgoing, requestId });
    clearTimeout(deadline);
    await writeWebResponse(response, outgoing);
  } catch (error) {
    // Nobody is left to be told.
    if (!abort.signal.aborted) throw error;
  } finally {
    clearTimeout(deadline);
  }
}

function webRequestOf(incoming: IncomingMessage, signal: AbortSignal): Request | ChatError {
  const method = incoming.method ?? "GET";
  if (/^(?:TRACE|TRACK)$/i.test(method)) {
    return new ChatError("method_not_allowed", { message: `No address of this server takes ${method}.` });
  }
  try {
    return toWebRequest(incoming, incoming.headers.host ?? "localhost", signal);
  } catch {
    return new ChatError("invalid_request", { message: "The request's address is not a URL." });
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
  return new Error(said[error.code ?? ""] ?? `Cannot listen on ${hostname}:${port}: ${error.message}.`, { cause: error });
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
