import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import { applyCors, type CorsPolicy } from "@waybill/policy";
import { ChatError, createId, errorBody } from "@waybill/protocol";
import { VERSION } from "../version.ts";
import type { NodeRequest } from "./exchange.ts";
import type { FindPolicy } from "./guard-cors.ts";
import { lingeringClose } from "./linger.ts";
import { refuse, takeOver } from "./refuse.ts";
import { pathOf, requestIdOf } from "./request-id.ts";

const ALLOWED_METHODS = "GET, HEAD, POST, OPTIONS";

type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

/** The response to the newest request of each connection whose head was parsed. */
const newest = new WeakMap<Socket, ServerResponse>();
const faulty = new WeakSet<Socket>();

/** Remembers the response to the request that a connection is receiving, or has received last. */
export function noteResponse(socket: Socket, response: ServerResponse): void {
  newest.set(socket, response);
}

/**
 * Answers what Node's parser refuses, once, with the headers of the policy, and closes the connection.
 * A fault in the body of a request is the answer to that request, unless another has begun; one in
 * the next request's head waits until the answers before it are out.
 */
export function answerParserError(error: ParserError, socket: Socket, policyFor: FindPolicy): void {
  const isFault = /^(?:HPE|ERR_HTTP)_/.test(error.code ?? "");
  if (!isFault || socket.destroyed) {
    socket.destroy();
    return;
  }
  // What else the client sends is part of the same fault.
  if (faulty.has(socket)) return;
  faulty.add(socket);
  const { status, message } = describe(error.code);
  const response = newest.get(socket);
  const answerHead = () => {
    if (!socket.writable) return;
    // The headers were never parsed; what is there of them names the page all the same.
    const head = (error.rawPacket?.toString("latin1") ?? "").split("\r\n\r\n", 1)[0] ?? "";
    const path = pathOf(/^\S+ (\S+)/.exec(head)?.[1]);
    const origin = /^origin:[ \t]*([^\r\n]*?)[ \t]*\r?$/im.exec(head)?.[1];
    send(socket, policyFor(path), "GET", origin, status, message);
  };
  if (response === undefined) answerHead();
  else if (response.req.complete) {
    if (response.writableFinished) answerHead();
    else response.once("close", answerHead);
  } else if (response.headersSent) socket.destroy();
  else {
    const fault = new ChatError("invalid_request", { message });
    takeOver(response, requestIdOf(response.req), fault, status, { connection: "close" });
  }
}

/** CONNECT names no resource of ours. Over HTTP/1.1, what is left of its exchange is a socket. */
export function answerConnect(
  incoming: NodeRequest,
  outgoing: Socket | Http2ServerResponse,
  policyFor: FindPolicy,
): void {
  const message = "This server is no proxy: it does not take CONNECT.";
  if ("stream" in outgoing) {
    const error = new ChatError("method_not_allowed", { message });
    refuse(outgoing, requestIdOf(incoming), error, 405, { allow: ALLOWED_METHODS });
    return;
  }
  // Node has let go of this socket: nobody else listens to its errors.
  outgoing.on("error", () => outgoing.destroy());
  send(outgoing, policyFor("/"), "CONNECT", incoming.headers.origin, 405, message);
}

function describe(code: string | undefined): { readonly status: number; readonly message: string } {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, message: "The request's headers are larger than this server takes." };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, message: "The request's chunk extensions are larger than this server takes." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, message: "The request did not arrive in time." };
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
  const code = status === 405 ? "method_not_allowed" : "invalid_request";
  const body = JSON.stringify(errorBody(new ChatError(code, { message }), requestId));
  const headers = new Headers({
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
    date: new Date().toUTCString(),
    waybill: VERSION,
    "x-request-id": requestId,
  });
  if (status === 405) headers.set("allow", ALLOWED_METHODS);
  applyCors(policy.decide({ method, origin }), headers);
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines}\r\n${body}`);
  lingeringClose(socket);
}
