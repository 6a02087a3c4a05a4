const LINK_PROTOCOLS = ["http:", "https:", "mailto:", "tel:"];
const IMAGE_PROTOCOLS = ["http:", "https:"];

function parseAbsolute(address: string, protocols: readonly string[]): URL | null {
  const url = URL.parse(address);
  return url !== null && protocols.includes(url.protocol) ? url : null;
}

/** The address of a link in an answer; null unless it is absolute and http, https, mailto or tel. */
export function linkAddress(address: string): string | null {
  return parseAbsolute(address, LINK_PROTOCOLS)?.href ?? null;
}

/**
 * The address of an image in an answer; null unless it is http or https and its host is one that
 * the thread allows. An entry is a host, or `*.` and a domain whose subdomains are meant;
 * `undefined` allows any host, the empty list none.
 */
export function imageAddress(address: string, allowedDomains: readonly string[] | undefined): string | null {
  const url = parseAbsolute(address, IMAGE_PROTOCOLS);
  if (url === null) return null;
  const host = url.hostname;
  const allowed =
    allowedDomains === undefined ||
    allowedDomains.some((entry) => {
      const domain = entry.toLowerCase();
      return domain.startsWith("*.") ? host.endsWith(domain.slice(1)) : host === domain;
    });
  return allowed ? url.href : null;
}

/**
 * The address of a picture that the server or the page itself names: http, https, relative to
 * the page, or held by it; null for anything else.
 */
export function pictureAddress(address: string): string | null {
  const isKnown = /^(?:https?:|blob:|data:image\/)/i.test(address) || !/^[a-z][a-z0-9+.-]*:/i.test(address);
  return isKnown ? address : null;
}
