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
    return problem("origin_null", '"null" is the origin of sandboxed frames and local files of anybody.', "Serve the page from an address of its own and list that.");
  }
  if (text.includes("*")) {
    return problem("origin_pattern", `${quoted} is a pattern.`, "List each origin; \"*\" alone stands for every page, without credentials.");
  }
  const separator = text.indexOf("://");
  const scheme = text.slice(0, Math.max(0, separator));
  if (separator === -1 || !SCHEME.test(scheme.toLowerCase())) {
    return problem("origin_not_a_url", `${quoted} is not an origin.`, "Write it as https://app.example, with the scheme.");
  }
  if (scheme.toLowerCase() === "file") {
    return problem("origin_scheme", "Pages from file: have no origin that could be told from others.", "Serve the page over http, also while developing.");
  }
  const rest = text.slice(separator + 3);
  const authority = /^[^/?#\\]*/.exec(rest)?.[0] ?? "";
  if (authority !== rest || authority.includes("@") || /\s/.test(text)) {
    const bare = authority.slice(authority.lastIndexOf("@") + 1).trim();
    return problem(
      "origin_has_more",
      `${quoted} has more than scheme, host and port.`,
      bare === "" ? "Write it as https://app.example." : `Write ${scheme}://${bare}, without path, slash at the end, user or white space.`,
    );
  }
  const canonical = canonicalOrigin(scheme.toLowerCase(), authority);
  if (canonical === undefined) {
    return problem("origin_not_a_url", `${quoted} has no valid host or port.`, "Write it as https://app.example or http://localhost:3000.");
  }
  if (canonical !== text) {
    return problem("origin_not_canonical", `Browsers never send ${quoted}.`, `Write ${canonical}, as they do.`);
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
  const url = URL.parse(`http://${authority}`);
  if (url === null || url.hostname === "" || url.hostname.length > 253) return undefined;
  if (url.hostname.endsWith(".") || url.hostname.split(".").some((label) => label === "" || label.length > 63)) return undefined;
  if (url.hostname.startsWith("[::ffff:")) return undefined;
  if (!url.hostname.startsWith("[") && !IPV4.test(url.hostname) && !/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(url.hostname)) return undefined;
  const port = /:(\d+)$/.exec(authority)?.[1];
  if (port !== undefined && (Number(port) === 0 || Number(port) > 65_535)) return undefined;
  const isDefault = (scheme === "http" && port === "80") || (scheme === "https" && port === "443");
  return `${scheme}://${url.hostname}${port === undefined || isDefault ? "" : `:${Number(port)}`}`;
}

/** Whether an origin can be trusted with credentials in spite of plain http: it never leaves the machine. */
export function isLoopbackOrigin(origin: Origin): boolean {
  const host = origin.slice(origin.indexOf("://") + 3).replace(/:\d+$/, "");
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
