import type { Socket } from "node:net";
import type { NodeRequest, NodeResponse } from "./exchange.ts";

const MAX_LINGER_MS = 10_000;

/**
 * Ends our half of a connection, and for at most 10 s goes on reading what the client still
 * sends: closing with unread bytes resets the connection, and the client would never see the answer.
 *
 * Source: RFC 9112, 9.6.
 */
export function lingeringClose(socket: Socket): void {
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), MAX_LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
}

/**
 * After an answer to a request that has not arrived in full, throws the rest away for at most
 * 10 s, so that the client gets to reading the answer. A connection that the client keeps stays usable.
 */
export function drainAfterAnswer(incoming: NodeRequest, outgoing: NodeResponse): void {
  // Heard before Node's own listener, which would destroy a connection that is not kept.
  outgoing.prependOnceListener("finish", () => {
    if (incoming.complete || incoming.destroyed) return;
    const { socket } = incoming;
    const timer = setTimeout(() => socket.destroy(), MAX_LINGER_MS);
    // A client that leaves now is not told to the request any more; the process must not wait for it.
    timer.unref();
    socket.destroySoon = () => lingeringClose(socket);
    incoming.once("end", () => Reflect.deleteProperty(socket, "destroySoon"));
    incoming.once("close", () => clearTimeout(timer));
    incoming.resume();
  });
}
