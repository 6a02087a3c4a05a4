/** What the table says of one code. */
export interface ErrorRule {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Whether the same request may succeed later; `allow_retry` in a stream. */
  readonly retryable: boolean;
  /** What the person may read when nothing more precise is known; empty: the answer says it. */
  readonly message: string;
}

const rule = (status: number, retryable: boolean, message = ""): ErrorRule =>
  Object.freeze({ status, retryable, message });

/**
 * Every code with what a page must know by itself. A message stands here where answers may carry
 * a more precise one; else it is among {@link SENTENCES}, and pages have it from the answer.
 */
export const ERROR_RULES = Object.freeze({
  invalid_request: rule(400, false, "The request is not valid."),
  custom: rule(400, false, "The request was refused."),
  unauthenticated: rule(401, false, "You are not signed in to this chat."),
  origin_not_allowed: rule(403, false),
  forbidden: rule(403, false, "You may not do this."),
  not_found: rule(404, false, "This does not exist, or is not yours."),
  method_not_allowed: rule(405, false, "This address does not take this method."),
  attachment_not_ready: rule(409, true),
  wrong_item_type: rule(409, false, "This cannot be done with an item of this type."),
  no_pending_tool_call: rule(409, false),
  not_pending: rule(409, false),
  thread_locked: rule(409, false),
  thread_closed: rule(409, false),
  thread_busy: rule(409, true),
  upload_conflict: rule(409, true, "Another upload of this file is under way."),
  payload_too_large: rule(413, false, "The request is too large."),
  attachment_too_large: rule(413, false, "This file is too large for the server."),
  unsupported_media_type: rule(415, false, "The request's content type is not supported."),
  attachment_rejected: rule(422, false, "The server does not take this file."),
  import_unreachable: rule(422, true),
  import_refused_address: rule(422, false),
  import_status: rule(422, true),
  import_too_large: rule(422, false),
  import_type_mismatch: rule(422, false),
  import_timeout: rule(422, true),
  rate_limited: rule(429, true),
  quota_exceeded: rule(429, false),
  internal_error: rule(500, true),
  not_implemented: rule(501, false, "This server does not offer that."),
  upstream_failed: rule(502, true, "The model's server failed."),
  worker_lost: rule(502, true),
  shutting_down: rule(503, true, "The chat server is restarting."),
  deadline_exceeded: rule(504, true),
});

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  origin_not_allowed: "The chat server does not accept requests from this page's address.",
  attachment_not_ready: "The attachment is not ready yet.",
  no_pending_tool_call: "No tool call is waiting for a result.",
  not_pending: "This has been answered already.",
  thread_locked: "This conversation is locked.",
  thread_closed: "This conversation is closed.",
  thread_busy: "An answer is being written in this conversation.",
  import_unreachable: "The attachment's address could not be reached.",
  import_refused_address: "The server may not fetch from the attachment's address.",
  import_status: "The attachment's address did not answer with a file.",
  import_too_large: "The file at the attachment's address is too large.",
  import_type_mismatch: "The attachment is not what it was said to be.",
  import_timeout: "The attachment's address took too long to answer.",
  rate_limited: "Too many requests; wait a moment.",
  quota_exceeded: "Your storage is used up.",
  internal_error: "The chat server failed while it worked on this request.",
  worker_lost: "The chat server's process ended unexpectedly; the next one is being started.",
  deadline_exceeded: "The chat server took too long.",
};

function complete(rules: Readonly<Record<ErrorCode, ErrorRule>>): Readonly<Record<ErrorCode, ErrorRule>> {
  const complete = { ...rules };
  for (const code of Object.keys(SENTENCES))
    if (isErrorCode(code)) complete[code] = Object.freeze({ ...rules[code], message: SENTENCES[code] ?? "" });
  return Object.freeze(complete);
}

/** Every error code, its HTTP status, whether a retry can help, and its public message. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorRule>> = /* @__PURE__ */ complete(ERROR_RULES);

/** Codes of errors, as the wire spells them. */
export type ErrorCode = keyof typeof ERROR_RULES;

/** Whether a text is one of our codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_RULES, text);
}

/** The JSON body of every failed request. The official client shows the outer `message`. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly request_id: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  readonly message: string;
}

/** What a {@link ChatError} may be told beside its code. */
export interface ChatErrorOptions {
  /** What the person may read. @default the table's message */
  readonly message?: string;
  /** Facts for the client, sent as they are: never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The inside; logged, never sent. */
  readonly cause?: unknown;
  /** @default the table's value */
  readonly retryable?: boolean;
}

/**
 * A failure that the caller is told about. Its message and details reach the
 * client; its cause does not. Any other exception becomes `internal_error`.
 */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: ChatErrorOptions = {}) {
    const table = ERRORS[code];
    super(
      options.message ?? table.message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.status = table.status;
    this.retryable = options.retryable ?? table.retryable;
    this.details = options.details;
  }
}

/** The body that tells a client of `error`. */
export function errorBody(error: ChatError, requestId: string): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      request_id: requestId,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    message: error.message,
  };
}
