import { decodePunycode } from "./punycode.ts";

/** Longest name of a host, in bytes. Source: RFC 1035, 3.1, as text and without the dot at its end. */
export const MAX_HOST_CHARS = 253;

const LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
// ::ffff:a.b.c.d, as URLs serialise it.
const MAPPED_IPV4 = /^\[::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}\]$/;
const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * A host and a port as the WHATWG URL parser writes them; undefined if they are none, or none that a
 * certificate or a resolver would take. The port is empty where none is written.
 */
export function canonicalHostAndPort(
  authority: string,
): { readonly host: string; readonly port: string } | undefined {
  // Only special schemes have their hosts parsed by the rules for domains and addresses.
  const host = URL.parse(`http://${authority}`)?.hostname ?? "";
  if (!isHost(host)) return undefined;
  const digits = /:(\d+)$/.exec(authority)?.[1];
  if (digits === undefined) return { host, port: "" };
  const port = Number(digits);
  return port === 0 ? undefined : { host, port: String(port) };
}

/** Whether a serialised host is an IP address. */
export function isAddress(host: string): boolean {
  return host.startsWith("[") || IPV4.test(host);
}

/** Whether a serialised host never leaves the machine. Source: RFC 6761, 6.3; Secure Contexts, 3.1. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

/**
 * Whether the port of an origin is written as browsers write it: 1 to 65535 without zeros in front, and not
 * the scheme's own.
 */
export function isCanonicalPort(scheme: string, port: string): boolean {
  return /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535 && !isDefaultPort(scheme, port);
}

/** Whether browsers leave this port out. */
export function isDefaultPort(scheme: string, port: string): boolean {
  return (scheme === "http" && port === "80") || (scheme === "https" && port === "443");
}

/**
 * Whether a host that is written as URLs write it is a name of labels, or an address. Stricter than URLs,
 * which take almost any byte in a name. Underscores are in use, so they may stay.
 */
export function isHost(host: string): boolean {
  if (host.startsWith("[")) return !MAPPED_IPV4.test(host);
  if (IPV4.test(host)) return true;
  return host.length <= MAX_HOST_CHARS && NAME.test(host) && isStrictIdna(host);
}

/**
 * Whether every `xn--` label says something, and URLs would write what it says in the same way. Of a
 * name in ASCII, some URL parsers look at the bytes alone.
 *
 * Source: UTS #46, 4 (processing), V2 to V8; URL, "domain to ASCII".
 */
function isStrictIdna(host: string): boolean {
  if (!host.includes("xn--")) return true;
  const said: string[] = [];
  for (const label of host.split(".")) {
    const text = label.startsWith("xn--") ? decodePunycode(label.slice(4)) : label;
    if (text === undefined) return false;
    said.push(text);
  }
  return URL.parse(`http://${said.join(".")}`)?.hostname === host;
}
