import {
  constants,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type ServerStreamFileResponseOptionsWithError,
  sensitiveHeaders,
} from "node:http2";
import { applyCors, type CorsDecision, type MutableHeaders } from "@waybill/policy";
import { ChatError } from "@waybill/protocol";
import { VERSION } from "../version.ts";
import { arrivalOf, countArrivals } from "./arrival.ts";
import { startDeadline } from "./deadline.ts";
import type { FindPolicy, GuardOptions } from "./guard-cors.ts";
import { linesOf } from "./header-lines.ts";
import { refuse, takeOver } from "./refuse.ts";
import { pathOf, requestIdOf } from "./request-id.ts";

/** RFC 9113, 8.2.2: HTTP/2 has no such fields, and Node throws when it should send one. */
const OF_CONNECTIONS = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

const guarded = new WeakSet<ServerHttp2Stream>();
/** The response of the compatibility API, for streams that have one. */
const responses = new WeakMap<ServerHttp2Stream, Http2ServerResponse>();

/** Remembers the response that an application answers a stream with. */
export function noteStreamResponse(stream: ServerHttp2Stream, response: Http2ServerResponse): void {
  responses.set(stream, response);
}

/**
 * The guarantee for one stream of HTTP/2: whoever answers it, by the compatibility API or by the stream's own
 * methods, the head carries the decision of the policy. Informational heads and pushes are left alone. A second
 * call has no effect.
 *
 * Source: `http2stream.respond`, `respondWithFD`, `respondWithFile`; RFC 9113, 8.1.
 */
export function guardStream(
  stream: ServerHttp2Stream,
  asked: IncomingHttpHeaders,
  find: FindPolicy,
  { deadlineMs }: GuardOptions,
): void {
  if (guarded.has(stream)) return;
  guarded.add(stream);
  countArrivals(stream);
  const decision = find(pathOf(asked[":path"])).decide({
    method: asked[":method"] ?? "GET",
    origin: asked.origin,
    requestMethod: asked["access-control-request-method"],
    requestHeaders: asked["access-control-request-headers"],
  });
  const respond = stream.respond.bind(stream);
  const respondWithFD = stream.respondWithFD.bind(stream);
  const respondWithFile = stream.respondWithFile.bind(stream);
  const headOf = (given: Parameters<typeof respond>[0]) => {
    const head = objectOf(given ?? {});
    complete(head, decision, stream);
    return head;
  };
  stream.respond = (given, options) => respond(headOf(given), options);
  stream.respondWithFD = (fd, given, options) =>
    respondWithFD(fd, headOf(given), checked(options, decision, stream));
  stream.respondWithFile = (path, given, options) =>
    respondWithFile(path, headOf(given), {
      // Otherwise the stream is reset, and nobody could read that the file is not there.
      onError: () => refuse(responseOf(stream), requestIdOf(stream), new ChatError("internal_error")),
      ...checked(options, decision, stream),
    });
  // A client that still sends is told to stop, and need not be heard out to be answered.
  stream.once("finish", () => {
    if (!arrivalOf(stream).isComplete) stream.close(constants.NGHTTP2_NO_ERROR);
  });
  if (deadlineMs === undefined) return;
  const stop = startDeadline(stream, deadlineMs, () =>
    takeOver(responseOf(stream), requestIdOf(stream), new ChatError("deadline_exceeded")),
  );
  stream.once("close", stop);
}

/** A raw stream gets a response when it needs one. */
function responseOf(stream: ServerHttp2Stream): Http2ServerResponse {
  return responses.get(stream) ?? new Http2ServerResponse(stream);
}

function complete(head: OutgoingHttpHeaders, decision: CorsDecision, stream: ServerHttp2Stream): void {
  const view = new HeadView(head);
  for (const name of view.keys()) if (OF_CONNECTIONS.has(name.toLowerCase())) view.delete(name);
  applyCors(decision, view);
  view.set("waybill", VERSION);
  // An application that has named the request has logged it under that name.
  if (view.get("x-request-id") === null) view.set("x-request-id", requestIdOf(stream));
}

/** `statCheck` may edit the head after everybody else. */
function checked(
  options: ServerStreamFileResponseOptionsWithError = {},
  decision: CorsDecision,
  stream: ServerHttp2Stream,
): ServerStreamFileResponseOptionsWithError {
  const { statCheck } = options;
  if (statCheck === undefined) return options;
  return {
    ...options,
    statCheck(stats, head, statOptions) {
      const answer = statCheck.call(stream, stats, head, statOptions);
      complete(head, decision, stream);
      return answer;
    },
  };
}

function objectOf(given: OutgoingHttpHeaders | readonly string[]): OutgoingHttpHeaders {
  const head: OutgoingHttpHeaders = {};
  for (const [name, values] of linesOf(given))
    head[name.toLowerCase()] = values.length === 1 ? values[0] : values;
  return Object.assign(head, { [sensitiveHeaders]: Reflect.get(given, sensitiveHeaders) });
}

/** A head as `applyCors` wants it; names in any case. */
class HeadView implements MutableHeaders {
  readonly #head: OutgoingHttpHeaders;
  constructor(head: OutgoingHttpHeaders) {
    this.#head = head;
  }
  get(name: string): string | null {
    const values = this.#namesLike(name).flatMap((known) => this.#head[known] ?? []);
    return values.length === 0 ? null : values.join(", ");
  }
  set(name: string, value: string): void {
    this.delete(name);
    this.#head[name.toLowerCase()] = value;
  }
  delete(name: string): void {
    for (const known of this.#namesLike(name)) Reflect.deleteProperty(this.#head, known);
  }
  keys(): string[] {
    return Object.keys(this.#head);
  }
  #namesLike(name: string): string[] {
    return this.keys().filter((known) => known.toLowerCase() === name.toLowerCase());
  }
}
