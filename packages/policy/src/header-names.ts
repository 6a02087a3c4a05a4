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

// Request headers, and those that a preflight alone has: exposing them means nothing.
const NOT_EXPOSABLE = new Set([
  "access-control-allow-credentials",
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "access-control-max-age",
  "access-control-request-headers",
  "access-control-request-method",
  "authorization",
  "cookie",
  "host",
  "origin",
  "referer",
  "set-cookie",
  "set-cookie2",
  "user-agent",
]);

/** Whether exposing this response header is impossible or means nothing. `name` is in lower case. */
export function isUnexposableHeader(name: string): boolean {
  return NOT_EXPOSABLE.has(name);
}

// Source: Fetch, "normalize a method".
const NORMALISED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Whether a page can never use this method. */
export function isForbiddenMethod(method: string): boolean {
  return FORBIDDEN_METHODS.has(method.toUpperCase());
}

/** Whether a method is written in lower case although browsers change the case of other methods only. */
export function isSuspiciousCase(method: string): boolean {
  return method !== method.toUpperCase() && !NORMALISED.has(method.toUpperCase());
}

const MAX_EMPTY_ELEMENTS = 16;

/**
 * The names of `Access-Control-Request-Headers`, in lower case; null if it is not a list that a
 * browser or a proxy on the way would write: at most 2 bytes of white space on either side of a
 * name, at most 16 empty elements. Linear in its length.
 */
export function parseRequestHeaderNames(lines: readonly string[]): readonly string[] | null {
  const names: string[] = [];
  let empty = 0;
  for (const line of lines) {
    for (const element of line.split(",")) {
      const name = element.trim();
      const spaces = element.length - name.length;
      if (name === "") {
        empty += 1;
        if (empty > MAX_EMPTY_ELEMENTS || element.length > 4) return null;
      } else {
        if (spaces > 4 || !isToken(name)) return null;
        names.push(name.toLowerCase());
      }
    }
  }
  return names;
}
