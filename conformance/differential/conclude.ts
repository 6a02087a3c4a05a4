import type { Exchange, Verdict } from "@waybill/policy/browser";
import type { DevToolsFailure } from "./chromium.ts";
import type { PageOutcome } from "./page-script.ts";

const BY_TYPE: Readonly<Record<string, Verdict>> = {
  basic: "ok",
  cors: "ok",
  opaque: "opaque",
  opaqueredirect: "opaque-redirect",
};

/** Chromium's words for what a constructor refuses. */
const BY_MESSAGE: readonly (readonly [RegExp, Verdict])[] = [
  [/Failed to parse URL/, "InvalidUrl"],
  [/includes credentials/, "UrlWithCredentials"],
  [/is not a valid HTTP method/, "InvalidMethod"],
  [/HTTP method is unsupported/, "ForbiddenMethod"],
  [/unsupported in no-cors mode|is unsupported in/, "MethodNotAllowedInNoCors"],
  [/cannot have body/, "BodyWithGetOrHead"],
  [
    /Invalid (?:name|value)|non ISO-8859-1|is not a valid HTTP header field|String contains non/,
    "InvalidHeader",
  ],
  [/made from ReadableStream/, "StreamNotAllowedInNoCors"],
];

const BY_ERROR_TEXT: Readonly<Record<string, Verdict>> = {
  "net::ERR_UNSAFE_PORT": "BadPort",
  "net::ERR_UNKNOWN_URL_SCHEME": "UnsupportedScheme",
  "net::ERR_TOO_MANY_REDIRECTS": "RedirectLoop",
  "net::ERR_UNSAFE_REDIRECT": "RedirectToOtherScheme",
  "net::ERR_INVALID_REDIRECT": "InvalidLocation",
  "net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION": "InvalidLocation",
  "net::ERR_ALPN_NEGOTIATION_FAILED": "StreamNeedsHttp2",
  "net::ERR_UNEXPECTED_PROXY_AUTH": "ProxyAuthentication",
  "net::ERR_EMPTY_RESPONSE": "ConnectionFailed",
  "net::ERR_CONNECTION_RESET": "ConnectionFailed",
  "net::ERR_SOCKET_NOT_CONNECTED": "ConnectionFailed",
};

/** How an exchange ended, on every side. */
export interface Ending {
  readonly outcome: PageOutcome;
  readonly failure: DevToolsFailure | null;
  /** The last hop that a server saw; -1: none. */
  readonly lastHop: number;
}

/** The verdict that Chromium gave, by our names; its own words where we have none. */
export function conclude(
  { request, hops }: Exchange,
  { outcome, failure, lastHop }: Ending,
): Verdict | `unknown: ${string}` {
  if (outcome.kind === "answered") return BY_TYPE[outcome.type] ?? `unknown: type ${outcome.type}`;
  if (outcome.kind === "thrown") {
    const found = BY_MESSAGE.find(([words]) => words.test(outcome.message));
    return found?.[1] ?? `unknown: ${outcome.message}`;
  }
  if (failure?.corsError !== undefined) return failure.corsError as Verdict;
  if (failure?.blockedReason?.startsWith("corp-") === true) return "CrossOriginResourcePolicy";
  if (failure?.blockedReason === "origin") {
    // Two reasons that DevTools does not tell apart: where the last answer pointed tells.
    const lines = hops[lastHop]?.answer?.headers ?? [];
    return lines.some(([name, value]) => name === "Location" && value.includes("@"))
      ? "EmbeddedCredentials"
      : "DisallowedByMode";
  }
  if (failure?.errorText === "net::ERR_FAILED" && request.redirect === "error") return "RedirectRefused";
  const known = BY_ERROR_TEXT[failure?.errorText ?? ""];
  return known ?? `unknown: ${JSON.stringify({ ...failure, message: outcome.message })}`;
}
