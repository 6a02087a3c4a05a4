import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { HeaderLine } from "@waybill/policy";

/** A request, ready for the wire, and the connection that it takes. */
export interface Message {
  readonly socket: Socket;
  readonly method: string;
  /** `https://host[:port]` of the URL. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly lines: readonly HeaderLine[];
  readonly content: Uint8Array | undefined;
}

/** The head of an answer, and what its body is read from. */
export interface Head {
  readonly httpVersion: "1.0" | "1.1" | "2";
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly stream: Readable;
}
