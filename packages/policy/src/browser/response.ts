import { isToken } from "../header-names.ts";
import { isAddress } from "../host.ts";
import type { Answer, Readable } from "./exchange.ts";
import { elementsOf, sortAndCombine, valueOf } from "./header-list.ts";

// Fetch, "forbidden response-header name".
const NEVER_READ = new Set(["set-cookie", "set-cookie2"]);
// Fetch, "CORS-safelisted response-header name".
const ALWAYS_READ = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
]);
const BODILESS = new Set([101, 103, 204, 205, 304]);

/**
 * What a page reads of an answer that it may read. `filter` is how it came: `basic` from its own
 * origin, `cors` from another.
 *
 * Source: Fetch, "basic filtered response", "CORS filtered response", "null body status".
 */
export function readableOf(
  answer: Answer,
  how: { readonly filter: "basic" | "cors"; readonly withCredentials: boolean; readonly method: string },
): Readable {
  const isExposed = how.filter === "basic" ? () => true : exposedBy(answer, how.withCredentials);
  return {
    status: answer.status,
    headers: sortAndCombine(answer.headers).filter(([name]) => !NEVER_READ.has(name) && isExposed(name)),
    body: how.method === "HEAD" || BODILESS.has(answer.status) ? null : (answer.body ?? ""),
  };
}

function exposedBy({ headers }: Answer, withCredentials: boolean): (name: string) => boolean {
  const listed = elementsOf(headers, "access-control-expose-headers") ?? [];
  // Fetch, "extract header list values": one bad element, and the list is a failure, which names nothing.
  const names = new Set(listed.every(isToken) ? listed.map((name) => name.toLowerCase()) : []);
  if (!withCredentials && names.has("*")) return () => true;
  return (name) => ALWAYS_READ.has(name) || names.has(name);
}

/**
 * Who may get an answer without CORS. True if it is blocked.
 *
 * Source: Fetch, "cross-origin resource policy check".
 */
export function isBlockedByResourcePolicy({ headers }: Answer, pageOrigin: string, url: URL): boolean {
  switch (valueOf(headers, "cross-origin-resource-policy")) {
    case "same-origin":
      return url.origin !== pageOrigin;
    case "same-site":
      return !isSameSite(pageOrigin, url);
    default:
      return false;
  }
}

/**
 * HTML, "schemelessly same site", without the list of public suffixes: the last two labels of a name
 * stand for its site. A site below a suffix of more labels (`co.uk`) is taken for larger than it is.
 */
export function isSameSite(pageOrigin: string, url: URL): boolean {
  if (!URL.canParse(pageOrigin)) return false;
  const page = new URL(pageOrigin);
  return page.protocol === url.protocol && siteOf(page.hostname) === siteOf(url.hostname);
}

const siteOf = (hostname: string): string =>
  isAddress(hostname) ? hostname : hostname.split(".").slice(-2).join(".");
