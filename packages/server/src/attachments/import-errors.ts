import { STATUS_CODES } from "node:http";
import { ChatError, formatSize } from "@waybill/protocol";
import { errors } from "undici";

/** Why a server could not be reached; `details.reason` of `import_unreachable`. */
export type UnreachableReason = "dns" | "refused" | "tls" | "timeout" | "reset";

/** Whom an error of an import is about. */
export interface ImportSubject {
  /** What is fetched, as a person would call it. */
  readonly what: "picture" | "file";
  /** The host that the page named. */
  readonly host: string;
  /** The host that a redirect led to, if any. */
  readonly redirectedTo?: string;
}

const SENTENCE: Readonly<Record<UnreachableReason, string>> = {
  dns: "could not be found (DNS). Check the address.",
  refused: "refused the connection.",
  tls: "could not be trusted: its TLS certificate or handshake is not valid.",
  timeout: "did not take the connection in time.",
  reset: "broke off before the whole file had arrived, or does not speak HTTP.",
};

/** Which codes of Node, OpenSSL and undici mean what; the first that fits. */
const CODES: readonly (readonly [RegExp, UnreachableReason])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL)/, "dns"],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, "timeout"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/, "refused"],
  [/CERT|CRL|^ERR_(TLS|SSL)|^EPROTO$|^UNABLE_TO_|^(INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/, "tls"],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED|HPE_|UND_ERR_(SOCKET|RES_|HEADERS_|BODY_|INFO|ABORTED|DESTROYED|CLOSED))/,
    "reset",
  ],
];

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function server(subject: ImportSubject): string {
  const to = subject.redirectedTo;
  return to === undefined || to === subject.host
    ? `The ${subject.what}'s server ${subject.host}`
    : `${subject.host} redirects to ${to}, which`;
}

/**
 * What a failed connection or a broken body means to the person: `import_unreachable` with
 * `details.reason`. An error that is not the network's comes back as it is.
 */
export function unreachable(error: unknown, subject: ImportSubject): unknown {
  const code = codeOf(error);
  const known = code === undefined ? undefined : CODES.find(([pattern]) => pattern.test(code))?.[1];
  const reason = known ?? (error instanceof errors.HTTPParserError ? "reset" : undefined);
  if (reason === undefined) return error;
  return new ChatError("import_unreachable", {
    message: `${server(subject)} ${SENTENCE[reason]}`,
    details: { host: subject.host, reason },
    cause: error,
  });
}

/** `import_timeout`: the whole import took longer than `timeoutMs`. */
export function importTimeout(subject: ImportSubject, timeoutMs: number): ChatError {
  const seconds = timeoutMs / 1000;
  return new ChatError("import_timeout", {
    message: `${server(subject)} did not send the whole ${subject.what} within ${seconds} ${seconds === 1 ? "second" : "seconds"}.`,
    details: { host: subject.host, timeout_ms: timeoutMs },
  });
}

/** `import_status`: an answer that is not a file. A retry can help with 408, 429 and 5xx alone. */
export function importStatus(subject: ImportSubject, status: number, remark?: string): ChatError {
  // The standard's words: the server's own are a stranger's text.
  const words = STATUS_CODES[status] === undefined ? `${status}` : `${status} ${STATUS_CODES[status]}`;
  return new ChatError("import_status", {
    message: `${server(subject)} ${remark ?? `answered ${words}`}.`,
    details: { host: subject.host, status },
    retryable: status === 408 || status === 429 || status >= 500,
  });
}

/** `import_too_large`. `sizeBytes` was announced, or is what had arrived. */
export function importTooLarge(
  subject: ImportSubject,
  sizeBytes: number,
  maxBytes: number,
  arrived: boolean,
): ChatError {
  const is = arrived
    ? `has more than ${formatSize(sizeBytes, Math.floor)}`
    : `is ${formatSize(sizeBytes, Math.ceil)} large`;
  return new ChatError("import_too_large", {
    message: `The ${subject.what} at ${subject.host} ${is}; this server takes at most ${formatSize(maxBytes, Math.floor)}.`,
    details: { host: subject.host, size_bytes: sizeBytes, max_bytes: maxBytes },
  });
}
