import type { EventEmitter } from "node:events";
import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import {
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import { applyCors, type CorsPolicy, type MutableHeaders } from "@waybill/policy";
import { ChatError } from "@waybill/protocol";
import { VERSION } from "../version.ts";
import { startDeadline } from "./deadline.ts";
import type { NodeRequest, NodeResponse } from "./exchange.ts";
import { guardStream, noteStreamResponse } from "./guard-stream.ts";
import { type HeadersArgument, linesOf } from "./header-lines.ts";
import { drainAfterAnswer } from "./linger.ts";
import { answerConnect, answerParserError, noteResponse } from "./parser-errors.ts";
import { refuse, takeOver } from "./refuse.ts";
import { pathOf, requestIdOf, targetOf } from "./request-id.ts";

/** The policy that holds for a path, which must not throw; one policy for all paths is fine. */
export type PolicyFor = CorsPolicy | ((path: string) => CorsPolicy);

/** A policy for each path. */
export type FindPolicy = (path: string) => CorsPolicy;

/** What a Node server needs so that none of its responses leaves without the policy's headers. */
export interface CorsGuard {
  /** To be handed to `createServer({ ServerResponse })` of `node:http`, or as one of the `http1Options` of `node:http2`. */
  readonly ServerResponse: typeof ServerResponse;
  /** To be handed to `createServer` or `createSecureServer` of `node:http2`. */
  readonly Http2ServerResponse: typeof Http2ServerResponse;
  /**
   * Takes over the answers that Node gives without asking: parser errors, expectations, CONNECT. Other
   * listeners to `clientError`, a framework's own, are removed, whenever they come: two would answer twice.
   * Over HTTP/2, guards what listeners to `stream` answer. A request that `node:http2` resets instead of answering it
   * (names of headers that HTTP/2 forbids, more of them than its options allow) stays without an answer.
   */
  attach(server: Server | Http2Server | Http2SecureServer): void;
}

/** Options of {@link guardCors}. */
export interface GuardOptions {
  /** Longest wait for the head of an answer, while nothing of the request arrives; then 504. Below what proxies wait. @default none: a long poll is no fault */
  readonly deadlineMs?: number;
}

/** Node hands options to the constructor, which its types leave out. */
const ResponseClass: typeof ServerResponse &
  (new <Request extends IncomingMessage>(
    request: Request,
    options?: object,
  ) => ServerResponse<Request>) = ServerResponse;

/**
 * The guarantee: whoever writes a response, and however it fails, it carries the decision of
 * the policy, `Waybill` and `X-Request-Id`. Works with any framework on `node:http`, and on `node:http2` with
 * those that answer by its compatibility API or by its streams.
 *
 * Source: Fetch, "CORS protocol and HTTP caches"; `http.ServerResponse`, `http2.Http2ServerResponse`.
 */
export function guardCors(policyFor: PolicyFor, options: GuardOptions = {}): CorsGuard {
  const { deadlineMs } = options;
  const find: FindPolicy = typeof policyFor === "function" ? policyFor : () => policyFor;

  class GuardedResponse<Request extends IncomingMessage = IncomingMessage> extends ResponseClass<Request> {
    constructor(request: Request, nodeOptions?: object) {
      super(request, nodeOptions);
      noteResponse(request.socket, this);
      guardResponse(request, this, find);
      if (deadlineMs === undefined) return;
      const late = () => takeOver(this, requestIdOf(request), new ChatError("deadline_exceeded"));
      this.once("close", startDeadline(request, deadlineMs, late));
    }
  }

  class GuardedHttp2Response<
    Request extends Http2ServerRequest = Http2ServerRequest,
  > extends Http2ServerResponse<Request> {
    constructor(stream: ServerHttp2Stream) {
      super(stream);
      noteStreamResponse(stream, this);
      guardStream(stream, this.req.headers, find, options);
    }
  }

  return {
    ServerResponse: GuardedResponse,
    Http2ServerResponse: GuardedHttp2Response,
    attach(attached) {
      const server: EventEmitter = attached;
      server.removeAllListeners("clientError");
      server.on("clientError", (error: Error, socket: Socket) => answerParserError(error, socket, find));
      server.on("newListener", (event: string, listener: () => void) => {
        if (event === "clientError") queueMicrotask(() => server.off(event, listener));
      });
      server.prependListener("session", (session: ServerHttp2Session) => {
        // Before the server's own listeners to the stream: the first may answer at once.
        session.prependListener("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
          guardStream(stream, headers, find, options),
        );
      });
      server.on("checkExpectation", (incoming: NodeRequest, outgoing: NodeResponse) => {
        const error = new ChatError("invalid_request", {
          message: "This server does not meet the expectation that the request names.",
        });
        refuse(outgoing, requestIdOf(incoming), error, 417);
      });
      server.on("connect", (incoming: NodeRequest, outgoing: Socket | Http2ServerResponse) =>
        answerConnect(incoming, outgoing, find),
      );
    },
  };
}

const guarded = new WeakSet<NodeResponse>();

/** The same for one response that somebody else's server has made; a guarded one stays as it is. */
export function guardResponse(request: NodeRequest, response: NodeResponse, find: FindPolicy): void {
  if (request.stream !== undefined) {
    guardStream(request.stream, request.headers, find, {});
    return;
  }
  if (guarded.has(response)) return;
  guarded.add(response);
  drainAfterAnswer(request, response);
  const { method = "GET", headers: asked } = request;
  // Now, and not when the head is written: frameworks cut the path of a mount off, and edit headers.
  const decision = find(pathOf(targetOf(request))).decide({
    method,
    origin: asked.origin,
    requestMethod: asked["access-control-request-method"],
    requestHeaders: asked["access-control-request-headers"],
  });
  const commit = response.writeHead.bind(response) as (
    status: number,
    reason?: string | HeadersArgument,
    headers?: HeadersArgument,
  ) => NodeResponse;
  // An own property: frameworks swap prototypes, and an override there would be lost.
  response.writeHead = (status: number, reason?: string | HeadersArgument, headers?: HeadersArgument) => {
    // 1xx is not the answer yet, and a second head is an error that Node tells.
    if (response.headersSent || status < 200) return commit(status, reason, headers);
    const given = typeof reason === "string" ? headers : (headers ?? reason);
    for (const [name, values] of linesOf(given ?? {}))
      response.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
    applyCors(decision, new OutgoingView(response));
    response.setHeader("Waybill", VERSION);
    // An application that has named the request has logged it under that name.
    if (!response.hasHeader("X-Request-Id")) response.setHeader("X-Request-Id", requestIdOf(request));
    return typeof reason === "string" ? commit(status, reason) : commit(status);
  };
}

/** A response's headers as `applyCors` wants them. */
class OutgoingView implements MutableHeaders {
  readonly #response: NodeResponse;
  constructor(response: NodeResponse) {
    this.#response = response;
  }
  get(name: string): string | null {
    const value = this.#response.getHeader(name);
    if (value === undefined) return null;
    return Array.isArray(value) ? value.join(", ") : String(value);
  }
  set(name: string, value: string): void {
    this.#response.setHeader(name, value);
  }
  delete(name: string): void {
    this.#response.removeHeader(name);
  }
  keys(): Iterable<string> {
    return this.#response.getHeaderNames();
  }
}
