import { type IncomingMessage, request as openRequest } from "node:http";
import type { HeaderLine } from "@waybill/policy";
import type { Head, Message } from "./ask.ts";
import { Fault } from "./fault.ts";

// Chromium's limit for the headers of an answer.
const MAX_HEADER_BYTES = 256 * 1024;

/** Sends a message over HTTP/1.1 and waits for the head of its answer; 1xx are passed over. */
export function askHttp1(message: Message): Promise<Head> {
  return new Promise((resolve, reject) => {
    const request = openRequest({
      createConnection: () => message.socket,
      path: message.path,
      setHost: false,
      // A broken server is here to be looked at.
      insecureHTTPParser: true,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    // Not as an option: those are put into upper case, and `patch` is another method than `PATCH`.
    request.method = message.method;
    for (const [name, value] of message.lines) request.appendHeader(name, value);
    request.on("error", reject);
    request.on("upgrade", () => {
      reject(new Fault("not-http", "The server changed to another protocol, which nobody had asked for."));
    });
    request.on("response", (response) => resolve(headOf(response)));
    request.end(message.content);
  });
}

function headOf(response: IncomingMessage): Head {
  return {
    httpVersion: response.httpVersion === "1.0" ? "1.0" : "1.1",
    status: response.statusCode ?? 0,
    headers: linesOf(response.rawHeaders),
    stream: response,
  };
}

/** Names and values in turn, as lines. */
export function linesOf(raw: readonly string[]): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at < raw.length; at += 2) lines.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return lines;
}
