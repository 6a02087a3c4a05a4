/** What went wrong, as far as a page can tell. */
export type FailureCause =
  | "stopped"
  | "timeout"
  | "offline"
  | "csp_blocked"
  | "mixed_content"
  | "local_network_access"
  /** The server is there and answers others, but this page's origin is not on its list. */
  | "origin_not_allowed"
  /** The server answers, and lets this page read some answers, but not this one: a failure is masked. */
  | "cors_missing_or_masked"
  | "server_unreachable"
  /** The page's own server reaches the chat server, this browser does not. */
  | "way_broken"
  | "network_down"
  /** The stream ended before the answer did. */
  | "stream_broken"
  /** A readable failure; `code` and `status` tell which. */
  | "server_error"
  /** An `error` event in the stream. */
  | "answer_failed"
  /** The page asked for something this client cannot do, for example an attachment without a usable source. */
  | "invalid_request"
  /** The answer is not ChatKit's protocol. */
  | "protocol_error";

/** How sure the client is of a cause. */
export type Confidence = "certain" | "likely" | "possible";

/**
 * Whether sending again is harmless: `keyed`: only with the same idempotency key, which the
 * client sees to when the same input is sent again; `never`: it would be a second message,
 * or cannot succeed as it is.
 */
export type RetryRule = "safe" | "keyed" | "never";

/** What the client concluded from a failure. All texts are plain English sentences. */
export interface Verdict {
  readonly cause: FailureCause;
  readonly confidence: Confidence;
  /** Other things it could be, as noun phrases; empty when certain. */
  readonly alternatives: readonly string[];
  /** Who failed and how, in one line. */
  readonly title: string;
  /** What it means for the person, and what happened to the message. */
  readonly userMessage: string;
  /** What the person can do. */
  readonly advice: string;
  /** What was seen, and what whoever runs the server must change. */
  readonly developerDetail: string;
  /**
   * The request that failed, its headers as `name: value`; a value that may be a secret is `REDACTED`.
   * Without headers where they were not made.
   */
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers?: readonly string[] | undefined;
  };
  /** The page's origin, or `null` outside a browser. */
  readonly pageOrigin: string | null;
  /** The server's id of the request, where its answer could be read. */
  readonly requestId?: string | undefined;
  /** The server's error code, where an answer told it: this request's own, or one to a probe. */
  readonly code?: string | undefined;
  /** The HTTP status, where an answer told it: this request's own, or one to a probe. */
  readonly status?: number | undefined;
  readonly retry: RetryRule;
}

/** A failed request, with the client's verdict. Its `message` is title and meaning together. */
export class ChatFailure extends Error {
  override readonly name = "ChatFailure";
  readonly verdict: Verdict;

  constructor(verdict: Verdict, options?: { readonly cause?: unknown }) {
    super(`${verdict.title}. ${verdict.userMessage}`, options);
    this.verdict = verdict;
  }
}
