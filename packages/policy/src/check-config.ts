import type { CorsConfig, CorsIssue } from "./cors-policy.ts";
import {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isNormalisedMethod,
  isToken,
  isUnexposableHeader,
} from "./header-names.ts";
import { isLoopbackOrigin, isOriginProblem, parseOrigin } from "./origin.ts";

const CHROMIUM_MAX_AGE = 7_200;
const WEBKIT_MAX_AGE = 600;
const LIMIT_MAX_AGE = 86_400;

/** Names without which a page cannot tell a person what to do about a failure. */
const HELPFUL_HEADERS: readonly (readonly [name: string, use: string])[] = [
  ["Retry-After", "when to try again"],
  ["WWW-Authenticate", "how to sign in"],
  ["X-Request-Id", "under which id the failure is logged"],
];

type Add = (
  severity: CorsIssue["severity"],
  path: string,
  code: string,
  message: string,
  fix: string,
) => void;

/** Everything that is wrong with a configuration, and everything that is probably not meant; empty: nothing. */
export function checkConfig(config: CorsConfig): readonly CorsIssue[] {
  const issues: CorsIssue[] = [];
  const add: Add = (severity, path, code, message, fix) =>
    void issues.push({ code, path, severity, message, fix });
  const malformed = checkShape(config, add);
  // The other rules say nothing about an option that is not even of its type.
  const get = <Key extends keyof CorsConfig>(key: Key): CorsConfig[Key] | undefined =>
    malformed.has(key) ? undefined : config[key];
  const credentials = get("credentials") ?? false;
  const origins = get("origins");
  if (origins !== undefined) {
    checkOrigins(origins, credentials, get("dangerouslyAllowInsecureOrigins") ?? false, add);
  }
  checkMethods(get("methods") ?? [], credentials, add);
  const allowed = get("allowedHeaders") ?? [];
  if (allowed !== "echo") checkAllowedHeaders(allowed, credentials, add);
  const exposed = get("exposedHeaders");
  checkExposedHeaders(exposed ?? [], credentials, add);
  if (!malformed.has("exposedHeaders")) checkHelpfulHeaders(exposed ?? [], add);
  checkMaxAge(get("maxAgeSeconds"), add);
  return Object.freeze(issues);
}

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === "string");

const SHAPES: Readonly<
  Record<keyof CorsConfig, readonly [expected: string, fits: (value: unknown) => boolean]>
> = {
  origins: ['a list of origins, or "*"', (value) => value === "*" || isTextList(value)],
  methods: ["a list of methods", isTextList],
  allowedHeaders: ['a list of header names, or "echo"', (value) => value === "echo" || isTextList(value)],
  exposedHeaders: ["a list of header names", isTextList],
  credentials: ["true or false", isBoolean],
  maxAgeSeconds: ["a number", (value) => typeof value === "number"],
  dangerouslyAllowInsecureOrigins: ["true or false", isBoolean],
};

/** The options that cannot be read. An option that is undefined is left out, except `origins`. */
function checkShape(config: CorsConfig, add: Add): ReadonlySet<string> {
  const malformed = new Set<string>();
  for (const [key, [expected, fits]] of Object.entries(SHAPES)) {
    const value: unknown = config[key as keyof CorsConfig];
    if ((value === undefined && key !== "origins") || fits(value)) continue;
    malformed.add(key);
    add("error", key, "option_type", `${key} is not ${expected}.`, `Make it ${expected}.`);
  }
  for (const key of Object.keys(config)) {
    if (Object.hasOwn(SHAPES, key)) continue;
    // Among them the options of Private Network Access, which browsers have given up.
    add(
      "error",
      key,
      "option_unknown",
      `There is no option ${key}.`,
      `Options are ${Object.keys(SHAPES).join(", ")}.`,
    );
  }
  return malformed;
}

function checkOrigins(
  origins: CorsConfig["origins"],
  credentials: boolean,
  allowInsecure: boolean,
  add: Add,
): void {
  if (origins === "*") {
    // Fetch, CORS check: with credentials, "*" never matches.
    if (credentials) wildcardWithCredentials("origins", "List the origins, or leave credentials out.", add);
    return;
  }
  if (origins.length === 0) {
    add(
      "error",
      "origins",
      "origins_empty",
      "No page may use this server.",
      "List at least one origin, for example https://app.example.",
    );
  }
  const seen = new Set<string>();
  for (const [index, text] of origins.entries()) {
    const path = `origins[${index}]`;
    const parsed = parseOrigin(text);
    if (isOriginProblem(parsed)) {
      add("error", path, parsed.code, parsed.message, parsed.fix);
      continue;
    }
    if (seen.has(parsed)) {
      add("warning", path, "origin_repeated", `${parsed} is listed twice.`, "Leave one of them out.");
    }
    seen.add(parsed);
    if (credentials && !allowInsecure && !parsed.startsWith("https://") && !isLoopbackOrigin(parsed)) {
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

function wildcardWithCredentials(path: string, fix: string, add: Add): void {
  add(
    "error",
    path,
    "wildcard_with_credentials",
    'With credentials, browsers do not take "*" for everything.',
    fix,
  );
}

function checkMethods(methods: readonly string[], credentials: boolean, add: Add): void {
  for (const [index, method] of methods.entries()) {
    const path = `methods[${index}]`;
    const quoted = JSON.stringify(method);
    const upper = method.toUpperCase();
    if (!isToken(method)) {
      add("error", path, "method_not_a_token", `${quoted} is not a method.`, "Write it as PATCH.");
    } else if (isForbiddenMethod(method)) {
      add("error", path, "method_forbidden", `No page can use ${method}.`, "Leave it out.");
    } else if (method === "*") {
      if (credentials) wildcardWithCredentials(path, "List the methods.", add);
    } else if (method !== upper && isNormalisedMethod(upper)) {
      add("error", path, "method_never_sent", `Browsers send ${upper}, never ${quoted}.`, `Write ${upper}.`);
    } else if (method !== upper) {
      add(
        "warning",
        path,
        "method_case",
        `Methods are case-sensitive: ${quoted} is not ${upper}.`,
        `Write ${upper}, unless the server really means ${quoted}.`,
      );
    }
  }
}

function checkAllowedHeaders(names: readonly string[], credentials: boolean, add: Add): void {
  for (const [index, name] of names.entries()) {
    const path = `allowedHeaders[${index}]`;
    if (!isToken(name)) notAHeader(path, name, add);
    else if (isForbiddenRequestHeader(name.toLowerCase())) {
      add("error", path, "header_forbidden", `No page can set ${name}.`, "Leave it out.");
    } else if (name === "*" && credentials) {
      wildcardWithCredentials(path, 'List the names, or use "echo".', add);
    }
  }
  if (names.includes("*") && !names.some((name) => name.toLowerCase() === "authorization")) {
    // Fetch, "CORS non-wildcard request-header name".
    add(
      "warning",
      "allowedHeaders",
      "wildcard_without_authorization",
      '"*" does not cover Authorization.',
      "List Authorization beside it if pages send it.",
    );
  }
}

function checkExposedHeaders(names: readonly string[], credentials: boolean, add: Add): void {
  for (const [index, name] of names.entries()) {
    const path = `exposedHeaders[${index}]`;
    if (!isToken(name)) notAHeader(path, name, add);
    else if (isUnexposableHeader(name.toLowerCase())) {
      add(
        "error",
        path,
        "header_not_exposable",
        `Pages can never read ${name} of a response.`,
        "Leave it out.",
      );
    } else if (name === "*" && credentials) wildcardWithCredentials(path, "List the names.", add);
  }
}

function notAHeader(path: string, name: string, add: Add): void {
  add(
    "error",
    path,
    "header_not_a_token",
    `${JSON.stringify(name)} is not a header's name.`,
    "Write it as X-Example.",
  );
}

function checkHelpfulHeaders(exposed: readonly string[], add: Add): void {
  const names = new Set(exposed.map((name) => name.toLowerCase()));
  if (names.has("*")) return;
  for (const [name, use] of HELPFUL_HEADERS) {
    if (names.has(name.toLowerCase())) continue;
    add(
      "warning",
      "exposedHeaders",
      "header_not_exposed",
      `Pages cannot read ${name}: ${use}.`,
      `Expose ${name}.`,
    );
  }
}

function checkMaxAge(seconds: number | undefined, add: Add): void {
  if (seconds === undefined) return;
  const capped = (browser: string, cap: number) =>
    add(
      "warning",
      "maxAgeSeconds",
      "max_age_capped",
      `${browser} keeps preflights for ${cap} s at most.`,
      `Use ${cap} or less.`,
    );
  if (!Number.isInteger(seconds) || seconds < -1 || seconds > LIMIT_MAX_AGE) {
    add(
      "error",
      "maxAgeSeconds",
      "max_age_out_of_range",
      `${seconds} is not a whole number from -1 to ${LIMIT_MAX_AGE}.`,
      "Use 600.",
    );
  } else if (seconds > CHROMIUM_MAX_AGE) capped("Chromium", CHROMIUM_MAX_AGE);
  else if (seconds > WEBKIT_MAX_AGE) capped("WebKit", WEBKIT_MAX_AGE);
}
