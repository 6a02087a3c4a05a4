import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";

const MAX_DRAIN_BYTES = 64 * 1024 * 1024;
const MAX_DRAIN_MS = 10_000;

/**
 * Writes a web response as fast as the client reads. If the client leaves, the body is
 * cancelled; if the body fails after the head is out, the connection breaks, which is the one
 * honest sign that is left.
 */
export async function writeWebResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const { body } = response;
  if (outgoing.headersSent || outgoing.destroyed) {
    await body?.cancel();
    return;
  }
  const headers: [string, string][] = [...response.headers].filter(([name]) => name !== "set-cookie");
  for (const cookie of response.headers.getSetCookie()) headers.push(["set-cookie", cookie]);
  outgoing.writeHead(response.status, headers.flat());
  if (body === null || outgoing.req.method === "HEAD") {
    outgoing.end();
    await body?.cancel();
    return;
  }
  outgoing.flushHeaders();
  const reader = body.getReader();
  const left = () => void reader.cancel().catch(() => {});
  outgoing.once("close", left);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || outgoing.destroyed) break;
      if (!outgoing.write(value)) await Promise.race([once(outgoing, "drain"), once(outgoing, "close")]);
    }
    outgoing.end();
  } catch (error) {
    outgoing.destroy();
    throw error;
  } finally {
    outgoing.off("close", left);
  }
}

/**
 * After an answer to a request whose body was not read, goes on reading for a while: closing at
 * once would reset the connection, and the client would never see the answer.
 */
export function drainAfterAnswer(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once("finish", () => {
    if (incoming.complete || incoming.destroyed) return;
    let bytes = 0;
    const stop = () => {
      clearTimeout(timer);
      incoming.socket.destroySoon();
    };
    const timer = setTimeout(stop, MAX_DRAIN_MS);
    incoming.removeAllListeners("data");
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > MAX_DRAIN_BYTES) stop();
    });
    incoming.once("close", () => clearTimeout(timer));
    incoming.once("end", () => clearTimeout(timer));
    incoming.resume();
  });
}
