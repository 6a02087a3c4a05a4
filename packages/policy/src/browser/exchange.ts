import type { HeaderLine } from "../cors-policy.ts";
import type { DepartureName } from "./profile.ts";
import type { Verdict } from "./verdict.ts";

/** The page that asks. Its Content-Security-Policy and service workers are not part of the model. */
export interface Page {
  /** As the browser serialises it; `"null"` for a file or a sandboxed frame. */
  readonly origin: string;
  /** Whether it was loaded over https, which forbids plain http. */
  readonly secure: boolean;
}

/**
 * What a page sends along: nothing; a string; URLSearchParams; FormData; a Blob with its type (the
 * empty one has none); bytes without a type; a ReadableStream.
 */
export type RequestBody =
  | { readonly kind: "text" | "form" | "multipart" | "bytes" | "stream" }
  | { readonly kind: "blob"; readonly type: string };

/** A request as the page writes it: what `fetch` is called with. */
export interface PageRequest {
  /** Absolute. */
  readonly url: string;
  /** @default "GET" */
  readonly method?: string;
  /** As appended one after the other: names may repeat. @default [] */
  readonly headers?: readonly HeaderLine[];
  /** @default "same-origin" */
  readonly credentials?: "omit" | "same-origin" | "include";
  /** @default "cors" */
  readonly mode?: "cors" | "no-cors" | "same-origin";
  /** @default "follow" */
  readonly redirect?: "follow" | "error" | "manual";
  /** @default null */
  readonly body?: RequestBody | null;
  /** An XMLHttpRequest whose `upload` has listeners. @default false */
  readonly uploadListeners?: boolean;
}

/** An answer as a server writes it. */
export interface Answer {
  readonly status: number;
  /** Every line, duplicates kept, names in any case. */
  readonly headers: readonly HeaderLine[];
  /** @default "" */
  readonly body?: string;
}

/** What one URL of the chain answers; what is absent is not answered: refused, reset, or never asked. */
export interface Hop {
  readonly preflight?: Answer;
  readonly answer?: Answer;
}

/** Everything a prediction needs, and nothing that has to be asked for. */
export interface Exchange {
  readonly page: Page;
  readonly request: PageRequest;
  /** In the order of the redirects: the first is the request's own URL. */
  readonly hops: readonly Hop[];
}

/** What the browser asks before a request. */
export interface SentPreflight {
  readonly hop: number;
  readonly url: string;
  readonly origin: string;
  /** The bytes of `Access-Control-Request-Method`. */
  readonly requestMethod: string;
  /** The bytes of `Access-Control-Request-Headers`; null: the line is left out. */
  readonly requestHeaders: string | null;
  /** How long the permission may be kept, in seconds; null if it was refused. */
  readonly maxAgeSeconds: number | null;
}

/** What the browser sends. */
export interface SentRequest {
  readonly hop: number;
  readonly url: string;
  readonly method: string;
  /** The bytes of `Origin`; null: the line is left out. */
  readonly origin: string | null;
  /** What came from the page, names in lower case and joined; not what browsers add of their own. */
  readonly headers: readonly HeaderLine[];
  readonly hasBody: boolean;
  /** Whether cookies and what else identifies the user may be sent, and stored from the answer. */
  readonly credentials: boolean;
}

/** What the page reads of an answer. */
export interface Readable {
  readonly status: number;
  /** Names in lower case and sorted, lines of one name joined. */
  readonly headers: readonly HeaderLine[];
  /** Null where the status or the method leaves no body. */
  readonly body: string | null;
}

/** What a browser makes of an exchange. */
export interface Prediction {
  readonly verdict: Verdict;
  /** The hop at which the verdict fell; 0 is the request's own URL. */
  readonly at: number;
  /** One for every hop that is asked about first; those of a failure included. */
  readonly preflights: readonly SentPreflight[];
  /** One for every hop that is reached, in order. */
  readonly requests: readonly SentRequest[];
  /** Null unless the verdict is `ok`, and for `data:` URLs, which no server answers. */
  readonly readable: Readable | null;
  /** Where the engine left the standard on the way, in order, each once; empty with `standard`. */
  readonly departures: readonly DepartureName[];
}
