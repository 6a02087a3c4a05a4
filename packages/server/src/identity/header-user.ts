import { BlockList, isIPv6 } from "node:net";
import { ConfigurationError } from "../configuration-error.ts";
import type { Authenticate } from "./authenticate.ts";
import { isPrincipalName, unauthenticated } from "./unauthenticated.ts";

/** Whose word is taken. */
export interface HeaderUserOptions {
  /** Addresses, and ranges such as `10.0.0.0/8`, of proxies that name the user. @default the loopback */
  readonly trustedPeers?: readonly string[];
}

/**
 * The user whom a trusted proxy names in the header `name`, of the tenant `"default"`. The proxy must
 * replace the header where a client sends one: a request with more than one value, which is what
 * remains where it is added instead, is refused, and so is one from any other peer, or from none that
 * is known.
 *
 * @throws ConfigurationError if `name` is no name of a header, or a trusted peer no address or range.
 * Requests: `unauthenticated`.
 */
export function headerUser(name: string, options: HeaderUserOptions = {}): Authenticate {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    throw new ConfigurationError([
      {
        path: "headerUser.name",
        message: `${JSON.stringify(name)} is not the name of a header.`,
        fix: "Use the header that your proxy sets, for example X-User.",
      },
    ]);
  }
  const trusted = peersOf(options.trustedPeers ?? ["127.0.0.0/8", "::1"]);
  return (request, connection) => {
    const address = connection?.remoteAddress;
    if (address === undefined || !trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4")) {
      throw unauthenticated("untrusted_peer");
    }
    const user = request.headers.get(name);
    if (user === null || user === "") throw unauthenticated("missing");
    // Fetch, header values: several are joined by commas.
    if (user.includes(",") || !isPrincipalName(user)) throw unauthenticated("not_accepted");
    return { tenant: "default", user };
  };
}

function peersOf(peers: readonly string[]): BlockList {
  const list = new BlockList();
  const issues = peers.flatMap((peer, index) => {
    const [address = "", bits] = peer.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, /^\d{1,3}$/.test(bits) ? Number(bits) : -1, family);
      return [];
    } catch {
      const message = `${JSON.stringify(peer)} is neither an address nor a range.`;
      return [
        { path: `headerUser.trustedPeers[${index}]`, message, fix: "Write it as 10.0.0.7 or 10.0.0.0/8." },
      ];
    }
  });
  if (issues.length > 0) throw new ConfigurationError(issues);
  return list;
}
