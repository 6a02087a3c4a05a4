import { checkConfig } from "./check-config.ts";
import { isEverybody } from "./check-origins.ts";
import type { CorsIssue } from "./cors-issue.ts";
import {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isToken,
  parseRequestHeaderNames,
} from "./header-names.ts";
import {
  isOriginProblem,
  type Origin,
  type OriginPattern,
  parseOrigin,
  parseOriginPattern,
} from "./origin.ts";
import { createOriginSet, isInsecureOrigin } from "./origin-set.ts";

/**
 * Allows origins that cannot be listed, for example those of tenants: returns the origin it was given, or
 * `undefined`. Anything else, an exception too, is a refusal and told to `onOriginError`.
 *
 * Not async: the headers of an answer must be known whenever it is committed, also when Node's parser
 * answers before any handler has run. Keep what is known at hand, and refresh it beside the requests. The
 * function may be asked more than once for one request.
 */
export type AllowOrigin = (origin: Origin, request: CorsRequest) => Origin | undefined;

/** What a policy is made from. No default allows anything. */
export interface CorsConfig {
  /**
   * Origins, exactly as browsers write them. `https://*.app.example` stands for every name below
   * `app.example` and not for `app.example` itself, `https://app.example:*` for every port. `"*"`, in a
   * list alone too: every page, without credentials. Or a function.
   */
  readonly origins: readonly string[] | "*" | AllowOrigin;
  /** Methods beside GET, HEAD and POST, which never need permission; `"*"`, without credentials: any. @default none */
  readonly methods?: readonly string[];
  /**
   * Request headers; `"*"` among them, without credentials: any but `Authorization`. Or `"echo"`: whatever
   * an allowed origin's preflight names, forbidden names aside. @default none
   */
  readonly allowedHeaders?: readonly string[] | "echo";
  /** Response headers that pages may read; `"*"`, without credentials: any. @default none */
  readonly exposedHeaders?: readonly string[];
  /** Whether cookies and HTTP authentication go along. @default false */
  readonly credentials?: boolean;
  /** How long a preflight's answer may be kept; −1 never, at most 86400. @default the browser's 5 seconds */
  readonly maxAgeSeconds?: number;
  /**
   * Origins that may see timings: `Timing-Allow-Origin`. Each must be allowed by `origins`; `"*"` needs
   * `origins: "*"`. @default none, and what a handler says is left alone
   */
  readonly timingAllowOrigins?: readonly string[] | "*";
  /**
   * `Cross-Origin-Resource-Policy` of every answer, which must not shut out pages that `origins` allow.
   * @default none, and what a handler says is left alone
   */
  readonly resourcePolicy?: "same-origin" | "same-site" | "cross-origin";
  /**
   * Answers refused preflights with 204 and the headers up to the step that failed, so that the browser
   * names the step. @default false: 403
   */
  readonly debug?: boolean;
  /**
   * Whether strangers can have names below a host, by the Public Suffix List. Needed for patterns of names
   * together with credentials. Asked while the policy is compiled; must not throw.
   */
  readonly isPublicSuffix?: (host: string) => boolean;
  /** Told of what the function in `origins` throws, or returns wrongly. Must not throw. @default nobody is told */
  readonly onOriginError?: (error: unknown, origin: Origin) => void;
  /** Allows plain http origins that are not loopback together with credentials. @default false */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /** Allows patterns below public suffixes, where anybody can have a name, together with credentials. @default false */
  readonly dangerouslyAllowPublicSuffixes?: boolean;
}

/** The headers of a request that matter, as they came; several lines of one name as a list. */
export interface CorsRequest {
  readonly method: string;
  readonly origin?: string | undefined;
  readonly requestMethod?: string | undefined;
  readonly requestHeaders?: string | readonly string[] | undefined;
}

/** One header to put on a response. */
export type HeaderLine = readonly [name: string, value: string];

/** What a policy says of one request. */
export type CorsDecision = {
  /** Whether a page of an origin asks, and may. Not authorisation: outside browsers anybody can write any `Origin`. */
  readonly origin: "absent" | "allowed" | "denied";
  /** Lines for the response; of `access-control-*`, all that it may have. */
  readonly headers: readonly HeaderLine[];
  /** Whether the answer differs by origin, so that caches must know. */
  readonly varies: boolean;
} & (
  | { readonly kind: "actual" }
  /** To be answered at once, without a body, before authentication, limits and routes. */
  | {
      readonly kind: "preflight";
      /** 403 for a refusal, unless the policy is debugged: the browser judges by the headers. */
      readonly status: 204 | 403;
      readonly denied?: "origin" | "method" | "headers";
    }
);

/** A compiled policy. Frozen; deciding is synchronous, never throws, and does not grow with the number of origins. */
export interface CorsPolicy {
  decide(request: CorsRequest): CorsDecision;
  readonly credentials: boolean;
  /** Issues that did not keep the policy from being compiled. */
  readonly warnings: readonly CorsIssue[];
}

/** A policy, or every issue of its configuration. */
export type CorsPolicyResult =
  | { readonly ok: true; readonly policy: CorsPolicy }
  | { readonly ok: false; readonly issues: readonly CorsIssue[] };

const MAX_ORIGIN_CHARS = 2_048;
// Source: Fetch, "CORS-safelisted method".
const SAFELISTED_METHODS = ["GET", "HEAD", "POST"];
/** Compiles a configuration into a frozen policy, or into everything that is wrong with it. Nothing is repaired. */
export function createCorsPolicy(config: CorsConfig): CorsPolicyResult {
  const issues = checkConfig(config);
  if (issues.some((issue) => issue.severity === "error")) return { ok: false, issues };
  return { ok: true, policy: compile(config, issues) };
}

const NONE: readonly HeaderLine[] = Object.freeze([]);

function compile(config: CorsConfig, warnings: readonly CorsIssue[]): CorsPolicy {
  const { origins, credentials = false, allowedHeaders = [], maxAgeSeconds, debug = false } = config;
  const isPublic = isEverybody(origins);
  const varies = !isPublic;
  const methods: ReadonlySet<string> = new Set([...SAFELISTED_METHODS, ...(config.methods ?? [])]);
  const allowMethods = line("access-control-allow-methods", [...methods].join(", "));
  const echo = allowedHeaders === "echo";
  const names: ReadonlySet<string> = new Set(echo ? [] : allowedHeaders.map((name) => name.toLowerCase()));
  const exposedHeaders = config.exposedHeaders ?? [];
  const exposed =
    exposedHeaders.length === 0 ? NONE : [line("access-control-expose-headers", exposedHeaders.join(", "))];
  const withCredentials = credentials ? [line("access-control-allow-credentials", "true")] : NONE;
  const maxAge = maxAgeSeconds === undefined ? NONE : [line("access-control-max-age", String(maxAgeSeconds))];

  const always =
    config.resourcePolicy === undefined
      ? NONE
      : Object.freeze([line("cross-origin-resource-policy", config.resourcePolicy)]);
  const timingFor = timingLines(config.timingAllowOrigins ?? []);

  const grantsOf = (origin: string): Grants => {
    const granted: HeaderLine[] = [["access-control-allow-origin", origin], ...withCredentials];
    const headers = [...granted, ...exposed, ...timingFor(origin), ...always];
    return { granted, decision: { kind: "actual", origin: "allowed", headers, varies } };
  };
  const everybody = isPublic ? shared(grantsOf("*")) : undefined;
  const patterns = isPublic || typeof origins !== "object" ? [] : origins.flatMap(patternOf);
  const { named, matchesPattern } = createOriginSet(patterns);
  const byName: ReadonlyMap<string, Grants> = new Map(
    [...named].map((origin) => [origin, shared(grantsOf(origin))]),
  );
  const ask = typeof origins === "function" ? askAbout(origins, config) : undefined;
  const grantsFor = (origin: string, request: CorsRequest): Grants | undefined => {
    const known = everybody ?? byName.get(origin);
    if (known !== undefined) return known;
    return matchesPattern(origin) || ask?.(origin, request) === true ? grantsOf(origin) : undefined;
  };
  const denied = Object.freeze({ kind: "actual", origin: "denied", headers: always, varies } as const);
  const absent = Object.freeze({
    kind: "actual",
    origin: "absent",
    // A public answer is the same for everybody, so that it can be cached with its headers.
    headers: everybody?.decision.headers ?? always,
    varies,
  } as const);

  const permitsMethod = (method: string) =>
    methods.has(method) || (methods.has("*") && isToken(method) && !isForbiddenMethod(method));
  // Fetch, "CORS non-wildcard request-header name": "*" is not enough for Authorization.
  const permitsHeader = (name: string) =>
    !isForbiddenRequestHeader(name) &&
    (echo || names.has(name) || (names.has("*") && name !== "authorization"));

  const preflight = (
    grants: Grants | undefined,
    method: string,
    lines: CorsRequest["requestHeaders"],
  ): CorsDecision => {
    const refused = (
      step: "origin" | "method" | "headers",
      headers: readonly HeaderLine[],
    ): CorsDecision => ({
      kind: "preflight",
      // Fetch, "CORS-preflight fetch": what is not an ok status is all that a browser would name.
      status: debug ? 204 : 403,
      denied: step,
      origin: grants === undefined ? "denied" : "allowed",
      headers,
      varies,
    });
    if (grants === undefined) return refused("origin", NONE);
    if (!permitsMethod(method)) {
      return refused("method", debug ? [...grants.granted, allowMethods] : grants.granted);
    }
    const wanted = parseRequestHeaderNames(typeof lines === "string" ? [lines] : (lines ?? []));
    if (wanted === null || !wanted.every(permitsHeader)) {
      return refused("headers", debug ? [...grants.granted, allowMethods] : grants.granted);
    }
    const allowed = wanted.length === 0 ? NONE : [line("access-control-allow-headers", wanted.join(", "))];
    const headers = [...grants.granted, allowMethods, ...allowed, ...maxAge];
    return { kind: "preflight", status: 204, origin: "allowed", headers, varies };
  };

  return Object.freeze<CorsPolicy>({
    credentials,
    warnings,
    decide(request) {
      const { method, origin, requestMethod } = request;
      // Longer than any origin a browser sends: not an origin.
      if (origin === undefined || origin.length > MAX_ORIGIN_CHARS) return absent;
      const grants = grantsFor(origin, request);
      if (method === "OPTIONS" && requestMethod !== undefined)
        return preflight(grants, requestMethod, request.requestHeaders);
      return grants?.decision ?? denied;
    },
  });
}

/** What an allowed origin gets: on a preflight, and otherwise. */
interface Grants {
  readonly granted: readonly HeaderLine[];
  readonly decision: CorsDecision;
}

/** Nobody who is given what is kept may change it for the next. */
function shared({ granted, decision }: Grants): Grants {
  for (const header of decision.headers) Object.freeze(header);
  Object.freeze(decision.headers);
  return Object.freeze({ granted: Object.freeze(granted), decision: Object.freeze(decision) });
}

function patternOf(text: string): readonly OriginPattern[] {
  const pattern = parseOriginPattern(text);
  return isOriginProblem(pattern) ? [] : [pattern];
}

/** Asks the function about what came as `Origin`. Whatever is not a clear yes is a no. */
function askAbout(allow: AllowOrigin, config: CorsConfig) {
  const { onOriginError: tell } = config;
  const onlySecure = config.credentials === true && config.dangerouslyAllowInsecureOrigins !== true;
  return (text: string, request: CorsRequest): boolean => {
    const origin = parseOrigin(text);
    if (isOriginProblem(origin) || (onlySecure && isInsecureOrigin(origin))) return false;
    try {
      const answer: unknown = allow(origin, request);
      if (answer === undefined || answer === origin) return answer === origin;
      // Its failure would be nobody's.
      if (answer instanceof Promise) answer.catch(() => {});
      tell?.(new TypeError("The function in origins returned neither undefined nor the origin."), origin);
    } catch (error) {
      tell?.(error, origin);
    }
    return false;
  };
}

/** The timing header of an origin that may read an answer; `*` is everybody, who cannot be told apart. */
function timingLines(timings: readonly string[] | "*"): (origin: string) => readonly HeaderLine[] {
  const allowed: ReadonlySet<string> = new Set(timings === "*" ? ["*"] : timings);
  return (origin) => {
    if (allowed.size === 0 || (origin !== "*" && !allowed.has(origin))) return NONE;
    return [line("timing-allow-origin", origin === "*" ? [...allowed].join(", ") : origin)];
  };
}

function line(name: string, value: string): HeaderLine {
  return Object.freeze([name, value] as const);
}
