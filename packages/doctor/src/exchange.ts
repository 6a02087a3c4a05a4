import type { HeaderLine } from "@waybill/policy";

/** Why nothing came back, as far as it can be told from this machine. */
export type ConnectionFault =
  | "name-not-found"
  | "refused"
  | "unreachable"
  | "timeout"
  | "reset"
  | "certificate-expired"
  | "certificate-name"
  | "certificate-untrusted"
  | "tls"
  | "not-http"
  | "address-refused";

/** One request of the doctor's and what came of it. */
export interface Exchange {
  /** Why it was sent. `probe`: not the browser's, but to learn more: see `why`. */
  readonly purpose: "preflight" | "request" | "probe";
  /** What it was to find out, as a phrase; "" for what the browser itself would send. */
  readonly why: string;
  /** The way that was taken: null: the URL's own host, else an entry of `via`. */
  readonly via: string | null;
  readonly method: string;
  readonly url: string;
  /** Every line that was sent; that was to be sent, where it did not come to that. */
  readonly sent: readonly HeaderLine[];
  readonly outcome: Received | Failed;
}

/** An answer as it arrived. */
export interface Received {
  readonly kind: "received";
  readonly httpVersion: "1.0" | "1.1" | "2";
  readonly status: number;
  /** Every line, duplicates kept, names as they were sent; bytes beyond ASCII as Latin-1. */
  readonly headers: readonly HeaderLine[];
  /** The beginning of the body, read as UTF-8; see `AskOptions.bodyBytes`. */
  readonly body: string;
  /** Whether the body was longer than what was read, or stalled, or broke off. */
  readonly bodyEnd: "complete" | "cut" | "stalled" | "broken";
  readonly headMs: number;
  /** Set when the certificate is one that a browser refuses: the answer was read all the same. */
  readonly certificate?: Failed;
}

/** No answer. */
export interface Failed {
  readonly kind: "failed";
  readonly fault: ConnectionFault;
  /** What the system said, as a sentence: never a stack trace. */
  readonly message: string;
}
