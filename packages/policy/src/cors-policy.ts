import { checkConfig } from "./check-config.ts";
import {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isToken,
  parseRequestHeaderNames,
} from "./header-names.ts";

/** What a policy is made from. No default allows anything. */
export interface CorsConfig {
  /** Exact origins, or `"*"`: every page, without credentials. */
  readonly origins: readonly string[] | "*";
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
  /** Allows plain http origins that are not loopback together with credentials. @default false */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
}

/** One thing that is wrong with a configuration, or (`warning`) probably not what is meant. */
export interface CorsIssue {
  readonly code: string;
  /** The option, for example `origins[1]`. */
  readonly path: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly fix: string;
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
  /** `access-control-*` lines for the response. */
  readonly headers: readonly HeaderLine[];
  /** Whether the answer differs by origin, so that caches must know. */
  readonly varies: boolean;
} & (
  | { readonly kind: "actual" }
  /** To be answered at once, without a body, before authentication, limits and routes. */
  | {
      readonly kind: "preflight";
      readonly status: 204 | 403;
      readonly denied?: "origin" | "method" | "headers";
    }
);

/** A compiled policy. Frozen; deciding never throws and does not grow with the number of origins. */
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
  const { origins, credentials = false, allowedHeaders = [], maxAgeSeconds } = config;
  const isPublic = origins === "*";
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

  const grantsOf = (origin: string) => {
    const granted = Object.freeze([line("access-control-allow-origin", origin), ...withCredentials]);
    const actual = Object.freeze([...granted, ...exposed]);
    return {
      granted,
      decision: Object.freeze({ kind: "actual", origin: "allowed", headers: actual, varies } as const),
    };
  };
  type Grants = ReturnType<typeof grantsOf>;
  const everybody = isPublic ? grantsOf("*") : undefined;
  const byOrigin: ReadonlyMap<string, Grants> = new Map(
    origins === "*" ? [] : origins.map((origin) => [origin, grantsOf(origin)]),
  );
  const denied = Object.freeze({ kind: "actual", origin: "denied", headers: NONE, varies } as const);
  const absent = Object.freeze({
    kind: "actual",
    origin: "absent",
    // A public answer is the same for everybody, so that it can be cached with its headers.
    headers: everybody?.decision.headers ?? NONE,
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
    const refused = (step: "origin" | "method" | "headers"): CorsDecision => ({
      kind: "preflight",
      status: 403,
      denied: step,
      origin: grants === undefined ? "denied" : "allowed",
      // An allowed origin may know which step failed: the browser's own message then names it.
      headers: grants?.granted ?? NONE,
      varies,
    });
    if (grants === undefined) return refused("origin");
    if (!permitsMethod(method)) return refused("method");
    const wanted = parseRequestHeaderNames(typeof lines === "string" ? [lines] : (lines ?? []));
    if (wanted === null || !wanted.every(permitsHeader)) return refused("headers");
    const allowed = wanted.length === 0 ? NONE : [line("access-control-allow-headers", wanted.join(", "))];
    const headers = [...grants.granted, allowMethods, ...allowed, ...maxAge];
    return { kind: "preflight", status: 204, origin: "allowed", headers, varies };
  };

  return Object.freeze<CorsPolicy>({
    credentials,
    warnings,
    decide({ method, origin, requestMethod, requestHeaders }) {
      // Longer than any origin a browser sends: not an origin.
      if (origin === undefined || origin.length > MAX_ORIGIN_CHARS) return absent;
      const grants = everybody ?? byOrigin.get(origin);
      if (method === "OPTIONS" && requestMethod !== undefined)
        return preflight(grants, requestMethod, requestHeaders);
      return grants?.decision ?? denied;
    },
  });
}

function line(name: string, value: string): HeaderLine {
  return Object.freeze([name, value] as const);
}
