import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

/** The head of an answer; names in lower case, repeated lines kept. */
export interface Head {
  readonly status: number;
  readonly lines: readonly (readonly [name: string, value: string])[];
}

/**
 * Sends `bytes` as they are and reads the first head that is not 1xx. Null if the connection ends before
 * one is complete, or none comes within `withinMs`.
 */
export async function readHead(baseUrl: string, bytes: string, withinMs: number): Promise<Head | null> {
  const { protocol, hostname, port } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, "");
  const isTls = protocol === "https:";
  const address = { host, port: Number(port || (isTls ? 443 : 80)) };
  const socket = isTls ? connectTls({ ...address, servername: host }) : connect(address);
  const timer = setTimeout(() => socket.destroy(), withinMs);
  socket.setEncoding("latin1");
  socket.write(bytes, "latin1");
  let received = "";
  try {
    for await (const chunk of socket) {
      received += String(chunk);
      for (let end = received.indexOf("\r\n\r\n"); end !== -1; end = received.indexOf("\r\n\r\n")) {
        const head = parseHead(received.slice(0, end));
        if (head === null || head.status >= 200) return head;
        received = received.slice(end + 4);
      }
    }
  } catch {
    // A reset is no answer.
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  return null;
}

function parseHead(text: string): Head | null {
  const [start = "", ...lines] = text.split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(start)?.[1];
  if (status === undefined) return null;
  return {
    status: Number(status),
    lines: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  };
}
