import type { ServerHttp2Stream } from "node:http2";
import type { NodeRequest } from "./exchange.ts";

/** How much of a request is there. */
export interface Arrival {
  readonly isComplete: boolean;
  /** Grows while something of it arrives. */
  readonly bytes: number;
}

/** Bytes of each stream's body: the bytes of its connection are those of other streams, too. */
const received = new WeakMap<ServerHttp2Stream, number>();

/** Counts what arrives on a stream from now on. */
export function countArrivals(stream: ServerHttp2Stream): void {
  const push = stream.push.bind(stream);
  // What Node hands every piece to that it takes from the wire, whoever reads the stream.
  stream.push = (piece: Buffer | null, encoding?: BufferEncoding) => {
    received.set(stream, (received.get(stream) ?? 0) + (piece?.length ?? 0));
    return push(piece, encoding);
  };
}

/** How much of a request is there by now. */
export function arrivalOf(request: NodeRequest | ServerHttp2Stream): Arrival {
  const stream = "pushStream" in request ? request : request.stream;
  if (stream !== undefined) {
    const isEnded = stream.endAfterHeaders || stream.readableEnded || stream.destroyed;
    return { isComplete: isEnded || stream.state.remoteClose === 1, bytes: received.get(stream) ?? 0 };
  }
  const { complete, socket } = request as NodeRequest;
  return { isComplete: complete, bytes: socket.bytesRead };
}
