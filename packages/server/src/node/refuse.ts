import type { ServerResponse } from "node:http";
import { type ChatError, errorBody } from "@waybill/protocol";

/** Answers with an error's typed JSON. Without effect on a response that has begun. */
export function refuse(
  outgoing: ServerResponse,
  requestId: string,
  error: ChatError,
  status: number = error.status,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const body = JSON.stringify(errorBody(error, requestId));
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  outgoing.end(body);
}
