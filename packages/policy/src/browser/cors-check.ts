import type { HeaderLine } from "../cors-policy.ts";
import { valueOf } from "./header-list.ts";

/** What of an answer forbids the page to read it. */
export type CorsCheckError =
  | "WildcardOriginNotAllowed"
  | "MissingAllowOriginHeader"
  | "MultipleAllowOriginValues"
  | "InvalidAllowOriginValue"
  | "AllowOriginMismatch"
  | "InvalidAllowCredentials";

/**
 * Whether an answer lets an origin read it; null: it does. The standard only fails; the names are Chromium's.
 *
 * Source: Fetch, "CORS check".
 */
export function corsCheck(
  headers: readonly HeaderLine[],
  origin: string,
  withCredentials: boolean,
): CorsCheckError | null {
  const allowed = valueOf(headers, "access-control-allow-origin");
  if (allowed === null) return "MissingAllowOriginHeader";
  if (allowed === "*") return withCredentials ? "WildcardOriginNotAllowed" : null;
  if (allowed !== origin) {
    if (/[ ,]/.test(allowed)) return "MultipleAllowOriginValues";
    return allowed === "null" || URL.canParse(allowed) ? "AllowOriginMismatch" : "InvalidAllowOriginValue";
  }
  // Fetch, CORS check: `true` is compared byte for byte.
  if (withCredentials && valueOf(headers, "access-control-allow-credentials") !== "true") {
    return "InvalidAllowCredentials";
  }
  return null;
}
