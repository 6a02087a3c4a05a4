import type { RootCause } from "../diagnosis.ts";

/**
 * What a framework's own CORS middleware mends where everything passes it first: failures and redirects,
 * too, and preflights before anything else looks at them.
 */
export const MIDDLEWARE_CAUSES: readonly RootCause[] = [
  "no-cors",
  "failure-without-cors",
  "preflight-not-handled",
  "preflight-only",
  "redirect",
  "origin-not-listed",
  "wildcard-with-credentials",
  "credentials-not-allowed",
  "method-not-listed",
  "header-not-listed",
  "malformed-header",
];

/** What a server mends that writes the headers itself, and takes away what comes from behind it. */
export const SERVER_CAUSES: readonly RootCause[] = [...MIDDLEWARE_CAUSES, "added-twice"];

/** Texts as a list that JavaScript, Python and JSON all read. */
export const listOf = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
