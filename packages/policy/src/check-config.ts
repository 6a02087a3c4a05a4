import {
  checkAllowedHeaders,
  checkExposedHeaders,
  checkHelpfulHeaders,
  checkMethods,
} from "./check-names.ts";
import { checkOrigins, type OriginOptions } from "./check-origins.ts";
import type { AddIssue, CorsIssue } from "./cors-issue.ts";
import type { CorsConfig } from "./cors-policy.ts";

const CHROMIUM_MAX_AGE = 7_200;
const WEBKIT_MAX_AGE = 600;
const LIMIT_MAX_AGE = 86_400;

/** Everything that is wrong with a configuration, and everything that is probably not meant; empty: nothing. */
export function checkConfig(config: CorsConfig): readonly CorsIssue[] {
  const issues: CorsIssue[] = [];
  const add: AddIssue = (severity, path, code, message, fix) =>
    void issues.push({ code, path, severity, message, fix });
  if (!isRecord(config)) {
    add("error", "", "option_type", "The configuration is not an object.", "Make it { origins: […] }.");
    return Object.freeze(issues);
  }
  const malformed = checkShape(config, add);
  // The other rules say nothing about an option that is not even of its type.
  const get = <Key extends keyof CorsConfig>(key: Key): CorsConfig[Key] | undefined =>
    malformed.has(key) ? undefined : config[key];
  const credentials = get("credentials") ?? false;
  const origins = get("origins");
  if (origins !== undefined) {
    const options = ORIGIN_OPTIONS.filter((key) => !malformed.has(key)).map((key) => [key, config[key]]);
    checkOrigins(origins, Object.fromEntries(options), add);
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

const ORIGIN_OPTIONS = [
  "credentials",
  "isPublicSuffix",
  "dangerouslyAllowInsecureOrigins",
  "dangerouslyAllowPublicSuffixes",
  "timingAllowOrigins",
  "resourcePolicy",
] as const satisfies readonly (keyof OriginOptions)[];

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;
const isFunction = (value: unknown): boolean => typeof value === "function";
const isAsync = (value: unknown): boolean =>
  Object.prototype.toString.call(value) === "[object AsyncFunction]";
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isTextList = (value: unknown): boolean =>
  // Array.from: holes in a list are seen, too.
  Array.isArray(value) && Array.from<unknown>(value).every((entry) => typeof entry === "string");
const RESOURCE_POLICIES: readonly unknown[] = ["same-origin", "same-site", "cross-origin"];

const SHAPES: Readonly<
  Record<keyof CorsConfig, readonly [expected: string, fits: (value: unknown) => boolean]>
> = {
  origins: [
    'a list of origins, "*", or a function that is not async',
    (value) => value === "*" || isTextList(value) || (isFunction(value) && !isAsync(value)),
  ],
  methods: ["a list of methods", isTextList],
  allowedHeaders: ['a list of header names, or "echo"', (value) => value === "echo" || isTextList(value)],
  exposedHeaders: ["a list of header names", isTextList],
  credentials: ["true or false", isBoolean],
  maxAgeSeconds: ["a number", (value) => typeof value === "number"],
  timingAllowOrigins: ['a list of origins, or "*"', (value) => value === "*" || isTextList(value)],
  resourcePolicy: [
    '"same-origin", "same-site" or "cross-origin"',
    (value) => RESOURCE_POLICIES.includes(value),
  ],
  debug: ["true or false", isBoolean],
  isPublicSuffix: ["a function", isFunction],
  onOriginError: ["a function", isFunction],
  dangerouslyAllowInsecureOrigins: ["true or false", isBoolean],
  dangerouslyAllowPublicSuffixes: ["true or false", isBoolean],
};

/** The options that cannot be read. An option that is undefined is left out, except `origins`. */
function checkShape(config: CorsConfig, add: AddIssue): ReadonlySet<string> {
  const malformed = new Set<string>();
  for (const [key, [expected, fits]] of Object.entries(SHAPES)) {
    const value: unknown = config[key as keyof CorsConfig];
    if ((value === undefined && key !== "origins") || fits(value)) continue;
    malformed.add(key);
    add("error", key, "option_type", `${key} is not ${expected}.`, `Make it ${expected}.`);
  }
  for (const key of Object.keys(config)) {
    if (Object.hasOwn(SHAPES, key)) continue;
    if (/(?:private|local).?network/i.test(key)) {
      // Source: Private Network Access (superseded by Local Network Access, which asks the person).
      add(
        "error",
        key,
        "option_obsolete",
        "Browsers have given up Private Network Access: they ask the person instead of the server.",
        "Leave it out.",
      );
      continue;
    }
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

function checkMaxAge(seconds: number | undefined, add: AddIssue): void {
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
