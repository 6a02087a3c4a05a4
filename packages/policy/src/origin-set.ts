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

/** Compiles origins and patterns. Empty: matches nothing. */
export function createOriginSet(patterns: readonly OriginPattern[]): OriginSet {
  const isPattern = (pattern: OriginPattern) => pattern.subdomains || pattern.anyPort;
  const named = new Set(patterns.filter((pattern) => !isPattern(pattern)).map((pattern) => pattern.text));
  const wild = new Set(patterns.filter(isPattern).map((pattern) => pattern.text));
  // Names deeper than any pattern's need not be looked up.
  const deepest = Math.max(
    0,
    ...patterns.filter((pattern) => pattern.subdomains).map((pattern) => pattern.host.split(".").length),
  );
  return {
    named,
    matchesPattern(text) {
      // A pattern is no origin: it must not match itself.
      if (wild.size === 0 || text.length > MAX_ORIGIN_CHARS || text.includes("*")) return false;
      const separator = text.indexOf("://");
      if (separator === -1) return false;
      const scheme = text.slice(0, separator);
      const start = separator + "://".length;
      const colon = text.indexOf(":", start);
      const end = colon === -1 ? text.length : colon;
      const port = text.slice(end);
      if (port !== "" && !isCanonicalPort(scheme, port.slice(1))) return false;
      const prefix = text.slice(0, start);
      const host = text.slice(start, end);
      if (wild.has(`${prefix}${host}:*`)) return true;
      let dot = host.length;
      for (let depth = 0; depth < deepest && dot > 0; depth += 1) {
        dot = host.lastIndexOf(".", dot - 1);
        // What is left of the dot is a label at least.
        if (dot <= 0) return false;
        const below = `${prefix}*${host.slice(dot)}`;
        if (wild.has(below + port) || wild.has(`${below}:*`)) return isHost(host);
      }
      return false;
    },
  };
}

/** Whether whoever is on an origin's network can put a page there. */
export function isInsecureOrigin(origin: Origin): boolean {
  return !origin.startsWith("https://") && !isLoopbackOrigin(origin);
}
