import { connect } from "node:net";

const TIMEOUT_MS = 15_000;

/** The head of an answer to bytes that need not be HTTP. */
export interface RawReply {
  readonly status: number;
  /** Name (in lower case) and value of each line of the head. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Sends `bytes` as they are and reads until the server closes; status 0 if it answers nothing. */
export async function rawExchange(baseUrl: string, bytes: string): Promise<RawReply> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect({ host: hostname, port: Number(port), timeout: TIMEOUT_MS });
  socket.on("timeout", () => socket.destroy());
  socket.write(bytes, "latin1");
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk);
  } catch {
    // A reset behind the answer takes nothing from it.
  }
  const [head = "", ...rest] = Buffer.concat(chunks).toString("latin1").split("\r\n\r\n");
  const [start = "", ...lines] = head.split("\r\n");
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(start)?.[1] ?? 0),
    headers: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
    body: rest.join("\r\n\r\n"),
  };
}
