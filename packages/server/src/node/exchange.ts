import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { constants, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";

/** What a request of `node:http` and one of `node:http2` have in common. */
export interface NodeRequest extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Names and values by turns, pseudo-headers of HTTP/2 included. */
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  readonly socket: Socket;
  /** Over HTTP/2 alone. */
  readonly stream?: ServerHttp2Stream;
}

/** What a response of `node:http` and one of `node:http2` have in common. */
export interface NodeResponse extends Writable {
  readonly req: { readonly method?: string | undefined };
  readonly headersSent: boolean;
  statusCode: number;
  /** Without meaning over HTTP/2. */
  statusMessage: string;
  getHeaderNames(): string[];
  hasHeader(name: string): boolean;
  getHeader(name: string): number | string | readonly string[] | undefined;
  removeHeader(name: string): void;
  setHeader(name: string, value: number | string | readonly string[]): unknown;
  writeHead(status: number, headers?: OutgoingHttpHeaders): unknown;
  /** HTTP/2 has no reasons. */
  writeHead(status: number, reason: string, headers?: OutgoingHttpHeaders): unknown;
  /** Over HTTP/1.1 alone. */
  strictContentLength?: boolean;
  flushHeaders?(): void;
  /** Over HTTP/2 alone. */
  readonly stream?: ServerHttp2Stream;
}

/** The authority that a request names: `:authority`, or `Host`. */
export function hostOf({ headers, stream }: NodeRequest): string | undefined {
  const authority = stream === undefined ? undefined : headers[":authority"];
  return typeof authority === "string" ? authority : headers.host;
}

/** Whether nothing more can be put on a response's head. */
export function isBegun(outgoing: NodeResponse): boolean {
  return outgoing.headersSent || isGone(outgoing);
}

/** Whether nobody reads a response any more. */
export function isGone(outgoing: NodeResponse): boolean {
  const { stream } = outgoing;
  // The response of `node:http2` does not know it itself.
  return stream === undefined ? outgoing.destroyed : stream.destroyed || stream.closed;
}

/** Whether the client has got the whole answer, as far as can be known here. */
export function isAnswered(outgoing: NodeResponse): boolean {
  const { stream } = outgoing;
  // A stream that the client resets counts as finished, too.
  return outgoing.writableFinished && (stream === undefined || (stream.headersSent && !stream.aborted));
}

/** Calls back once the last byte of an answer is written; not if its client has left before. */
export function onceWritten(outgoing: NodeResponse, listener: () => void): void {
  // The response of `node:http2` tells it only when its stream is closed.
  const { stream } = outgoing;
  if (stream === undefined) outgoing.once("finish", listener);
  else stream.once("finish", () => stream.headersSent && !stream.aborted && listener());
}

/** Calls back once an exchange is over, whoever has ended it. */
export function onceOver(outgoing: NodeResponse, listener: () => void): void {
  // The response of `node:http2` does not tell it of a HEAD that is not answered.
  (outgoing.stream ?? outgoing).once("close", listener);
}

/** Breaks an answer off in its middle, so that its reader sees that it is not whole. */
export function breakOff(outgoing: NodeResponse): void {
  const { stream } = outgoing;
  if (stream === undefined) outgoing.destroy();
  else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}
