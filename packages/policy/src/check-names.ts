import type { AddIssue } from "./cors-issue.ts";
import {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isNormalisedMethod,
  isToken,
  isUnexposableHeader,
} from "./header-names.ts";

/** Names without which a page cannot tell a person what to do about a failure. */
const HELPFUL_HEADERS: readonly (readonly [name: string, use: string])[] = [
  ["Retry-After", "when to try again"],
  ["WWW-Authenticate", "how to sign in"],
  ["X-Request-Id", "under which id the failure is logged"],
];

/** `*` where credentials go along. */
export function wildcardWithCredentials(path: string, fix: string, add: AddIssue): void {
  add(
    "error",
    path,
    "wildcard_with_credentials",
    'With credentials, browsers do not take "*" for everything.',
    fix,
  );
}

/** Methods: what no page can use, and what no browser sends. */
export function checkMethods(methods: readonly string[], credentials: boolean, add: AddIssue): void {
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

/** Request headers that pages may set. */
export function checkAllowedHeaders(names: readonly string[], credentials: boolean, add: AddIssue): void {
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

/** Response headers that pages may read. */
export function checkExposedHeaders(names: readonly string[], credentials: boolean, add: AddIssue): void {
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

function notAHeader(path: string, name: string, add: AddIssue): void {
  add(
    "error",
    path,
    "header_not_a_token",
    `${JSON.stringify(name)} is not a header's name.`,
    "Write it as X-Example.",
  );
}

/** Headers without which a page cannot say what to do. */
export function checkHelpfulHeaders(exposed: readonly string[], add: AddIssue): void {
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
