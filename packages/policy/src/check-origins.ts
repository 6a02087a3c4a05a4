import { wildcardWithCredentials } from "./check-names.ts";
import type { AddIssue } from "./cors-issue.ts";
import type { CorsConfig } from "./cors-policy.ts";
import { isLoopbackHost } from "./host.ts";
import { isOriginProblem, type OriginPattern, parseOrigin, parseOriginPattern } from "./origin.ts";
import { createOriginSet } from "./origin-set.ts";

/** The options that judge origins; an option that is not of its type is left out. */
export type OriginOptions = Partial<
  Pick<
    CorsConfig,
    | "credentials"
    | "isPublicSuffix"
    | "dangerouslyAllowInsecureOrigins"
    | "dangerouslyAllowPublicSuffixes"
    | "timingAllowOrigins"
    | "resourcePolicy"
  >
>;

/** Whether the configuration names every page. */
export function isEverybody(origins: CorsConfig["origins"]): boolean {
  return origins === "*" || (Array.isArray(origins) && origins.length === 1 && origins[0] === "*");
}

/** Origins, and what must fit them. */
export function checkOrigins(origins: CorsConfig["origins"], options: OriginOptions, add: AddIssue): void {
  const everybody = isEverybody(origins);
  checkResourcePolicy(everybody, options.resourcePolicy, add);
  // What a function allows is judged when it does.
  if (typeof origins === "function") checkTimings(options.timingAllowOrigins, everybody, () => true, add);
  else if (everybody || origins === "*") {
    // Fetch, CORS check: with credentials, "*" never matches.
    if (options.credentials === true)
      wildcardWithCredentials("origins", "List the origins, or leave credentials out.", add);
    checkTimings(options.timingAllowOrigins, everybody, () => true, add);
  } else {
    const { named, matchesPattern } = createOriginSet(checkList(origins, options, add));
    const isAllowed = (origin: string) => named.has(origin) || matchesPattern(origin);
    checkTimings(options.timingAllowOrigins, everybody, isAllowed, add);
  }
}

function checkList(
  origins: readonly string[],
  options: OriginOptions,
  add: AddIssue,
): readonly OriginPattern[] {
  if (origins.length === 0) {
    add(
      "error",
      "origins",
      "origins_empty",
      "No page may use this server.",
      "List at least one origin, for example https://app.example.",
    );
  }
  const parsed = new Map<string, OriginPattern>();
  const places = new Map<string, string>();
  for (const [index, text] of origins.entries()) {
    const path = `origins[${index}]`;
    if (text === "*") {
      add(
        "error",
        path,
        "wildcard_beside_origins",
        '"*" is every page, so the origins beside it mean nothing.',
        'Leave "*" out, or everything else.',
      );
      continue;
    }
    const pattern = parseOriginPattern(text);
    if (isOriginProblem(pattern)) {
      add("error", path, pattern.code, pattern.message, pattern.fix);
      continue;
    }
    if (parsed.has(text))
      add("warning", path, "origin_repeated", `${text} is listed twice.`, "Leave one of them out.");
    else places.set(text, path);
    parsed.set(text, pattern);
    if (options.credentials === true) checkWithCredentials(pattern, path, options, add);
  }
  const patterns = [...parsed.values()];
  const { named, matchesPattern } = createOriginSet(patterns);
  for (const text of named) {
    if (!matchesPattern(text)) continue;
    const path = places.get(text) ?? "origins";
    add("warning", path, "origin_covered", `A pattern stands for ${text} already.`, "Leave it out.");
  }
  return patterns;
}

function checkWithCredentials(
  { text, scheme, host, subdomains }: OriginPattern,
  path: string,
  options: OriginOptions,
  add: AddIssue,
): void {
  // Names below localhost never leave the machine.
  if (isLoopbackHost(host)) return;
  if (scheme !== "https" && options.dangerouslyAllowInsecureOrigins !== true) {
    add(
      "error",
      path,
      "insecure_with_credentials",
      `${text} is not https: whoever is on its network can put a page there and use the person's credentials.`,
      "Serve the page over https. dangerouslyAllowInsecureOrigins takes the risk.",
    );
  }
  if (!subdomains || options.dangerouslyAllowPublicSuffixes === true) return;
  if (options.isPublicSuffix === undefined) {
    add(
      "error",
      path,
      "public_suffix_unknown",
      `Nobody has said whether strangers can have names below ${host}.`,
      "Hand in isPublicSuffix, which asks the Public Suffix List. dangerouslyAllowPublicSuffixes takes the risk.",
    );
  } else if (options.isPublicSuffix(host)) {
    add(
      "error",
      path,
      "public_suffix_with_credentials",
      `Anybody can have a name below ${host}, put a page there and use the person's credentials.`,
      `List the origins, or a pattern below a name of your own: ${scheme}://*.yours.${host}. dangerouslyAllowPublicSuffixes takes the risk.`,
    );
  }
}

/** Source: Resource Timing, "timing allow check": what a page may measure it must be allowed to read. */
function checkTimings(
  timings: CorsConfig["timingAllowOrigins"],
  everybody: boolean,
  isAllowed: (origin: string) => boolean,
  add: AddIssue,
): void {
  const notAllowed = (path: string, shown: string) =>
    add(
      "error",
      path,
      "timing_not_allowed",
      `${shown} may see timings, but origins do not allow it to read the answers.`,
      "Add it to origins, or leave it out here.",
    );
  if (timings === undefined) return;
  if (timings === "*") {
    if (!everybody) notAllowed("timingAllowOrigins", "Every page");
    return;
  }
  for (const [index, text] of timings.entries()) {
    const path = `timingAllowOrigins[${index}]`;
    const parsed = parseOrigin(text);
    if (isOriginProblem(parsed)) add("error", path, parsed.code, parsed.message, parsed.fix);
    else if (!isAllowed(parsed)) notAllowed(path, parsed);
  }
}

/** Source: Fetch, "cross-origin resource policy check". */
function checkResourcePolicy(everybody: boolean, policy: CorsConfig["resourcePolicy"], add: AddIssue): void {
  const tooNarrow = policy === "same-origin" || (policy === "same-site" && everybody);
  if (!tooNarrow) return;
  add(
    "error",
    "resourcePolicy",
    "resource_policy_too_narrow",
    `${policy} keeps pages that origins allow from showing what they may read.`,
    everybody
      ? "Use cross-origin."
      : "Use same-site if all pages are of this server's own site, else cross-origin.",
  );
}
