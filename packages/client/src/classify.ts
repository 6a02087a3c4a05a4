import { isLocalHost, isLoopbackHost } from "./local-address.ts";
import type { LocalNetworkAccess } from "./page.ts";
import type { Confidence, FailureCause } from "./verdict.ts";

/** What one probe saw. `waybill`: an answer that the page may read, and that names itself Waybill. */
export type ProbeResult = "waybill" | "readable" | "opaque" | "failed" | "timeout" | "skipped";

/** What the probes saw; see `probe`. */
export interface ProbeResults {
  /** `GET v1` with CORS: readable by origins on the server's list. */
  readonly capabilities: ProbeResult;
  /** `HEAD chatkit.js` with CORS: readable by every page, if the server is Waybill. */
  readonly bundle: ProbeResult;
  /** `HEAD v1` without CORS: answers if anything answers. */
  readonly opaque: ProbeResult;
  /** The page's own server. */
  readonly control: ProbeResult;
  /** `GET v1` by way of the page's own server; skipped where no such way is known. */
  readonly relay: ProbeResult;
  /** The status that the relay passed on. */
  readonly status?: number | undefined;
  /** The failure that the relay passed on, or `opaque` told by `Server-Timing`. */
  readonly code?: string | undefined;
}

/** What is known of a rejected request without asking anybody. */
export interface RejectionSignals {
  readonly url: string;
  /** The page's origin; null outside a browser, `"null"` for a page without one. */
  readonly pageOrigin: string | null;
  /** URL of the page; null outside a browser. */
  readonly pageUrl: string | null;
  readonly online: boolean;
  /** The directive of the page's policy that blocked the URL before it was asked for. */
  readonly blockedBy: string | null;
  /** Whether the browser had to ask the server first, with OPTIONS. */
  readonly preflight: boolean;
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
  /** What else the person should know, as a sentence. */
  readonly note?: string;
  /** The failure of the server, where a probe was told of it. */
  readonly code?: string | undefined;
  readonly status?: number | undefined;
}

const found = (
  cause: FailureCause,
  confidence: Confidence,
  facts: readonly string[],
  alternatives: readonly string[] = [],
  more: Pick<Finding, "note" | "code" | "status"> = {},
): Finding => ({ cause, confidence, alternatives, facts, ...more });

const CERTIFICATE = "a certificate that the browser does not trust";
const RESOURCE_POLICY = "its Cross-Origin-Resource-Policy";
const WRONG_ADDRESS = "a wrong address";
const BLOCKER = "a blocker in the browser";
const PROXY = "a proxy that answered without CORS headers";
const ENDED = "a server that ended before it could answer";

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
      `${signals.blockedBy} forbids it.`,
      `Add ${target.origin} to connect-src.`,
    ]);
  }
  const page = signals.pageUrl === null ? null : new URL(signals.pageUrl);
  if (page?.protocol === "https:" && target.protocol === "http:" && !isLoopbackHost(target.hostname)) {
    return found("mixed_content", "certain", [`Serve ${target.origin} over https.`]);
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
      [`local-network-access is "${localNetwork}" for ${target.host}.`],
      ["a server that is not running"],
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
  const { capabilities, bundle, opaque, control, relay, status, code } = probes;
  const summary = `Probes: GET v1 ${capabilities}, HEAD chatkit.js ${bundle}, without CORS ${opaque}, the page's own server ${control}, the relay ${[relay, status, code].join(" ").trim()}.`;
  const told = code === undefined ? {} : { code, status };
  const crossOrigin = target.origin !== origin;
  const answers = seen(capabilities) || seen(bundle) || seen(opaque);
  const refusedPreflight = signals.preflight ? ["a refused preflight"] : [];

  if (crossOrigin && seen(capabilities)) {
    return found(
      "cors_missing_or_masked",
      "likely",
      [summary, `${target.origin} lets this page read other answers.`],
      [PROXY, ...refusedPreflight, ENDED, "a connection that was lost on the way"],
      told,
    );
  }
  if (crossOrigin && capabilities === "failed" && bundle === "waybill") {
    return found("origin_not_allowed", "certain", [
      summary,
      `${target.origin} is a Waybill server; ${origin} is not on its list.`,
      ...howToAllow(origin),
    ]);
  }
  if (crossOrigin && answers) {
    return found(
      "cors_missing_or_masked",
      "likely",
      [summary, `Something answers at ${target.origin}.`, ...howToAllow(origin)],
      [
        "a server that does not list this page's origin",
        ...refusedPreflight,
        code === undefined ? "a failure of the server" : PROXY,
      ],
      told,
    );
  }
  if (answers) {
    return found(
      "server_unreachable",
      "likely",
      [summary, `Something answers at ${target.origin}.`],
      [ENDED, BLOCKER],
      told,
    );
  }
  const nothing = `Nothing answers at ${target.origin}.`;
  // By 502 to 504 a gateway says that it does not reach what is behind it either.
  if (relay === "waybill") {
    return /50[234]/.test(`${status}`)
      ? found("server_unreachable", "likely", [summary, nothing], [WRONG_ADDRESS], {
          ...told,
          note: "This site's own server does not reach it.",
        })
      : found(
          "way_broken",
          "likely",
          [summary, nothing],
          ["its name", "a firewall", CERTIFICATE, RESOURCE_POLICY, BLOCKER],
          { ...told, note: "This site's own server reaches it." },
        );
  }
  if (control === "failed" || control === "timeout") {
    return found("network_down", "likely", [summary, nothing], ["both servers being down"]);
  }
  return found(
    "server_unreachable",
    "possible",
    [summary, nothing],
    ["a server that is not running", WRONG_ADDRESS, CERTIFICATE, RESOURCE_POLICY, BLOCKER],
    seen(control) ? { note: "Your own connection works." } : {},
  );
}

/** What whoever runs the server must change for pages of an origin, as sentences. */
export function howToAllow(origin: string): readonly string[] {
  if (origin === "null") {
    return ["A page without an origin cannot be listed: serve it over http, or add allow-same-origin."];
  }
  const change = `On a Waybill server, add this page's origin to WAYBILL_ALLOWED_ORIGINS (comma-separated): ${origin}`;
  const { hostname } = new URL(origin);
  return isLoopbackHost(hostname)
    ? [`${change}.`, "localhost and 127.0.0.1 are two different origins."]
    : [change];
}
