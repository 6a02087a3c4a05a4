import type { HeaderLine } from "@waybill/policy";
import type { PageRequest } from "@waybill/policy/browser";

/** A request as a page would write it, read from what somebody has copied. */
export interface CopiedRequest {
  /** The page's origin as the request itself names it; null: it names none, and somebody has to say. */
  readonly origin: string | null;
  readonly request: PageRequest;
  /** The bytes of `request.body`. @default none */
  readonly content?: Uint8Array;
  /** What is no part of it: names of lines that browsers write themselves, in lower case, and of options of curl. */
  readonly dropped: readonly string[];
}

/** A request on the wire, or on the command line. */
export interface WireRequest {
  readonly url: string;
  readonly method: string;
  /** Every line, names in any case. */
  readonly headers: readonly HeaderLine[];
  readonly content: Uint8Array | null;
  /** Whether cookies went along, beside what `headers` says. */
  readonly cookies: boolean;
  /** What was left out before. */
  readonly dropped: readonly string[];
}

/** Lines that every browser writes by itself; a page that sets one of them is not what was copied. */
const BROWSERS_OWN =
  /^(?::.*|accept-(?:charset|encoding|language)|connection|content-length|cookie2?|dnt|host|if-(?:match|modified-since|none-match|range|unmodified-since)|keep-alive|origin|priority|proxy-.*|purpose|referer|save-data|sec-.*|te|transfer-encoding|upgrade|upgrade-insecure-requests|user-agent|via|x-client-data)$/;

/**
 * The page's part of a request: without the lines that the browser added. Cookies, and what browsers send only with
 * them (`Sec-Fetch-Storage-Access`), mean `credentials: "include"`.
 */
export function copiedRequest(wire: WireRequest): CopiedRequest {
  const valueOf = (wanted: string) =>
    wire.headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim();
  // What DevTools adds to every request while "Disable cache" is on.
  const reload = valueOf("cache-control") === "no-cache" && valueOf("pragma") === "no-cache";
  const dropped: string[] = [];
  const headers = wire.headers.filter(([line, value]) => {
    const name = line.toLowerCase();
    const isOwn =
      BROWSERS_OWN.test(name) ||
      (name === "accept" && value.trim() === "*/*") ||
      (reload && (name === "cache-control" || name === "pragma"));
    if (isOwn && !name.startsWith(":")) dropped.push(name);
    return !isOwn;
  });
  const mode = MODES.find((known) => known === valueOf("sec-fetch-mode"));
  const credentials =
    wire.cookies || valueOf("cookie") !== undefined || valueOf("sec-fetch-storage-access") !== undefined;
  return {
    origin: valueOf("origin") ?? null,
    request: {
      url: wire.url,
      method: wire.method,
      headers,
      ...(mode === undefined ? {} : { mode }),
      ...(credentials ? { credentials: "include" as const } : {}),
      // Its type is in the lines, if it has one.
      ...(wire.content === null ? {} : { body: { kind: "bytes" as const } }),
    },
    ...(wire.content === null ? {} : { content: wire.content }),
    dropped: [...dropped, ...wire.dropped],
  };
}

const MODES = ["cors", "no-cors", "same-origin"] as const;
