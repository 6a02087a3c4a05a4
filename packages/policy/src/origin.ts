import { canonicalHostAndPort, isAddress, isDefaultPort, isLoopbackHost, MAX_HOST_CHARS } from "./host.ts";

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

/** An origin, or a pattern of origins. */
export interface OriginPattern {
  /** As it was written. */
  readonly text: string;
  readonly scheme: string;
  /** Without `*.` in front. */
  readonly host: string;
  /** With its colon; empty for the default one, and for any. */
  readonly port: string;
  /** Whether it stands for every name below the host, and not for the host itself. */
  readonly subdomains: boolean;
  /** Whether it stands for every port, the default one too. */
  readonly anyPort: boolean;
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

/**
 * Takes an origin exactly as a browser serialises it, or says what is wrong. Nothing is
 * repaired: a configuration that almost matches is a configuration that never does.
 *
 * Source: HTML, "ASCII serialization of an origin"; Fetch, `Origin` header.
 */
export function parseOrigin(text: string): Origin | OriginProblem {
  const parsed = parseOriginPattern(text);
  if (isOriginProblem(parsed)) return parsed;
  if (parsed.subdomains || parsed.anyPort) {
    return problem(
      "origin_pattern",
      `${JSON.stringify(text)} is a pattern.`,
      "Name one origin, for example https://app.example.",
    );
  }
  return text as Origin;
}

/**
 * The same for what may stand for several origins: `https://*.app.example` for every name below
 * `app.example` at any depth, `https://app.example:*` for every port, and both together. Never on addresses.
 */
export function parseOriginPattern(text: string): OriginPattern | OriginProblem {
  const quoted = JSON.stringify(text);
  if (text === "null") {
    return problem(
      "origin_null",
      '"null" is the origin of sandboxed frames and local files of anybody.',
      "Serve the page from an address of its own and list that.",
    );
  }
  const separator = text.indexOf("://");
  const scheme = text.slice(0, Math.max(0, separator)).toLowerCase();
  if (separator === -1 || !SCHEME.test(scheme)) {
    return text.includes("*")
      ? notAPattern(quoted)
      : problem(
          "origin_not_a_url",
          `${quoted} is not an origin.`,
          "Write it as https://app.example, with the scheme.",
        );
  }
  if (PAGELESS_SCHEMES.has(scheme)) {
    return problem(
      "origin_scheme",
      `No page has an origin of ${scheme}: that could be told from others.`,
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
  const subdomains = authority.startsWith("*.");
  const anyPort = authority.endsWith(":*");
  const named = authority.slice(subdomains ? 2 : 0, anyPort ? -2 : undefined);
  if (named.includes("*")) return notAPattern(quoted);
  const parts = canonicalHostAndPort(named);
  if (parts === undefined || (subdomains && parts.host.length > MAX_HOST_CHARS - 2)) {
    return problem(
      "origin_not_a_url",
      `${quoted} has no valid host or port.`,
      "Write it as https://app.example or http://localhost:3000.",
    );
  }
  const { host } = parts;
  if ((subdomains || anyPort) && isAddress(host)) return notAPattern(quoted);
  if (anyPort && parts.port !== "") return notAPattern(quoted);
  const shownPort = isDefaultPort(scheme, parts.port) ? "" : parts.port;
  const port = shownPort && `:${shownPort}`;
  const canonical = `${scheme}://${subdomains ? "*." : ""}${host}${anyPort ? ":*" : port}`;
  if (canonical !== text) {
    return problem(
      "origin_not_canonical",
      `Browsers never send ${quoted}.`,
      `Write ${canonical}, as they do.`,
    );
  }
  return { text, scheme, host, port, subdomains, anyPort };
}

/** Whether parsing gave a problem. */
export function isOriginProblem(parsed: Origin | OriginPattern | OriginProblem): parsed is OriginProblem {
  return typeof parsed === "object" && "code" in parsed;
}

function problem(code: OriginProblem["code"], message: string, fix: string): OriginProblem {
  return { code, message, fix };
}

function notAPattern(quoted: string): OriginProblem {
  return problem(
    "origin_pattern",
    `${quoted} is not a pattern.`,
    'A star may be the first label of a name (https://*.app.example) or its port (https://app.example:*), never on an address; "*" alone is every page, without credentials.',
  );
}

/** Whether an origin can be trusted with credentials in spite of plain http: it never leaves the machine. */
export function isLoopbackOrigin(origin: Origin): boolean {
  return isLoopbackHost(origin.slice(origin.indexOf("://") + 3).replace(/:\d+$/, ""));
}
