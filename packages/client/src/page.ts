/** What the browser told of the page's connections while the watch was on. */
export interface PolicyWatch {
  /** The directive that blocked a URL; null if none did, or the URL was ever asked for. */
  directiveThatBlocked(url: string): string | null;
  stop(): void;
}

/** The state of the permission for local network access. */
export type LocalNetworkAccess = PermissionState | "unknown";

/** What the client reads of the page around it; outside a browser most of it is absent. */
export interface ClientPage {
  /** As requests carry it: `null` as text for pages without an origin; null outside a browser. */
  readonly origin: string | null;
  /** The page's own URL; null outside a browser. */
  readonly url: string | null;
  /** Base of relative URLs; null outside a browser. */
  readonly baseUrl: string | null;
  /** False only where the browser says so; true proves nothing. */
  isOnline(): boolean;
  /** Whether this page may reach local addresses; `unknown` where the browser does not guard them. */
  localNetworkAccess(): Promise<LocalNetworkAccess>;
  watchPolicy(): PolicyWatch;
  /** What the browser noted of requests to a URL, oldest first; nothing where it made none, or its list is full. */
  timingsOf(url: string): readonly Partial<PerformanceResourceTiming>[];
  /** For probes: never the caller's `fetch`, which may go another way than the page's connection. */
  readonly fetch: typeof fetch;
}

const idleWatch: PolicyWatch = {
  directiveThatBlocked: () => null,
  stop: () => undefined,
};

/** The page, worker or program that this module runs in. */
export function currentPage(): ClientPage {
  const inBrowser = typeof location !== "undefined" && typeof globalThis.addEventListener === "function";
  return {
    // self.origin, not location.origin: a sandboxed frame has a location but no origin.
    origin: inBrowser ? globalThis.origin : null,
    url: inBrowser ? location.href : null,
    baseUrl: inBrowser ? (globalThis.document?.baseURI ?? location.href) : null,
    isOnline: () => typeof navigator === "undefined" || navigator.onLine !== false,
    localNetworkAccess,
    watchPolicy: inBrowser ? watchPolicy : () => idleWatch,
    timingsOf,
    fetch: (input, init) => globalThis.fetch(input, init),
  };
}

async function localNetworkAccess(): Promise<LocalNetworkAccess> {
  if (typeof navigator === "undefined" || navigator.permissions === undefined) return "unknown";
  try {
    // Not yet in TypeScript's list of permissions. Denied on insecure pages.
    const name = "local-network-access" as PermissionName;
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return "unknown";
  }
}

const timingsOf: ClientPage["timingsOf"] = (url) => performance.getEntriesByName(url);

function watchPolicy(): PolicyWatch {
  const blocked = new Map<string, string>();
  const note = (event: SecurityPolicyViolationEvent): void => {
    if (event.disposition === "enforce") blocked.set(event.blockedURI, event.effectiveDirective);
  };
  globalThis.addEventListener("securitypolicyviolation", note);
  return {
    // Some browsers report only the origin of a cross-origin URL.
    directiveThatBlocked: (url) =>
      timingsOf(url).length > 0 ? null : (blocked.get(url) ?? blocked.get(new URL(url).origin) ?? null),
    stop: () => globalThis.removeEventListener("securitypolicyviolation", note),
  };
}
