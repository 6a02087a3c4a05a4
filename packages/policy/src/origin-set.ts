import { isCanonicalPort, isHost, MAX_HOST_CHARS } from "./host.ts";
import { isLoopbackOrigin, type Origin, type OriginPattern } from "./origin.ts";

/** Origins by name and by pattern. */
export interface OriginSet {
  /** The origins that are listed by name. */
  readonly named: ReadonlySet<string>;
  /**
   * Whether a pattern stands for a text that came as `Origin`. True only of a text that `parseOrigin`
   * takes. The cost grows with neither the number of patterns nor the length of the text.
   */
  matchesPattern(text: string): boolean;
}

const MAX_SCHEME_CHARS = 64;
const MAX_ORIGIN_CHARS = MAX_SCHEME_CHARS + "://".length + MAX_HOST_CHARS + ":65535".length;

/** Any port, in the place of one. */
const ANY_PORT = ":*";

/** Compiles origins and patterns. Empty: matches nothing. */
export function createOriginSet(patterns: readonly OriginPattern[]): OriginSet {
  const named = new Set<string>();
  /** Hosts, each with scheme and port, as in `https:8443`; hosts below which names are, with a dot in front. */
  const hosts = new Map<string, Set<string>>();
  const parents = new Map<string, Set<string>>();
  /** How many labels the hosts have, below which names are. */
  const depths = new Set<number>();
  for (const { text, scheme, host, port, subdomains, anyPort } of patterns) {
    if (!subdomains && !anyPort) {
      named.add(text);
      continue;
    }
    if (subdomains) depths.add(host.split(".").length);
    const [map, key] = subdomains ? [parents, `.${host}`] : [hosts, host];
    const ways = map.get(key) ?? new Set();
    ways.add(scheme + (anyPort ? ANY_PORT : port));
    map.set(key, ways);
  }
  const deepest = Math.max(0, ...depths);
  const fits = (ways: ReadonlySet<string> | undefined, scheme: string, port: string): boolean =>
    ways !== undefined &&
    (ways.has(scheme + port) || ways.has(scheme + ANY_PORT)) &&
    (port === "" || isCanonicalPort(scheme, port.slice(1)));

  return {
    named,
    matchesPattern(text) {
      if (hosts.size + parents.size === 0 || text.length > MAX_ORIGIN_CHARS) return false;
      const separator = text.indexOf("://");
      if (separator === -1) return false;
      const start = separator + "://".length;
      const colon = text.indexOf(":", start);
      const end = colon === -1 ? text.length : colon;
      const scheme = text.slice(0, separator);
      const port = text.slice(end);
      const host = text.slice(start, end);
      if (hosts.size > 0 && fits(hosts.get(host), scheme, port)) return true;
      let dot = host.length;
      for (let depth = 1; depth <= deepest; depth += 1) {
        dot = host.lastIndexOf(".", dot - 1);
        // What is left of the dot is a label at least.
        if (dot <= 0) return false;
        if (depths.has(depth) && fits(parents.get(host.slice(dot)), scheme, port)) return isHost(host);
      }
      return false;
    },
  };
}

/** Whether whoever is on an origin's network can put a page there. */
export function isInsecureOrigin(origin: Origin): boolean {
  return !origin.startsWith("https://") && !isLoopbackOrigin(origin);
}
