import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Azure's platform address: unicast by its range, yet it hands out credentials inside every Azure network. */
const PLATFORM_ADDRESSES: ReadonlySet<string> = new Set(["168.63.129.16"]);

/** RFC 4291 §2.4: the only part of IPv6 that was ever given out for global unicast. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** RFC 9637: documentation, unknown to older registries. */
const DOCUMENTATION_V6 = ipaddr.IPv6.parseCIDR("3fff::/20");

/**
 * Whether an address is one of the public internet, so that a server may fetch from it for a
 * stranger. Everything else is not: private, loopback, link-local (with cloud metadata), shared,
 * multicast, reserved and unspecified addresses, every IPv6 form that carries an IPv4 address
 * (mapped, compatible, NAT64, 6to4, Teredo), and text that is no address.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return ipaddr.IPv4.parse(address).range() === "unicast" && !PLATFORM_ADDRESSES.has(address);
    case 6: {
      const parsed = ipaddr.IPv6.parse(address);
      return (
        parsed.match(GLOBAL_UNICAST_V6) && !parsed.match(DOCUMENTATION_V6) && parsed.range() === "unicast"
      );
    }
    default:
      return false;
  }
}
