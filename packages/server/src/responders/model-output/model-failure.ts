import { ChatError } from "@waybill/protocol";

/** What is known of a request that the model's server failed. */
interface Told {
  /** HTTP status of its answer; absent if none came, or the failure came in the stream. */
  readonly status?: number | undefined;
  readonly code?: string | null | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

const failure = (reason: string, message: string, retryable: boolean, told: Told, cause: unknown) =>
  new ChatError("upstream_failed", {
    message,
    retryable,
    details: { reason, ...(told.status === undefined ? {} : { status: told.status }) },
    cause,
  });

/**
 * The failure of a model's server as a person is told of it: `upstream_failed`, with `reason` and the
 * HTTP `status` among its details, and never the server's own words, which may hold a key.
 */
export function modelFailure(told: Told, model: string, cause: unknown): ChatError {
  const { status, code, retryAfterSeconds } = told;
  const fail = (reason: string, message: string, retryable: boolean) =>
    failure(reason, message, retryable, told, cause);
  if (code === "context_length_exceeded") {
    return fail("context_too_long", "This conversation is too long for the model. Start a new one.", false);
  }
  if (code === "insufficient_quota") {
    return fail("quota", "The account at the model's server is used up. Tell whoever runs this chat.", false);
  }
  if (status === 401 || status === 403) {
    return fail(
      "auth_failed",
      "The model's server does not accept this server's key. Tell whoever runs this chat.",
      false,
    );
  }
  if (status === 404 || code === "model_not_found") {
    // A server that offers another API says the same, if without a code.
    const what = code ? `the model ${model}` : `the model ${model}, or not the API by which it is asked`;
    return fail(
      "model_unknown",
      `The model's server does not know ${what}. Tell whoever runs this chat.`,
      false,
    );
  }
  if (status === 429 || code === "rate_limit_exceeded") {
    const when = retryAfterSeconds === undefined ? "in a moment" : `in ${retryAfterSeconds} seconds`;
    return fail("rate_limited", `The model's server has too much to do. Try again ${when}.`, true);
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409) {
    return fail("refused", `The model's server refused the request (${status}).`, false);
  }
  if (code?.startsWith("invalid_") || code?.includes("image")) {
    return fail("refused", "The model could not use what was sent to it.", false);
  }
  return fail(
    "failed",
    status === undefined ? "The model's server failed." : `The model's server failed (${status}).`,
    true,
  );
}

/** The answer ended before the model had said that it is complete. */
export function answerCut(cause?: unknown): ChatError {
  return failure(
    "connection_lost",
    "The connection to the model's server was lost before the answer was complete.",
    true,
    {},
    cause,
  );
}

/** What the model's server sent cannot be read. */
export function answerUnreadable(cause?: unknown): ChatError {
  return failure("unreadable", "The model's server sent something that cannot be read.", true, {}, cause);
}

/** Nobody answers at the address of the model's server. */
export function modelUnreachable(cause: unknown): ChatError {
  return failure("unreachable", "The model's server could not be reached.", true, {}, cause);
}

/** The model's server did not answer in time. */
export function modelTimedOut(cause: unknown): ChatError {
  return failure("timeout", "The model's server took too long to answer.", true, {}, cause);
}

/** The answer is complete, and there is nothing in it. */
export function answerEmpty(): ChatError {
  return failure("empty", "The model gave no answer.", true, {}, undefined);
}

/** The model ended its answer early. */
export function answerIncomplete(reason: string | undefined): ChatError {
  const message =
    reason === "content_filter"
      ? "The model's server withheld the rest of the answer."
      : "The answer reached the longest length that the model may write, and ends there.";
  return failure(reason ?? "incomplete", message, reason !== "content_filter", {}, undefined);
}

/** What an exception of the openai package says; recognised by shape, whichever copy of the package threw it. */
export function failureOf(error: unknown, model: string): ChatError {
  if (error instanceof ChatError) return error;
  if (!(error instanceof Error)) return modelFailure({}, model, error);
  const kind = error.constructor.name;
  if (kind === "APIConnectionTimeoutError") return modelTimedOut(error);
  if (kind === "APIConnectionError") return modelUnreachable(error);
  if (error instanceof SyntaxError) return answerUnreadable(error);
  // Only what the server itself answered has one, if sometimes undefined.
  if (!("status" in error)) return answerCut(error);
  const { status, code, headers } = error as Readonly<Record<"status" | "code" | "headers", unknown>> & Error;
  const after = headers instanceof Headers ? headers.get("retry-after") : null;
  return modelFailure(
    {
      ...(typeof status === "number" ? { status } : {}),
      ...(typeof code === "string" ? { code } : {}),
      ...(after !== null && /^\d+$/.test(after) ? { retryAfterSeconds: Number(after) } : {}),
    },
    model,
    error,
  );
}
