import type { ConnectionFault, Failed } from "./exchange.ts";

/** Why nothing came back, thrown from wherever it is noticed first. */
export class Fault extends Error {
  readonly fault: ConnectionFault;

  constructor(fault: ConnectionFault, message: string) {
    super(message);
    this.name = "Fault";
    this.fault = fault;
  }
}

const EXPIRED = ["certificate-expired", "The certificate has expired, or is not valid yet"] as const;
const UNTRUSTED = [
  "certificate-untrusted",
  "The certificate is signed by nobody whom browsers trust",
] as const;
const RESET = ["reset", "The server closed the connection before it had answered"] as const;
const UNREACHABLE = ["unreachable", "No way leads to the address"] as const;

// Codes of Node, libuv and OpenSSL.
const BY_CODE: Readonly<Record<string, readonly [fault: ConnectionFault, sentence: string]>> = {
  ECONNREFUSED: ["refused", "Nobody listens at the port"],
  ECONNRESET: RESET,
  ECONNABORTED: RESET,
  EPIPE: RESET,
  EHOSTUNREACH: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENETDOWN: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  ETIMEDOUT: ["timeout", "No connection came about in time"],
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: EXPIRED,
  ERR_TLS_CERT_ALTNAME_INVALID: ["certificate-name", "The certificate is for another name"],
  HPE_HEADER_OVERFLOW: ["not-http", "The headers of the answer are larger than browsers read"],
};

const BY_PREFIX: readonly (readonly [prefix: RegExp, fault: ConnectionFault, sentence: string])[] = [
  [/^HPE_/, "not-http", "What came back is no answer of HTTP"],
  [/^(?:ERR_SSL|ERR_TLS|EPROTO)/, "tls", "No secure connection could be agreed on"],
  [/^ERR_HTTP2|^NGHTTP2/, ...RESET],
];

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const wordsOf = (error: unknown): string => {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
  // OpenSSL: `…:error:0A000438:SSL routines:function:the words:file:line:`.
  return /:error:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(line)?.[1] ?? line;
};

/** What an error of a connection means. Errors of several addresses come as one: the first that is known counts. */
export function failedBy(error: unknown): Failed {
  if (error instanceof Fault) return { kind: "failed", fault: error.fault, message: error.message };
  if (error instanceof AggregateError && error.errors.length > 0) return failedBy(error.errors[0]);
  const code = codeOf(error);
  const [fault, sentence] =
    BY_CODE[code] ?? BY_PREFIX.find(([prefix]) => prefix.test(code))?.slice(1) ?? UNREACHABLE;
  return { kind: "failed", fault: fault as ConnectionFault, message: `${sentence} (${wordsOf(error)}).` };
}

/** What a certificate that browsers refuse is refused for; `code` is OpenSSL's. */
export function certificateFault(code: string): Failed {
  const [fault, sentence] = BY_CODE[code] ?? UNTRUSTED;
  return { kind: "failed", fault, message: `${sentence} (${code}).` };
}
