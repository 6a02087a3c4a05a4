import { connect, type OutgoingHttpHeaders } from "node:http2";
import type { Head, Message } from "./ask.ts";
import { linesOf } from "./ask-http1.ts";
import { Fault } from "./fault.ts";

const MAX_HEADER_BYTES = 256 * 1024;
const MAX_HEADER_LINES = 4_096;

/** Sends a message over HTTP/2 and waits for the head of its answer; 1xx are passed over. */
export function askHttp2(message: Message): Promise<Head> {
  return new Promise((resolve, reject) => {
    const session = connect(message.origin, {
      createConnection: () => message.socket,
      maxHeaderListPairs: MAX_HEADER_LINES,
      settings: { enablePush: false, maxHeaderListSize: MAX_HEADER_BYTES },
    });
    session.on("error", reject);
    const stream = session.request(
      { ":method": message.method, ":path": message.path, ...headersOf(message) },
      { endStream: message.content === undefined },
    );
    stream.on("error", reject);
    stream.on("close", () => {
      reject(new Fault("reset", "The server closed the connection before it had answered."));
    });
    stream.on("response", (headers, _flags, raw) => {
      resolve({
        httpVersion: "2",
        status: headers[":status"] ?? 0,
        headers: linesOf(raw).filter(([name]) => !name.startsWith(":")),
        stream,
      });
    });
    if (message.content !== undefined) stream.end(message.content);
  });
}

function headersOf({ lines }: Message): OutgoingHttpHeaders {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of lines) {
    headers[name] ??= [];
    headers[name].push(value);
  }
  return headers;
}
