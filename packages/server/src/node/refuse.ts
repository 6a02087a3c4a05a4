import { STATUS_CODES } from "node:http";
import { type ChatError, errorBody } from "@waybill/protocol";
import { errorTiming } from "../error-timing.ts";
import { isBegun, type NodeResponse } from "./exchange.ts";

/**
 * Answers with an error's typed JSON; whatever headers were set before are gone. Without effect on a
 * response that has begun.
 */
export function refuse(
  outgoing: NodeResponse,
  requestId: string,
  error: ChatError,
  status: number = error.status,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (isBegun(outgoing)) return;
  const body = JSON.stringify(errorBody(error, requestId));
  // They describe the answer that did not come about: its length, its encoding, how long to keep it.
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
  const head = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...errorTiming(error.code),
    ...headers,
  };
  // HTTP/2 has no reasons, and Node warns of them. An application may have set another one.
  if (outgoing.stream !== undefined) outgoing.writeHead(status, head);
  else outgoing.writeHead(status, STATUS_CODES[status] ?? "", head);
  outgoing.end(body);
}

const MUTED_CHAINED = ["setHeader", "appendHeader", "setHeaders", "removeHeader", "writeHead", "end"];
const MUTED = ["write", "flushHeaders", "addTrailers", "setTrailer", "writeInformation"];
const MUTED_STREAM = ["write", "end", "respond", "respondWithFD", "respondWithFile", "additionalHeaders"];

/**
 * The same for a response that an application is still at work on: what it writes from now on has no
 * effect, and is no error either, for it cannot know.
 */
export function takeOver(...args: Parameters<typeof refuse>): void {
  const [outgoing] = args;
  if (isBegun(outgoing)) return;
  refuse(...args);
  mute(outgoing, MUTED_CHAINED, outgoing);
  mute(outgoing, MUTED, true);
  if (outgoing.stream !== undefined) mute(outgoing.stream, MUTED_STREAM, true);
}

function mute(target: object, names: readonly string[], value: unknown): void {
  for (const name of names) Object.defineProperty(target, name, { value: () => value, configurable: true });
}
