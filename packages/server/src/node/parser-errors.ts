import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { applyCors, type CorsPolicy } from "@waybill/policy";
import { ChatError, createId, errorBody } from "@waybill/protocol";
import { VERSION } from "../version.ts";

type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

/** Answers what Node's parser refuses, with the headers of the policy, and closes the connection. */
export function answerParserError(error: ParserError, socket: Socket, policyFor: (path: string) => CorsPolicy): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  // A pipelined or half-read request may have an answer under way: a second head would be read as its body.
  if (socket.bytesWritten > 0 && hasAnswerUnderWay(socket)) {
    socket.destroy();
    return;
  }
  const { status, message } = describe(error.code);
  // The headers were never parsed; what is there of them names the page all the same.
  const head = (error.rawPacket?.toString("latin1") ?? "").split("\r\n\r\n", 1)[0] ?? "";
  const path = /^\S+ (\/[^\s?#]*)/.exec(head)?.[1] ?? "/";
  const origin = /^origin:[ \t]*([^\r\n]*?)[ \t]*\r?$/im.exec(head)?.[1];
  send(socket, policyFor(path), "GET", origin, status, message);
}

/** CONNECT names no resource of ours. */
export function answerConnect(incoming: IncomingMessage, socket: Socket, policyFor: (path: string) => CorsPolicy): void {
  send(socket, policyFor("/"), "CONNECT", incoming.headers.origin, 405, "This server is no proxy: it does not take CONNECT.");
}

function hasAnswerUnderWay(socket: Socket): boolean {
  const { _httpMessage: message } = socket as Socket & {
    readonly _httpMessage?: { readonly headersSent: boolean; readonly writableFinished: boolean } | null;
  };
  return message !== undefined && message !== null && message.headersSent && !message.writableFinished;
}

function describe(code: string | undefined): { readonly status: number; readonly message: string } {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, message: "The request's headers are larger than this server takes." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, message: "The request's headers did not arrive in time." };
    case "HPE_INVALID_METHOD":
      return { status: 400, message: "The request's method is not one that HTTP knows." };
    default:
      return { status: 400, message: "The request is not valid HTTP." };
  }
}

function send(
  socket: Socket,
  policy: CorsPolicy,
  method: string,
  origin: string | undefined,
  status: number,
  message: string,
): void {
  const requestId = createId("request");
  const body = JSON.stringify(errorBody(new ChatError("invalid_request", { message }), requestId));
  const headers = new Headers({
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
    waybill: VERSION,
    "x-request-id": requestId,
  });
  if (status === 405) headers.set("allow", "GET, HEAD, POST, OPTIONS");
  applyCors(policy.decide({ method, origin }), headers);
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines}\r\n${body}`);
}
