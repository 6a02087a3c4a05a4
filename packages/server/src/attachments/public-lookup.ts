import dns from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** Why a connection was not opened: the name, or the address itself, leads to no public address. */
export class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";
}

/**
 * A lookup that knows public addresses alone, for connections to wherever a stranger says: the address that is checked is
 * the one that is connected to. One private address among several refuses them all: a name that has both is either a
 * mistake or an attempt to get in. It fails with a {@link RefusedAddressError}, or with what `lookup` fails with.
 *
 * `lookup` finds the addresses. @default `dns.lookup`
 */
export function publicLookup(lookup: LookupFunction = dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) return callback(error, []);
      const addresses =
        typeof found === "string" ? [{ address: found, family: family ?? isIP(found) }] : found;
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new RefusedAddressError("not a public address"), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
