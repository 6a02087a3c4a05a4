import { ERROR_RULES, formatSize, isErrorCode } from "@waybill/protocol";
import { parseErrorBody } from "@waybill/protocol/schema";
import { type Finding, howToAllow } from "./classify.ts";
import { composeVerdict, FATE, type FailedRequest } from "./compose-verdict.ts";
import { connectionVerdict } from "./connection-verdict.ts";
import type { Confidence, FailureCause, RetryRule, Verdict } from "./verdict.ts";

/** A failure that the server told in words the page may read. */
export interface ToldFailure {
  /** Absent if the server had told beforehand. */
  readonly status?: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
  /** Value of `Retry-After`, if it is a number of seconds. */
  readonly retryAfterSeconds?: number | undefined;
  /** Of Waybill's errors. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What else was seen, for developers. */
  readonly seen: string;
}

const found = (cause: FailureCause, fact: string, confidence: Confidence = "certain"): Finding => ({
  cause,
  confidence,
  alternatives: [],
  facts: [fact],
});

const clipped = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 200);

/**
 * Reads the body of an answer that is not 2xx: Waybill's, another server's JSON with a
 * `message`, `detail` or `error`, or anything else.
 */
export function readFailure(response: Response, body: string): ToldFailure {
  const retryAfter = response.headers.get("retry-after");
  const common = {
    status: response.status,
    requestId: response.headers.get("x-request-id") ?? undefined,
    retryAfterSeconds: retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
    seen: `The answer was ${response.status} ${response.headers.get("content-type") ?? "(no type)"}: ${clipped(body)}`,
  };
  const value = parseJson(body);
  const ours = parseErrorBody(value);
  if (ours.ok) {
    const { code, message, details, request_id } = ours.value.error;
    return { ...common, code, message, details, requestId: common.requestId ?? request_id };
  }
  return { ...common, message: messageIn(value) };
}

/** The value of a JSON text; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { message, detail, error } = value as Readonly<Record<string, unknown>>;
  for (const entry of [message, detail, error]) {
    if (typeof entry === "string" && entry !== "") return entry;
  }
  return typeof error === "object" ? messageIn(error) : undefined;
}

/** The verdict on a failure that the server told. */
export function serverErrorVerdict(told: ToldFailure, request: FailedRequest): Verdict {
  const table = told.code !== undefined && isErrorCode(told.code) ? ERROR_RULES[told.code] : undefined;
  const status = table?.status ?? told.status ?? 0;
  const known: FailedRequest =
    request.message === "unknown" && status < 500 ? { ...request, message: "refused" } : request;
  if (told.code === "origin_not_allowed") {
    const fact = [told.seen, ...howToAllow(request.pageOrigin ?? "null")].join(" ");
    const { code, status, requestId } = told;
    return { ...connectionVerdict(found("origin_not_allowed", fact), known), code, status, requestId };
  }
  const retryable = table?.retryable ?? (status >= 500 || status === 408 || status === 429);
  const ownTitle = table && (table.message || told.message)?.replace(/\.$/, "");
  const tooLarge = sizesOf(told, request);
  const title =
    request.attachment === undefined || tooLarge !== undefined
      ? (ownTitle ?? (status >= 500 ? "The chat server failed" : "The chat server refused the request"))
      : `The attachment ${request.attachment} could not be used`;
  const message =
    tooLarge ?? told.message ?? `The server answered with status ${told.status} and gave no reason.`;
  return composeVerdict(found("server_error", told.seen), known, {
    title,
    meaning: [
      message === `${title}.` ? "" : message,
      request.attachment === undefined ? FATE[known.message] : "Nothing was sent.",
    ],
    ...refusalAdvice(told, known, retryable),
    requestId: told.requestId,
    code: told.code,
    status: told.status,
  });
}

/** Of a file that is too large: how large it is and may be, as a sentence; undefined if it is not told. */
function sizesOf({ code, details, message }: ToldFailure, { attachment }: FailedRequest): string | undefined {
  const { size_bytes: size, max_bytes: limit } = details ?? {};
  if (code !== "attachment_too_large" || attachment === undefined) return undefined;
  if (typeof size !== "number" || typeof limit !== "number") return undefined;
  // A server that names the file has said it, and may know that there was more.
  if (message?.includes(attachment)) return message;
  return tooLargeText(attachment, size, limit);
}

/** How large a file is and may be, both in bytes, as a sentence. */
export function tooLargeText(name: string, size: number, limit: number): string {
  return `${name} is ${formatSize(size, Math.ceil)}; the limit is ${formatSize(limit, Math.floor)}.`;
}

function refusalAdvice(
  told: ToldFailure,
  request: FailedRequest,
  retryable: boolean,
): { advice?: string; retry?: RetryRule } {
  const again = request.message === "none" ? "try" : "send";
  if (told.status === 401 || told.code === "unauthenticated") {
    return { advice: `Sign in, then ${again} again.` };
  }
  if (!retryable) {
    return { advice: changeAdvice(told.code, request), retry: "never" };
  }
  if (request.attachment !== undefined) {
    return { advice: "Try again in a moment. If it stays so, remove the attachment or choose another one." };
  }
  return told.retryAfterSeconds === undefined
    ? {}
    : { advice: `Wait ${told.retryAfterSeconds} seconds, then ${again} again.` };
}

function changeAdvice(code: string | undefined, { attachment }: FailedRequest): string {
  if (code === "attachment_too_large") return "Send a smaller one, or remove it.";
  if (attachment !== undefined) return "Remove the attachment, or choose another one, then send again.";
  if (code === "attachment_rejected") return "Choose another file, or go on without it.";
  return "Change what you asked for, or give the details to whoever runs the server.";
}

/** The verdict on an `error` event in a stream. The message of the turn had arrived by then. */
export function answerFailedVerdict(
  message: string | undefined,
  allowRetry: boolean,
  requestId: string | undefined,
  request: FailedRequest,
): Verdict {
  const fact = `An error event: ${message}; allow_retry ${allowRetry}.`;
  return composeVerdict(found("answer_failed", fact), request, {
    title: "The server could not finish the answer",
    meaning: [message ?? "It gave no reason.", FATE[request.message]],
    advice: allowRetry ? "Ask for the answer again." : "Send another message to go on.",
    retry: allowRetry ? "safe" : "never",
    requestId,
  });
}

/** The verdict on an answer that is not the protocol's. `fact` names what was wrong with it. */
export function protocolVerdict(fact: string, response: Response, request: FailedRequest): Verdict {
  return composeVerdict(found("protocol_error", fact), request, {
    title: "The server did not answer as a chat server does",
    meaning: ["Its answer could not be understood.", FATE[request.message]],
    advice: "Give the details to whoever runs the server.",
    requestId: response.headers.get("x-request-id") ?? undefined,
    status: response.status,
  });
}

/** The verdict on a body whose connection was lost before its end. */
export function brokenVerdict(fact: string, response: Response, request: FailedRequest): Verdict {
  return composeVerdict(found("stream_broken", fact), request, {
    title: "The answer broke off",
    meaning: [
      request.message === "arrived"
        ? "The connection was lost. What had arrived is above."
        : "The connection was lost before anything had arrived.",
    ],
    ...(request.message === "arrived"
      ? { advice: "Load the conversation again to see what the server has kept." }
      : {}),
    requestId: response.headers.get("x-request-id") ?? undefined,
    status: response.status,
  });
}

/** The verdict on a wait that took longer than the client was told to wait. */
export function timeoutVerdict(timeoutMs: number, request: FailedRequest): Verdict {
  const span = timeoutMs < 1_000 ? `${timeoutMs} milliseconds` : `${Math.round(timeoutMs / 1_000)} seconds`;
  const working = request.message === "unknown" || request.message === "arrived";
  return composeVerdict(found("timeout", `Nothing arrived for ${timeoutMs} ms.`), request, {
    title: "The server took too long",
    meaning: [
      `No answer within ${span}.`,
      working ? "It may still be working on it." : FATE[request.message],
    ],
  });
}

/** The verdict on what the page asked for and nobody could do; nothing was sent. */
export function invalidRequestVerdict(
  title: string,
  meaning: string,
  advice: string,
  request: FailedRequest,
): Verdict {
  return composeVerdict(found("invalid_request", `${title}. ${meaning}`), request, {
    title,
    meaning: [meaning, request.message === "none" ? "" : "Nothing was sent."],
    advice,
    retry: "never",
  });
}
