import {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isSuspiciousCase,
  isToken,
  isUnexposableHeader,
  parseRequestHeaderNames,
} from "./header-names.ts";
import { isLoopbackOrigin, isOriginProblem, parseOrigin } from "./origin.ts";

/** What a policy is made from. No default allows anything. */
export interface CorsConfig {
  /** Exact origins, or `"*"`: every page, without credentials. */
  readonly origins: readonly string[] | "*";
  /** Methods beside GET, HEAD and POST, which never need permission. @default none */
  readonly methods?: readonly string[];
  /** Request headers, or `"echo"`: whatever an allowed origin's preflight names, forbidden names aside. @default none */
  readonly allowedHeaders?: readonly string[] | "echo";
  /** Response headers that pages may read. @default none */
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
  | { readonly kind: "preflight"; readonly status: 204 | 403; readonly denied?: "origin" | "method" | "headers" }
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
const CHROMIUM_MAX_AGE = 7_200;
const WEBKIT_MAX_AGE = 600;
const LIMIT_MAX_AGE = 86_400;

/** Compiles a configuration into a frozen policy, or into everything that is wrong with it. Nothing is repaired. */
export function createCorsPolicy(config: CorsConfig): CorsPolicyResult {
  const issues: CorsIssue[] = [];
  const add = (severity: CorsIssue["severity"], path: string, code: string, message: string, fix: string) =>
    void issues.push({ code, path, severity, message, fix });
  const credentials = config.credentials ?? false;
  checkOrigins(config, credentials, add);
  checkMethods(config.methods ?? [], add);
  const allowed = config.allowedHeaders ?? [];
  if (allowed !== "echo") checkAllowedHeaders(allowed, credentials, add);
  checkExposedHeaders(config.exposedHeaders ?? [], credentials, add);
  checkMaxAge(config.maxAgeSeconds, add);
  if (issues.some((issue) => issue.severity === "error")) return { ok: false, issues: Object.freeze(issues) };
  return { ok: true, policy: compile(config, credentials, Object.freeze(issues)) };
}

type Add = (severity: CorsIssue["severity"], path: string, code: string, message: string, fix: string) => void;

function checkOrigins(config: CorsConfig, credentials: boolean, add: Add): void {
  const { origins } = config;
  if (origins === "*") {
    if (credentials) {
      // Fetch, CORS check: with credentials, "*" never matches.
      add("error", "origins", "wildcard_with_credentials", 'With credentials, browsers take no "*".', "List the origins, or leave credentials out.");
    }
    return;
  }
  if (!Array.isArray(origins) || origins.length === 0) {
    add("error", "origins", "origins_empty", "No page may use this server.", "List at least one origin, for example https://app.example.");
    return;
  }
  const seen = new Set<string>();
  for (const [index, text] of origins.entries()) {
    const path = `origins[${index}]`;
    const parsed = parseOrigin(String(text));
    if (isOriginProblem(parsed)) {
      add("error", path, parsed.code, parsed.message, parsed.fix);
      continue;
    }
    if (seen.has(parsed)) add("warning", path, "origin_repeated", `${parsed} is listed twice.`, "Leave one of them out.");
    seen.add(parsed);
    const insecure = !parsed.startsWith("https://") && !isLoopbackOrigin(parsed);
    if (credentials && insecure && config.dangerouslyAllowInsecureOrigins !== true) {
      add(
        "error",
        path,
        "insecure_with_credentials",
        `${parsed} is not https: whoever is on its network can put a page there and use the person's credentials.`,
        "Serve the page over https. dangerouslyAllowInsecureOrigins takes the risk.",
      );
    }
  }
}

function checkMethods(methods: readonly string[], add: Add): void {
  for (const [index, method] of methods.entries()) {
    const path = `methods[${index}]`;
    const quoted = JSON.stringify(method);
    if (!isToken(method)) add("error", path, "method_not_a_token", `${quoted} is not a method.`, "Write it as PATCH.");
    else if (isForbiddenMethod(method)) add("error", path, "method_forbidden", `No page can use ${method}.`, "Leave it out.");
    else if (isSuspiciousCase(method)) {
      add("warning", path, "method_case", `Methods are case-sensitive: ${quoted} is not ${method.toUpperCase()}.`, `Write ${method.toUpperCase()}, unless the server really means ${quoted}.`);
    }
  }
}

function checkAllowedHeaders(names: readonly string[], credentials: boolean, add: Add): void {
  for (const [index, name] of names.entries()) {
    const path = `allowedHeaders[${index}]`;
    if (!isToken(name)) add("error", path, "header_not_a_token", `${JSON.stringify(name)} is not a header's name.`, "Write it as X-Example.");
    else if (isForbiddenRequestHeader(name.toLowerCase())) {
      add("error", path, "header_forbidden", `No page can set ${name}.`, "Leave it out.");
    } else if (name === "*" && credentials) {
      add("error", path, "wildcard_with_credentials", 'With credentials, browsers take "*" for a header of that name.', 'List the names, or use "echo".');
    }
  }
  if (names.includes("*") && !names.some((name) => name.toLowerCase() === "authorization")) {
    // Fetch, "CORS non-wildcard request-header name".
    add("warning", "allowedHeaders", "wildcard_without_authorization", '"*" does not cover Authorization.', "List Authorization beside it if pages send it.");
  }
}

function checkExposedHeaders(names: readonly string[], credentials: boolean, add: Add): void {
  for (const [index, name] of names.entries()) {
    const path = `exposedHeaders[${index}]`;
    if (!isToken(name)) add("error", path, "header_not_a_token", `${JSON.stringify(name)} is not a header's name.`, "Write it as X-Example.");
    else if (isUnexposableHeader(name.toLowerCase())) add("error", path, "header_not_exposable", `Pages can never read ${name} of a response.`, "Leave it out.");
    else if (name === "*" && credentials) {
      add("error", path, "wildcard_with_credentials", 'With credentials, browsers take "*" for a header of that name.', "List the names.");
    }
  }
}

function checkMaxAge(seconds: number | undefined, add: Add): void {
  if (seconds === undefined) return;
  if (!Number.isInteger(seconds) || seconds < -1 || seconds > LIMIT_MAX_AGE) {
    add("error", "maxAgeSeconds", "max_age_out_of_range", `${seconds} is not a whole number from -1 to ${LIMIT_MAX_AGE}.`, "Use 600.");
  } else if (seconds > CHROMIUM_MAX_AGE) {
    add("warning", "maxAgeSeconds", "max_age_capped", `Chromium keeps preflights for ${CHROMIUM_MAX_AGE} s at most.`, `Use ${CHROMIUM_MAX_AGE} or less.`);
  } else if (seconds > WEBKIT_MAX_AGE) {
    add("warning", "maxAgeSeconds", "max_age_capped", `WebKit keeps preflights for ${WEBKIT_MAX_AGE} s at most.`, `Use ${WEBKIT_MAX_AGE} or less.`);
  }
}

function compile(config: CorsConfig, credentials: boolean, warnings: readonly CorsIssue[]): CorsPolicy {
  const isPublic = config.origins === "*";
  const origins: ReadonlySet<string> = new Set(config.origins === "*" ? [] : config.origins);
  const methods: ReadonlySet<string> = new Set([...SAFELISTED_METHODS, ...(config.methods ?? [])]);
  const methodList = [...methods].join(", ");
  const allowed = config.allowedHeaders ?? [];
  const names: ReadonlySet<string> = new Set(allowed === "echo" ? [] : allowed.map((name) => name.toLowerCase()));
  const exposed: readonly HeaderLine[] =
    (config.exposedHeaders ?? []).length === 0
      ? []
      : [["access-control-expose-headers", (config.exposedHeaders ?? []).join(", ")]];
  const withCredentials: readonly HeaderLine[] = credentials ? [["access-control-allow-credentials", "true"]] : [];
  const maxAge: readonly HeaderLine[] =
    config.maxAgeSeconds === undefined ? [] : [["access-control-max-age", String(config.maxAgeSeconds)]];
  const varies = !isPublic;

  const granted = (origin: string): readonly HeaderLine[] => [
    ["access-control-allow-origin", isPublic ? "*" : origin],
    ...withCredentials,
  ];
  const permits = (name: string) =>
    allowed === "echo" || names.has(name) || (names.has("*") && name !== "authorization");

  // A public answer is the same for everybody, so that it can be cached with its headers.
  const actualAllowed = isPublic ? Object.freeze([...granted("*"), ...exposed]) : undefined;
  const byOrigin = new Map<string, readonly HeaderLine[]>();
  for (const origin of origins) byOrigin.set(origin, Object.freeze([...granted(origin), ...exposed]));
  const NONE: readonly HeaderLine[] = Object.freeze([]);

  const preflight = (state: "allowed" | "denied", request: CorsRequest, origin: string): CorsDecision => {
    const refused = (denied: "origin" | "method" | "headers"): CorsDecision => ({
      kind: "preflight",
      status: 403,
      denied,
      origin: state,
      // An allowed origin may know which step failed: the browser's own message then names it.
      headers: state === "allowed" ? granted(origin) : NONE,
      varies,
    });
    if (state === "denied") return refused("origin");
    const method = request.requestMethod ?? "";
    if (!methods.has(method)) return refused("method");
    const lines = request.requestHeaders ?? [];
    const wanted = parseRequestHeaderNames(typeof lines === "string" ? [lines] : lines);
    if (wanted === null || wanted.some((name) => isForbiddenRequestHeader(name) || !permits(name))) return refused("headers");
    const headers: HeaderLine[] = [...granted(origin), ["access-control-allow-methods", methodList]];
    if (wanted.length > 0) headers.push(["access-control-allow-headers", wanted.join(", ")]);
    headers.push(...maxAge);
    return { kind: "preflight", status: 204, origin: state, headers, varies };
  };

  return Object.freeze<CorsPolicy>({
    credentials,
    warnings,
    decide(request) {
      const origin = request.origin;
      // Longer than any origin a browser sends: not an origin.
      const present = origin !== undefined && origin.length <= MAX_ORIGIN_CHARS;
      const isAllowed = present && (isPublic || byOrigin.has(origin));
      if (present && request.method === "OPTIONS" && request.requestMethod !== undefined) {
        return preflight(isAllowed ? "allowed" : "denied", request, origin);
      }
      if (!present) return { kind: "actual", origin: "absent", headers: actualAllowed ?? NONE, varies };
      if (!isAllowed) return { kind: "actual", origin: "denied", headers: NONE, varies };
      return { kind: "actual", origin: "allowed", headers: actualAllowed ?? byOrigin.get(origin) ?? NONE, varies };
    },
  });
}
