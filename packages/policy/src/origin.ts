/** A serialised origin that passed {@link parseOrigin}: `scheme://host[:port]`, byte for byte what a browser sends. */
export type Origin = string & { readonly __origin: unique symbol };

/** Why a text is not an origin, and how to write it. */
export interface OriginProblem {
  readonly code:
    | "origin_null"
    | "origin_scheme"
    | "origin_not_a_url"
    | "origin_has_more"
    | "origin_not_canonical"
    | "origin_pattern";
  readonly message: string;
  readonly fix: string;
}

const SCHEME = /^[a-z][a-z0-9+.-]{0,63}$/;
// Pages of these have an opaque origin, or are no pages.
const PAGELESS_SCHEMES = new Set([
  "about",
  "blob",
  "data",
  "file",
  "filesystem",
  "ftp",
  "javascript",
  "ws",
  "wss",
]);
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
// ::ffff:a.b.c.d, as URLs serialise it.
const MAPPED_IPV4 = /^\[::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}\]$/;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * Takes an origin exactly as a browser serialises it, or says what is wrong. Nothing is
 * repaired: a configuration that almost matches is a configuration that never does.
 *
 * Source: HTML, "ASCII serialization of an origin"; Fetch, `Origin` header.
 */
export function parseOrigin(text: string): Origin | OriginProblem {
  const quoted = JSON.stringify(text);
  if (text === "null") {
    return problem(
      "origin_null",
      '"null" is the origin of sandboxed frames and local files of anybody.',
      "Serve the page from an address of its own and list that.",
    );
  }
  if (text.includes("*")) {
    return problem(
      "origin_pattern",
      `${quoted} is a pattern.`,
      'List each origin; "*" alone stands for every page, without credentials.',
    );
  }
  const separator = text.indexOf("://");
  const scheme = text.slice(0, Math.max(0, separator));
  if (separator === -1 || !SCHEME.test(scheme.toLowerCase())) {
    return problem(
      "origin_not_a_url",
      `${quoted} is not an origin.`,
      "Write it as https://app.example, with the scheme.",
    );
  }
  if (PAGELESS_SCHEMES.has(scheme.toLowerCase())) {
    return problem(
      "origin_scheme",
      `No page has an origin of ${scheme.toLowerCase()}: that could be told from others.`,
      "List the page's own address: https, or http while developing.",
    );
  }
  const rest = text.slice(separator + 3);
  const authority = /^[^/?#\\]*/.exec(rest)?.[0] ?? "";
  if (authority !== rest || authority.includes("@") || /\s/.test(text)) {
    const bare = authority.slice(authority.lastIndexOf("@") + 1).trim();
    return problem(
      "origin_has_more",
      `${quoted} has more than scheme, host and port.`,
      bare === ""
        ? "Write it as https://app.example."
        : `Write ${scheme}://${bare}, without path, slash at the end, user or white space.`,
    );
  }
  const canonical = canonicalOrigin(scheme.toLowerCase(), authority);
  if (canonical === undefined) {
    return problem(
      "origin_not_a_url",
      `${quoted} has no valid host or port.`,
      "Write it as https://app.example or http://localhost:3000.",
    );
  }
  if (canonical !== text) {
    return problem(
      "origin_not_canonical",
      `Browsers never send ${quoted}.`,
      `Write ${canonical}, as they do.`,
    );
  }
  return text as Origin;
}

/** Whether parsing gave a problem. */
export function isOriginProblem(parsed: Origin | OriginProblem): parsed is OriginProblem {
  return typeof parsed === "object";
}

function problem(code: OriginProblem["code"], message: string, fix: string): OriginProblem {
  return { code, message, fix };
}

/** What the WHATWG URL parser makes of it; undefined if it is no host. */
function canonicalOrigin(scheme: string, authority: string): string | undefined {
  // Only special schemes have their hosts parsed by the rules for domains and addresses.
  const hostname = URL.parse(`http://${authority}`)?.hostname ?? "";
  if (!isHost(hostname)) return undefined;
  const digits = /:(\d+)$/.exec(authority)?.[1];
  if (digits === undefined) return `${scheme}://${hostname}`;
  const port = Number(digits);
  if (port === 0) return undefined;
  const isDefault = (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  return isDefault ? `${scheme}://${hostname}` : `${scheme}://${hostname}:${port}`;
}

/** Stricter than URLs: those take almost any byte in a name. Underscores are in use, so they may stay. */
function isHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return !MAPPED_IPV4.test(hostname);
  if (IPV4.test(hostname)) return true;
  return hostname.length <= 253 && hostname.split(".").every((label) => LABEL.test(label));
}

/** Whether an origin can be trusted with credentials in spite of plain http: it never leaves the machine. */
export function isLoopbackOrigin(origin: Origin): boolean {
  const host = origin.slice(origin.indexOf("://") + 3).replace(/:\d+$/, "");
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}
