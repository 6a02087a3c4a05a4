import type { Verdict } from "@waybill/policy/browser";
import { DEPARTURES } from "@waybill/policy/browser";
import { type Evidence, isAnswered } from "./evidence.ts";
import { valueOf } from "./header-values.ts";

const REFUSED: Partial<Record<Verdict, string>> = {
  InvalidUrl: "its URL cannot be read",
  UrlWithCredentials: "its URL has a user or a password in it",
  InvalidMethod: "its method is no word that HTTP knows",
  ForbiddenMethod: "browsers never send CONNECT, TRACE and TRACK",
  MethodNotAllowedInNoCors: 'mode "no-cors" has GET, HEAD and POST alone',
  InvalidHeader: "one of its headers cannot be written",
  BodyWithGetOrHead: "GET and HEAD have no body",
  StreamNotAllowedInNoCors: 'a stream cannot be sent with mode "no-cors"',
  BadPort: "browsers do not connect to this port",
  MixedContent: "a page loaded over https may not ask for plain http",
  UnsupportedScheme: "browsers cannot ask such a URL",
  CorsDisabledScheme: "only http and https can be asked by pages of other origins",
  DisallowedByMode: 'its mode is "same-origin", and its URL is not of that origin',
  NoCorsRedirectModeNotFollow: 'mode "no-cors" must follow redirects',
};

/** The verdict in one sentence, for somebody who knows what a request is. */
export function summaryOf(evidence: Evidence, isWithheld: boolean): string {
  const { question, prediction, blamed } = evidence;
  const { verdict, readable } = prediction;
  const page = question.origin === "null" ? "A page without an origin" : `A page of ${question.origin}`;
  if (isWithheld)
    return "The preflight passes; the request itself was kept back, and nobody knows how it ends.";
  if (verdict === "ok") {
    return `${page} reads the answer${readable === null ? "" : `: ${readable.status}`}.`;
  }
  if (verdict === "opaque")
    return `${page} gets an answer that tells it nothing, as it has asked for (no-cors).`;
  if (verdict === "opaque-redirect")
    return `${page} gets a redirect that it may not look at, as it has asked for.`;
  const refused = REFUSED[verdict];
  if (refused !== undefined) return `The browser does not send the request: ${refused}.`;
  const status = isAnswered(blamed) ? blamed.outcome.status : 0;
  if (verdict === "ConnectionFailed") return `${page} gets no answer: ${unanswered(evidence)}.`;
  return `${page} cannot read the answer: ${reason(evidence, verdict, status)}.`;
}

function unanswered({ blamed }: Evidence): string {
  if (blamed === null) return "nothing could be asked";
  const what = blamed.purpose === "preflight" ? "the preflight" : "the request";
  if (blamed.outcome.kind === "received") return "browsers do not trust the server's certificate";
  switch (blamed.outcome.fault) {
    case "name-not-found":
      return `there is no server by the name ${new URL(blamed.url).hostname}`;
    case "refused":
      return `nothing listens at ${new URL(blamed.url).host}`;
    case "timeout":
      return `${what} was not answered in time`;
    case "reset":
      return `the connection broke off before ${what} was answered`;
    case "not-http":
      return `what answers at ${new URL(blamed.url).host} does not speak HTTP`;
    case "address-refused":
      return `this doctor may not ask ${new URL(blamed.url).host}`;
    case "unreachable":
      return `${new URL(blamed.url).host} cannot be reached`;
    default:
      return "browsers do not trust the server's certificate";
  }
}

function reason(evidence: Evidence, verdict: Verdict, status: number): string {
  const { blamed, prediction } = evidence;
  const header = (name: string) => (isAnswered(blamed) ? (valueOf(blamed.outcome.headers, name) ?? "") : "");
  const whose = blamed?.purpose === "preflight" ? `the preflight's answer (${status})` : `it (${status})`;
  switch (verdict.replace(/^Preflight(?!InvalidStatus|DisallowedRedirect)/, "")) {
    case "MissingAllowOriginHeader":
      return `${whose} has no Access-Control-Allow-Origin`;
    case "WildcardOriginNotAllowed":
      return `${whose} allows *, which does not count for a request with credentials`;
    case "MultipleAllowOriginValues":
      return `${whose} has several values in Access-Control-Allow-Origin`;
    case "InvalidAllowOriginValue":
      return `Access-Control-Allow-Origin of ${whose} is no origin: “${header("access-control-allow-origin")}”`;
    case "AllowOriginMismatch":
      return `${whose} allows “${header("access-control-allow-origin")}” and nobody else`;
    case "InvalidAllowCredentials":
      return `${whose} does not allow credentials, and the request has them`;
    case "PreflightInvalidStatus":
      return `the preflight is answered ${status}, which is no success`;
    case "PreflightDisallowedRedirect":
      return `the preflight is answered with a redirect (${status})`;
    case "InvalidAllowMethodsPreflightResponse":
      return "Access-Control-Allow-Methods of the preflight's answer cannot be read";
    case "InvalidAllowHeadersPreflightResponse":
      return "Access-Control-Allow-Headers of the preflight's answer cannot be read";
    case "MethodDisallowedByPreflightResponse":
      return `the preflight's answer does not allow the method ${prediction.preflights.at(-1)?.requestMethod ?? ""}`;
    case "HeaderDisallowedByPreflightResponse":
      return "the preflight's answer does not allow all headers of the request";
    case "RedirectContainsCredentials":
    case "EmbeddedCredentials":
      return "it redirects to a URL with a user or a password in it";
    case "RedirectRefused":
      return "it is a redirect, and the page follows none";
    case "RedirectLoop":
      return "it is redirected for ever";
    case "RedirectToOtherScheme":
    case "InvalidLocation":
      return "it redirects where browsers do not follow";
    case "StreamRedirected":
      return "it is a redirect, and the body is a stream that is gone";
    case "StreamNeedsHttp2":
      return "its body is a stream, and the server does not speak HTTP/2";
    case "ProxyAuthentication":
      return "it is 407, which browsers take for a failure of a proxy";
    case "CrossOriginResourcePolicy":
      return `Cross-Origin-Resource-Policy: ${header("cross-origin-resource-policy")} forbids it`;
    default:
      return verdict;
  }
}

/** The rules by which Chromium left the standard, in words. */
export const departuresOf = ({ prediction }: Evidence): readonly string[] =>
  prediction.departures.map(
    (name) => `${DEPARTURES[name].engine} The standard: ${DEPARTURES[name].standard}`,
  );
