import { isLocalHost, isLoopbackHost } from "./local-address.ts";
import type { LocalNetworkAccess } from "./page.ts";
import type { Confidence, FailureCause } from "./verdict.ts";

/** What one probe saw. `waybill`: an answer that the page may read, and that names itself Waybill. */
export type ProbeResult = "waybill" | "readable" | "opaque" | "failed" | "timeout" | "skipped";

/** What the four probes saw; see `probe`. */
export interface ProbeResults {
  /** `GET v1` with CORS: readable by origins on the server's list. */
  readonly capabilities: ProbeResult;
  /** `HEAD chatkit.js` with CORS: readable by every page, if the server is Waybill. */
  readonly bundle: ProbeResult;
  /** `GET v1` without CORS: answers if anything answers. */
  readonly opaque: ProbeResult;
  /** The page's own server. */
  readonly control: ProbeResult;
}

/** What is known of a rejected request without asking anybody. */
export interface RejectionSignals {
  readonly url: string;
  /** The page's origin; null outside a browser, `"null"` for a page without one. */
  readonly pageOrigin: string | null;
  /** URL of the page; null outside a browser. */
  readonly pageUrl: string | null;
  readonly online: boolean;
  /** The directive of the page's policy that blocked the URL. */
  readonly blockedBy: string | null;
  readonly localNetwork: LocalNetworkAccess;
  /** What the rejection itself said; only programs outside a browser learn something from it. */
  readonly reason: string;
}

/** A conclusion, before it is put in words. */
export interface Finding {
  readonly cause: FailureCause;
  readonly confidence: Confidence;
  readonly alternatives: readonly string[];
  /** What was seen and what to change, as sentences. */
  readonly facts: readonly string[];
}

const found = (
  cause: FailureCause,
  confidence: Confidence,
  facts: readonly string[],
  alternatives: readonly string[] = [],
): Finding => ({ cause, confidence, alternatives, facts });

/**
 * What can be concluded from a rejected `fetch` before any probe; null: ask the probes.
 * The order is that of certainty.
 */
export function classifyBySignals(signals: RejectionSignals): Finding | null {
  const target = new URL(signals.url);
  if (!signals.online) {
    return found("offline", "certain", ["navigator.onLine is false."]);
  }
  if (signals.blockedBy !== null) {
    return found("csp_blocked", "certain", [
      `The page's Content-Security-Policy blocked ${signals.url} by ${signals.blockedBy}.`,
      `Add ${target.origin} to connect-src.`,
    ]);
  }
  const page = signals.pageUrl === null ? null : new URL(signals.pageUrl);
  if (page?.protocol === "https:" && target.protocol === "http:" && !isLoopbackHost(target.hostname)) {
    return found("mixed_content", "certain", [
      `The page is ${page.origin}; a secure page may not request ${target.origin}.`,
      "Serve the chat server over https.",
    ]);
  }
  const { localNetwork } = signals;
  if (
    (localNetwork === "denied" || localNetwork === "prompt") &&
    isLocalHost(target.hostname) &&
    page !== null &&
    !isLocalHost(page.hostname)
  ) {
    return found(
      "local_network_access",
      // While it would still ask, the question may have been dismissed, or never have come up.
      localNetwork === "denied" ? "likely" : "possible",
      [`${target.host} is a local address; local-network-access is "${localNetwork}" for ${page.origin}.`],
      ["a chat server that is not running"],
    );
  }
  if (signals.pageOrigin === null) {
    return found(
      "server_unreachable",
      "likely",
      [`The connection failed: ${signals.reason}.`],
      ["the network here", "a connection that was lost on the way"],
    );
  }
  return null;
}

const seen = (result: ProbeResult): boolean =>
  result === "waybill" || result === "readable" || result === "opaque";

/** What the probes say of a rejected `fetch` that the signals leave open. */
export function classifyByProbes(signals: RejectionSignals, probes: ProbeResults): Finding {
  const target = new URL(signals.url);
  const origin = signals.pageOrigin ?? "null";
  const summary = `Probes: GET v1 ${probes.capabilities}, HEAD chatkit.js ${probes.bundle}, GET v1 without CORS ${probes.opaque}, the page's own server ${probes.control}.`;
  const crossOrigin = target.origin !== origin;
  const answers = seen(probes.capabilities) || seen(probes.bundle) || seen(probes.opaque);

  if (crossOrigin && seen(probes.capabilities)) {
    return found(
      "cors_missing_or_masked",
      "likely",
      [
        summary,
        `${target.origin} lets this page (${origin}) read other answers, so this one came without CORS headers, or not at all.`,
      ],
      [
        "a proxy in front of the server that answered without CORS headers",
        "a server that ended before it could answer",
        "a connection that was lost on the way",
      ],
    );
  }
  if (crossOrigin && probes.capabilities === "failed" && probes.bundle === "waybill") {
    return found("origin_not_allowed", "certain", [
      summary,
      `${target.origin} is a Waybill server that answers public requests; ${origin} is not on its list.`,
      ...howToAllow(origin),
    ]);
  }
  if (crossOrigin && answers) {
    return found(
      "cors_missing_or_masked",
      "likely",
      [
        summary,
        `Something answers at ${target.origin}, but gives this page (${origin}) no permission to read it.`,
        ...howToAllow(origin),
      ],
      [
        "a server that does not list this page's origin",
        "a refused preflight",
        "a failure of the server, whose answer lacks CORS headers",
      ],
    );
  }
  if (answers) {
    return found(
      "server_unreachable",
      "likely",
      [summary, `${target.origin} answers other requests; the connection of this one was lost.`],
      ["a server that ended before it could answer", "a blocker in the browser"],
    );
  }
  if (probes.control === "failed" || probes.control === "timeout") {
    return found(
      "network_down",
      "likely",
      [summary, `Neither ${target.origin} nor the page's own server ${origin} answers.`],
      ["both servers being down"],
    );
  }
  return found(
    "server_unreachable",
    "possible",
    [
      summary,
      `Nothing answers at ${target.origin}. Its name, a refused connection, its certificate or a blocker may be the reason: a browser does not say.`,
    ],
    [
      "a server that is not running",
      "a wrong address",
      "a certificate that the browser does not trust",
      "a blocker in the browser",
    ],
  );
}

function howToAllow(origin: string): readonly string[] {
  if (origin === "null") {
    return [
      "A file or a sandboxed frame has no origin that a list could name: serve the page over http or https, or give the frame allow-same-origin.",
    ];
  }
  const change = `On a Waybill server, add this page's origin to WAYBILL_ALLOWED_ORIGINS (comma-separated): ${origin}`;
  const { hostname } = new URL(origin);
  return isLoopbackHost(hostname)
    ? [
        `${change}.`,
        "localhost and 127.0.0.1 are two different origins: list the one in the page's address, or both.",
      ]
    : [change];
}
