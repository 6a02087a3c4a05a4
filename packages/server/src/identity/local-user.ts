import type { Principal } from "../ports/principal.ts";
import type { Authenticate } from "./authenticate.ts";

const LOCAL_USER: Principal = Object.freeze({ tenant: "default", user: "local" });

const FORWARDING = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** Whether a host name (as `URL.hostname` gives it) is this machine's own. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address ?? "");
}

/**
 * The default authenticator: whoever sits at this machine is one user. Null, which the
 * server answers with 401, for anything that may come from elsewhere: a `Host` that is not
 * loopback, a peer that is not, or a header that a proxy has put there.
 */
export function localUser(): Authenticate {
  return (request, connection) => {
    if (!isLoopbackHost(new URL(request.url).hostname)) return null;
    if (connection !== undefined && !isLoopbackAddress(connection.remoteAddress)) return null;
    if (FORWARDING.some((name) => request.headers.has(name))) return null;
    return LOCAL_USER;
  };
}
