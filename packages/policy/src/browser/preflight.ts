import type { HeaderLine } from "../cors-policy.ts";
import { isToken } from "../header-names.ts";
import { corsCheck } from "./cors-check.ts";
import type { Answer } from "./exchange.ts";
import { elementsOf, valueOf } from "./header-list.ts";
import { isRedirect } from "./redirect.ts";
import { type Departs, unsafeNames } from "./safelist.ts";
import type { Verdict } from "./verdict.ts";

/** What is asked about. */
export interface PreflightQuestion {
  readonly origin: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly withCredentials: boolean;
  /** Whether a preflight is sent though method and headers need none. */
  readonly isForced: boolean;
}

/** Fetch, "CORS-safelisted method". */
const SAFELISTED_METHODS = new Set(["GET", "HEAD", "POST"]);

/** Whether a server must be asked first. Source: Fetch, main fetch, the case of a CORS-preflight flag. */
export function needsPreflight(question: PreflightQuestion, unsafe: readonly string[]): boolean {
  return question.isForced || !SAFELISTED_METHODS.has(question.method) || unsafe.length > 0;
}

/**
 * What the answer to a preflight forbids; null: nothing. The standard asks for CORS headers and status
 * at once and only fails; order and names are Chromium's.
 *
 * Source: Fetch, "CORS-preflight fetch", steps 7 and later.
 */
export function preflightError(
  question: PreflightQuestion,
  { status, headers }: Answer,
  departs: Departs,
): Verdict | null {
  if (isRedirect(status) && valueOf(headers, "location") !== null) return "PreflightDisallowedRedirect";
  const error = corsCheck(headers, question.origin, question.withCredentials);
  if (error !== null) return `Preflight${error}`;
  if (status < 200 || status > 299) return "PreflightInvalidStatus";

  const allowedMethods = elementsOf(headers, "access-control-allow-methods");
  if (allowedMethods?.every(isToken) === false) return "InvalidAllowMethodsPreflightResponse";
  const allowedHeaders = elementsOf(headers, "access-control-allow-headers");
  if (allowedHeaders?.every(isToken) === false) return "InvalidAllowHeadersPreflightResponse";

  const isImplied = allowedMethods === null && question.isForced;
  const isWildcard = (list: readonly string[]) => !question.withCredentials && list.includes("*");
  if (
    !SAFELISTED_METHODS.has(question.method) &&
    !allowedMethods?.includes(question.method) &&
    !isWildcard(allowedMethods ?? []) &&
    !(isImplied && !departs("forced-preflight-needs-its-method"))
  ) {
    return "MethodDisallowedByPreflightResponse";
  }
  const names = (allowedHeaders ?? []).map((name) => name.toLowerCase());
  for (const name of unsafeNames(question.headers, departs)) {
    if (names.includes(name)) continue;
    if (!isWildcard(names)) return "HeaderDisallowedByPreflightResponse";
    // Fetch, "CORS non-wildcard request-header name".
    if (name === "authorization" && !departs("list-wildcard-covers-authorization")) {
      return "HeaderDisallowedByPreflightResponse";
    }
  }
  return null;
}

const DEFAULT_MAX_AGE_SECONDS = 5;
const CHROMIUM_MAX_AGE_SECONDS = 7200;

/** How long the answer to a preflight is kept, in seconds. Source: Fetch, CORS-preflight fetch, `Access-Control-Max-Age`. @default 5 */
export function maxAgeSeconds({ headers }: Answer, departs: Departs): number {
  const value = valueOf(headers, "access-control-max-age") ?? "";
  const seconds = /^-?\d+$/.test(value) ? Math.max(0, Number(value)) : DEFAULT_MAX_AGE_SECONDS;
  return seconds > CHROMIUM_MAX_AGE_SECONDS && departs("max-age-is-capped")
    ? CHROMIUM_MAX_AGE_SECONDS
    : seconds;
}
