import type { HeaderLine } from "../cors-policy.ts";
import { valuesOf } from "./header-list.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Whether an answer points elsewhere. Source: Fetch, "redirect status". */
export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

/** How often a request is sent elsewhere at most. Source: Fetch, HTTP-redirect fetch, "redirect count". */
export const MAX_REDIRECTS = 20;

// What a redirect may not lead to, as there is no network behind it.
const NO_NETWORK = new Set(["blob:", "data:", "file:", "filesystem:", "javascript:"]);

/** Where an answer points, or why nobody goes there; null: nowhere. Source: Fetch, "location URL". */
export function targetOf(
  headers: readonly HeaderLine[],
  base: URL,
): URL | "InvalidLocation" | "RedirectToOtherScheme" | null {
  const locations = valuesOf(headers, "location");
  const [location] = locations;
  if (location === undefined) return null;
  if (new Set(locations).size > 1 || !URL.canParse(location, base.href)) return "InvalidLocation";
  const target = new URL(location, base.href);
  return NO_NETWORK.has(target.protocol) ? "RedirectToOtherScheme" : target;
}

/** Whether a redirect makes a GET without a body of the request. Source: Fetch, HTTP-redirect fetch. */
export const becomesGet = (status: number, method: string): boolean =>
  ((status === 301 || status === 302) && method === "POST") ||
  (status === 303 && method !== "GET" && method !== "HEAD");

/** Fetch, "request-body-header name". */
export const BODY_HEADERS: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);
