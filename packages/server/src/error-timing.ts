import type { ErrorCode } from "@waybill/protocol";

/**
 * The header that names a failure to pages which may not read the answer: `waybill;desc="<code>"`. A browser
 * shows it to them only beside `Timing-Allow-Origin`, which the public `GET v1` alone has: what other
 * answers tell would let any page find out who is signed in.
 *
 * Source: Server Timing, 3; Resource Timing, "timing allow check".
 */
export function errorTiming(code: ErrorCode): { readonly "server-timing": string } {
  return { "server-timing": `waybill;desc="${code}"` };
}
