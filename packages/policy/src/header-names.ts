const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether a text is a token of HTTP. Source: RFC 9110, 5.6.2. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

// Source: Fetch, "forbidden request-header".
const FORBIDDEN_REQUEST = new Set([
  "accept-charset",
  "accept-encoding",
  "access-control-request-headers",
  "access-control-request-method",
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "date",
  "dnt",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "referer",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

/** Whether a page can never set this request header, so that allowing it means nothing. `name` is in lower case. */
export function isForbiddenRequestHeader(name: string): boolean {
  return FORBIDDEN_REQUEST.has(name) || /^(?:proxy-|sec-|access-control-)/.test(name);
}

// What no page may read, what only requests have, and what only the CORS protocol itself reads.
const NOT_EXPOSABLE = new Set([
  "set-cookie",
  "set-cookie2",
  "authorization",
  "cookie",
  "cookie2",
  "expect",
  "host",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "origin",
  "proxy-authorization",
  "range",
  "referer",
  "te",
  "user-agent",
]);

/** Whether exposing this response header is impossible or means nothing. `name` is in lower case. */
export function isUnexposableHeader(name: string): boolean {
  return NOT_EXPOSABLE.has(name) || /^(?:sec-|access-control-)/.test(name);
}

// Source: Fetch, "normalize a method".
const NORMALISED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Whether a page can never use this method. */
export function isForbiddenMethod(method: string): boolean {
  return FORBIDDEN_METHODS.has(method.toUpperCase());
}

/** Whether browsers send this method in upper case however a page writes it. `method` is in upper case. */
export function isNormalisedMethod(method: string): boolean {
  return NORMALISED.has(method);
}

const MAX_EMPTY_ELEMENTS = 16;
// Source: RFC 9110, 5.6.3 (white space is SP and HTAB, nothing else) and 5.6.1 (lists with empty elements).
const ELEMENT = /^([ \t]{0,2})([^ \t]*)([ \t]{0,2})$/;
const MAX_WHITE_SPACE = 2;

/**
 * The names of `Access-Control-Request-Headers`, in lower case; null if it is not a list that a
 * browser or a proxy on the way would write: at most 2 bytes of white space around a name, at most
 * 16 empty elements. Linear in its length.
 */
export function parseRequestHeaderNames(lines: readonly string[]): readonly string[] | null {
  const names: string[] = [];
  let empty = 0;
  for (const line of lines) {
    for (const element of line.split(",")) {
      const [, before = "", name, after = ""] = ELEMENT.exec(element) ?? [];
      if (name === undefined || before.length + after.length > MAX_WHITE_SPACE) return null;
      if (name === "") {
        empty += 1;
        if (empty > MAX_EMPTY_ELEMENTS) return null;
      } else {
        if (!isToken(name)) return null;
        names.push(name.toLowerCase());
      }
    }
  }
  return names;
}
