import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type Server,
  ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { applyCors, type CorsPolicy, type MutableHeaders } from "@waybill/policy";
import { ChatError } from "@waybill/protocol";
import { VERSION } from "../version.ts";
import { drainAfterAnswer } from "./linger.ts";
import { answerConnect, answerParserError, noteResponse } from "./parser-errors.ts";
import { refuse, takeOver } from "./refuse.ts";
import { pathOf, requestIdOf, targetOf } from "./request-id.ts";

/** The policy that holds for a path, which must not throw; one policy for all paths is fine. */
export type PolicyFor = CorsPolicy | ((path: string) => CorsPolicy);

/** What a Node server needs so that none of its responses leaves without the policy's headers. */
export interface CorsGuard {
  /** To be handed to `createServer({ ServerResponse })`. */
  readonly ServerResponse: typeof ServerResponse;
  /**
   * Takes over the answers that Node gives without asking: parser errors, expectations, CONNECT. Other
   * listeners to `clientError`, a framework's own, are removed, whenever they come: two would answer twice.
   */
  attach(server: Server): void;
}

/** Options of {@link guardCors}. */
export interface GuardOptions {
  /** Longest wait for the head of an answer, while nothing of the request arrives; then 504. Below what proxies wait. @default none: a long poll is no fault */
  readonly deadlineMs?: number;
}

type HeadersArgument = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** Node hands options to the constructor, which its types leave out. */
const NodeResponse: typeof ServerResponse &
  (new <Request extends IncomingMessage>(
    request: Request,
    options?: object,
  ) => ServerResponse<Request>) = ServerResponse;

/**
 * The guarantee: whoever writes a response, and however it fails, it carries the decision of
 * the policy, `Waybill` and `X-Request-Id`. Works with any framework on `node:http`.
 *
 * Source: Fetch, "CORS protocol and HTTP caches"; `http.ServerResponse`.
 */
export function guardCors(policyFor: PolicyFor, { deadlineMs }: GuardOptions = {}): CorsGuard {
  const find = typeof policyFor === "function" ? policyFor : () => policyFor;

  class GuardedResponse<Request extends IncomingMessage = IncomingMessage> extends NodeResponse<Request> {
    constructor(request: Request, options?: object) {
      super(request, options);
      noteResponse(request.socket, this);
      guardResponse(request, this, find);
      if (deadlineMs !== undefined) endLate(request, this, deadlineMs);
    }
  }

  return {
    ServerResponse: GuardedResponse,
    attach(server) {
      server.removeAllListeners("clientError");
      server.on("clientError", (error, socket) => answerParserError(error, socket as Socket, find));
      server.on("newListener", (event, listener) => {
        if (event === "clientError") queueMicrotask(() => server.off(event, listener));
      });
      server.on("checkExpectation", (incoming, outgoing) => {
        const error = new ChatError("invalid_request", {
          message: "This server does not meet the expectation that the request names.",
        });
        refuse(outgoing, requestIdOf(incoming), error, 417);
      });
      server.on("connect", (incoming, socket) => answerConnect(incoming, socket as Socket, find));
    },
  };
}

/** Answers for a handler that does not. */
function endLate(incoming: IncomingMessage, outgoing: ServerResponse, deadlineMs: number): void {
  let received = 0;
  const giveUp = () => {
    // A request that still arrives is not the handler's delay.
    if (!incoming.complete && incoming.socket.bytesRead > received) {
      received = incoming.socket.bytesRead;
      timer.refresh();
    } else takeOver(outgoing, requestIdOf(incoming), new ChatError("deadline_exceeded"));
  };
  const timer = setTimeout(giveUp, deadlineMs);
  outgoing.once("close", () => clearTimeout(timer));
}

const guarded = new WeakSet<ServerResponse>();

/** The same for one response that somebody else's server has made; a guarded one stays as it is. */
export function guardResponse(
  request: IncomingMessage,
  response: ServerResponse,
  find: (path: string) => CorsPolicy,
): void {
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
  ) => ServerResponse;
  // An own property: frameworks swap prototypes, and an override there would be lost.
  response.writeHead = (status: number, reason?: string | HeadersArgument, headers?: HeadersArgument) => {
    // 1xx is not the answer yet, and a second head is an error that Node tells.
    if (response.headersSent || status < 200) return commit(status, reason, headers);
    const given = typeof reason === "string" ? headers : (headers ?? reason);
    if (given !== undefined) setAll(response, given);
    applyCors(decision, new OutgoingView(response));
    response.setHeader("Waybill", VERSION);
    // An application that has named the request has logged it under that name.
    if (!response.hasHeader("X-Request-Id")) response.setHeader("X-Request-Id", requestIdOf(request));
    return typeof reason === "string" ? commit(status, reason) : commit(status);
  };
}

/** Node's three forms of headers (object, flat list, list of pairs), with repeated lines kept. */
function setAll(response: ServerResponse, headers: HeadersArgument): void {
  const lines = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of entriesOf(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const line = lines.get(key) ?? { name, values: [] };
    line.values.push(...(Array.isArray(value) ? value : [value]).map(String));
    lines.set(key, line);
  }
  for (const { name, values } of lines.values()) {
    response.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
  }
}

function entriesOf(headers: HeadersArgument): (readonly [string, unknown])[] {
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (headers.every((entry) => Array.isArray(entry)))
    return headers.map(([name, value]) => [String(name), value]);
  if (headers.length % 2 !== 0) throw new TypeError("A flat list of headers needs a value for every name.");
  const entries: [string, unknown][] = [];
  for (let index = 0; index < headers.length; index += 2)
    entries.push([String(headers[index]), headers[index + 1]]);
  return entries;
}

/** A response's headers as `applyCors` wants them. */
class OutgoingView implements MutableHeaders {
  readonly #response: ServerResponse;
  constructor(response: ServerResponse) {
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
