import type { LookupFunction } from "node:net";
import type { PageRequest } from "@waybill/policy/browser";

/** What the doctor is asked: this page sends this request; what will its browser say? */
export interface Question {
  /** The page's origin as the browser serialises it; `"null"` for a file or a sandboxed frame. */
  readonly origin: string;
  /** The request as the page writes it. */
  readonly request: PageRequest;
  /** The bytes of `request.body`, which says of what kind they are. @default none */
  readonly content?: Uint8Array;
  /**
   * Other ways to the same server, each `http(s)://host[:port]`: a proxy in front of it, or what stands
   * behind one. Each is sent the same request, with the same path and Host. @default []
   */
  readonly via?: readonly string[];
}

/** How the doctor asks. */
export interface AskOptions {
  /** Longest wait for one answer's head, and again for its body. @default 10,000 */
  readonly timeoutMs?: number;
  /** How much of a body is read; the rest is left and its connection closed. @default 65,536 */
  readonly bodyBytes?: number;
  /**
   * Every connection goes through it, those to literal addresses, too. Fails with `ENOTFOUND` for a name
   * that does not exist; whatever else it throws or fails with means that the address must not be asked:
   * `address-refused`, with its message. @default the system's
   */
  readonly lookup?: LookupFunction;
  /** Sends nothing but GET, HEAD and OPTIONS, preflights among them: what changes things is kept back. @default false */
  readonly dryRun?: boolean;
  /** Hears each piece of an answer's body as it arrives, as it came over the wire. @default nobody does */
  readonly onBody?: (bytes: Uint8Array) => void;
  /** Ends everything. */
  readonly signal?: AbortSignal;
}
