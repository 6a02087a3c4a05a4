import type { HeaderLine } from "../cors-policy.ts";
import { isForbiddenMethod, isNormalisedMethod, isToken } from "../header-names.ts";
import { authorHeaders } from "./author-headers.ts";
import type { PageRequest } from "./exchange.ts";
import type { Departs } from "./safelist.ts";
import type { ConstructorFailure } from "./verdict.ts";

/** A request that the constructor has let through. */
export interface ConstructedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
}

/**
 * What `new Request()` makes of what the page writes, or why it throws.
 *
 * Source: Fetch, Request's constructor.
 */
export function construct(request: PageRequest, departs: Departs): ConstructedRequest | ConstructorFailure {
  const isNoCors = request.mode === "no-cors";
  // WebIDL, ByteString: texts are converted before the constructor looks at any of them.
  if (request.headers?.some((line) => /[^\0-\xff]/.test(line.join("")))) return "InvalidHeader";
  if (!URL.canParse(request.url)) return "InvalidUrl";
  const url = new URL(request.url);
  if (url.username !== "" || url.password !== "") return "UrlWithCredentials";

  const given = request.method ?? "GET";
  if (!isToken(given)) return "InvalidMethod";
  if (isForbiddenMethod(given)) return "ForbiddenMethod";
  // Fetch, "normalize a method": six names, and `patch` is none of them.
  const upper = given.toUpperCase();
  const method = isNormalisedMethod(upper) ? upper : given;
  if (isNoCors && !["GET", "HEAD", "POST"].includes(method)) return "MethodNotAllowedInNoCors";

  const headers = authorHeaders(request, departs);
  if (headers === null) return "InvalidHeader";
  if (request.body && (method === "GET" || method === "HEAD")) return "BodyWithGetOrHead";
  if (request.body?.kind === "stream" && isNoCors) return "StreamNotAllowedInNoCors";
  return { url, method, headers };
}
