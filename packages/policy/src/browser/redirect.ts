import type { HeaderLine } from "../cors-policy.ts";
import { valuesOf } from "./header-list.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Whether an answer points elsewhere. Source: Fetch, "redirect status". */
export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

/** How often a request is sent elsewhere at most. Source: Fetch, HTTP-redirect fetch, "redirect count". */
export const MAX_REDIRECTS = 20;

// Known to browsers, and without a network behind them.
const NO_NETWORK = new Set(["about:", "blob:", "data:", "file:", "filesystem:"]);

/** Whether browsers know a URL's scheme as one that no redirect leads to. Source: Fetch, HTTP-redirect fetch. */
export const hasNoNetwork = (url: URL): boolean => NO_NETWORK.has(url.protocol);

/** Where an answer points; null: nowhere. `isNone`: whether an empty Location is none. Source: Fetch, "location URL". */
export function targetOf(
  headers: readonly HeaderLine[],
  base: URL,
  isNone: () => boolean,
): URL | "InvalidLocation" | null {
  const locations = valuesOf(headers, "location");
  const [location] = locations;
  const isOne = new Set(locations).size === 1;
  if (location === undefined || (isOne && location === "" && isNone())) return null;
  return isOne && URL.canParse(location, base.href) ? new URL(location, base.href) : "InvalidLocation";
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
