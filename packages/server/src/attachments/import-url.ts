import { isIP } from "node:net";
import { ChatError } from "@waybill/protocol";
import { isPublicAddress } from "./public-address.ts";

/** An address that import may ask, and how far it is trusted. */
export interface ImportTarget {
  readonly url: URL;
  /** Whether the operator named its host and port: then it may be private. */
  readonly trusted: boolean;
}

/** What a refusal says of where the address came from. */
export interface ImportOrigin {
  /** The host that the page named. Errors carry it, so that nothing internal is told to the page. */
  readonly host: string;
  /** Whether a redirect led here. */
  readonly redirected: boolean;
}

const DEFAULT_PORT: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * The host:port pairs that import may reach although they are private.
 *
 * @throws TypeError that names the first pair which is not of the form `host:port`.
 */
export function parseImportAllow(pairs: readonly string[]): ReadonlySet<string> {
  return new Set(
    pairs.map((pair) => {
      const url = /^[^/?#@\s]+:\d{1,5}$/.test(pair) ? URL.parse(`http://${pair}`) : null;
      if (url === null)
        throw new TypeError(`"${pair}" is not of the form host:port, as in pictures.local:8080`);
      return hostAndPort(url);
    }),
  );
}

/** Host and port, the default one too. URL has made every spelling of an IP address the same. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port === "" ? (DEFAULT_PORT[url.protocol] ?? "") : url.port}`;
}

/** The host as messages show it; of the page's URL, before anything is checked. Empty if it names none. */
export function hostOf(text: string): string {
  return URL.parse(text)?.host ?? "";
}

/**
 * An address that import may ask: http or https, without a user name or password, and if its host
 * is an IP address, a public one or one in `allow`. Names are judged later, inside the
 * connection's lookup. `base` is the address that redirected here.
 *
 * @throws ChatError `invalid_request` (not a URL), `import_refused_address`.
 */
export function parseImportUrl(
  text: string,
  allow: ReadonlySet<string>,
  origin: ImportOrigin,
  base?: URL,
): ImportTarget {
  const url = URL.parse(text, base?.href);
  if (url === null) {
    if (origin.redirected) throw refusedAddress(origin, "an address that is none");
    throw new ChatError("invalid_request", {
      message: "source_url is not an absolute URL.",
      details: { field: "source_url", host: origin.host },
    });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refusedAddress(origin, `a ${url.protocol} address`, "; only http and https addresses are fetched");
  }
  if (url.username !== "" || url.password !== "") {
    throw refusedAddress(origin, "an address with a user name or password in it", "; remove them");
  }
  url.hash = "";
  const trusted = allow.has(hostAndPort(url));
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  // A socket does not look up an IP address, so the lookup's guard would never see it.
  if (!trusted && isIP(literal) !== 0 && !isPublicAddress(literal)) {
    throw refusedAddress(origin, "a private address");
  }
  return { url, trusted };
}

/** `import_refused_address`: says what kind of address it is, never which. */
export function refusedAddress(origin: ImportOrigin, kind: string, advice = ""): ChatError {
  const subject = origin.redirected ? `${origin.host} redirects to` : `${origin.host || "This"} is`;
  const end =
    advice === "" ? ", which this server does not fetch from. Upload the file itself instead." : `${advice}.`;
  return new ChatError("import_refused_address", {
    message: `${subject} ${kind}${end}`,
    details: { host: origin.host },
  });
}
