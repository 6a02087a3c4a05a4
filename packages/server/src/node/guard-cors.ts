import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type Server,
  ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { applyCors, type CorsPolicy } from "@waybill/policy";
import { ChatError, createId } from "@waybill/protocol";
import { VERSION } from "../version.ts";
import { answerConnect, answerParserError } from "./parser-errors.ts";
import { refuse } from "./refuse.ts";

/** The policy that holds for a path; one policy for all paths is fine. */
export type PolicyFor = CorsPolicy | ((path: string) => CorsPolicy);

/** What a Node server needs so that none of its responses leaves without the policy's headers. */
export interface CorsGuard {
  /** To be handed to `createServer({ ServerResponse })`. */
  readonly ServerResponse: typeof ServerResponse;
  /** Takes over the answers that Node gives without asking: parser errors, expectations, CONNECT. */
  attach(server: Server): void;
}

const ids = new WeakMap<IncomingMessage, string>();

/** The id under which a request is logged and answered: the same whenever it is asked. */
export function requestIdOf(incoming: IncomingMessage): string {
  let id = ids.get(incoming);
  if (id === undefined) {
    id = createId("request");
    ids.set(incoming, id);
  }
  return id;
}

/**
 * The guarantee: whoever writes a response, and however it fails, it carries the decision of
 * the policy, `Waybill` and `X-Request-Id`. Works with any framework on `node:http`.
 *
 * Source: Fetch, "CORS protocol and HTTP caches"; `http.ServerResponse`.
 */
export function guardCors(policyFor: PolicyFor): CorsGuard {
  const find = typeof policyFor === "function" ? policyFor : () => policyFor;

  class GuardedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
    constructor(request: Request, options?: object) {
      // @ts-expect-error Node hands options to the constructor; the types know of the request alone.
      super(request, options);
      const commit = super.writeHead.bind(this) as (status: number, reason?: string) => this;
      // An own property: frameworks swap prototypes, and an override there would be lost.
      this.writeHead = (
        status: number,
        reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
        headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
      ) => {
        if (this.headersSent || status < 200) return commit(status, typeof reason === "string" ? reason : undefined);
        setAll(this, typeof reason === "string" ? headers : (reason ?? headers));
        const { method = "GET", headers: asked } = request;
        const decision = find(pathOf(request.url)).decide({
          method,
          origin: asked.origin,
          requestMethod: asked["access-control-request-method"],
          requestHeaders: asked["access-control-request-headers"],
        });
        applyCors(decision, new OutgoingView(this));
        this.setHeader("Waybill", VERSION);
        this.setHeader("X-Request-Id", requestIdOf(request));
        return typeof reason === "string" ? commit(status, reason) : commit(status);
      };
    }
  }

  return {
    ServerResponse: GuardedResponse,
    attach(server) {
      server.on("clientError", (error, socket) => answerParserError(error, socket as Socket, find));
      server.on("checkExpectation", (incoming, outgoing) => {
        refuse(outgoing, requestIdOf(incoming), new ChatError("invalid_request", { message: "This server does not meet the expectation that the request names." }), 417);
      });
      server.on("connect", (incoming, socket) => answerConnect(incoming, socket as Socket, find));
    },
  };
}

/** The path of a request target; a malformed one counts as the root. */
export function pathOf(target: string | undefined): string {
  const path = /^(?:[a-z]+:\/\/[^/?#]*)?(\/[^?#]*)/i.exec(target ?? "/")?.[1];
  return path ?? "/";
}

/** Node's three forms of headers, with repeated lines kept. */
function setAll(
  response: ServerResponse,
  headers: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined,
): void {
  if (headers === undefined) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    return;
  }
  const flat = headers.flat();
  const lines = new Map<string, { name: string; values: string[] }>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]);
    const line = lines.get(name.toLowerCase()) ?? { name, values: [] };
    line.values.push(String(flat[index + 1]));
    lines.set(name.toLowerCase(), line);
  }
  for (const { name, values } of lines.values()) response.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
}

/** A response's headers as `applyCors` wants them. */
class OutgoingView {
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
