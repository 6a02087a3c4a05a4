import { type ServerResponse, STATUS_CODES } from "node:http";
import { type ChatError, errorBody } from "@waybill/protocol";
import { errorTiming } from "../error-timing.ts";

/**
 * Answers with an error's typed JSON; whatever headers were set before are gone. Without effect on a
 * response that has begun.
 */
export function refuse(
  outgoing: ServerResponse,
  requestId: string,
  error: ChatError,
  status: number = error.status,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const body = JSON.stringify(errorBody(error, requestId));
  // They describe the answer that did not come about: its length, its encoding, how long to keep it.
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name);
  outgoing.writeHead(status, STATUS_CODES[status] ?? "", {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...errorTiming(error.code),
    ...headers,
  });
  outgoing.end(body);
}

/**
 * The same for a response that an application is still at work on: what it writes from now on has no
 * effect, and is no error either, for it cannot know.
 */
export function takeOver(...args: Parameters<typeof refuse>): void {
  const [outgoing] = args;
  if (outgoing.headersSent || outgoing.destroyed) return;
  refuse(...args);
  for (const name of ["setHeader", "appendHeader", "setHeaders", "removeHeader", "writeHead", "end"]) {
    Object.defineProperty(outgoing, name, { value: () => outgoing, configurable: true });
  }
  for (const name of ["write", "flushHeaders", "addTrailers"]) {
    Object.defineProperty(outgoing, name, { value: () => true, configurable: true });
  }
}
