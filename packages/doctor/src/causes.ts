import type { Verdict } from "@waybill/policy/browser";
import type { RootCause } from "./diagnosis.ts";
import {
  type Answered,
  allowedOrigins,
  type Evidence,
  failureOf,
  isAnswered,
  isRedirect,
  isSuccess,
  lets,
  looksAtOrigin,
  ownAnswers,
  speaksCors,
} from "./evidence.ts";
import { credentials, mismatch, missingFromLists, multiple, notListed } from "./header-causes.ts";
import { valueOf } from "./header-values.ts";
import { headerOf, type Judged, judged } from "./judged.ts";

const BY_VERDICT: Partial<Record<Verdict, RootCause>> = {
  ok: "none",
  opaque: "none",
  "opaque-redirect": "none",
  PreflightDisallowedRedirect: "redirect",
  RedirectContainsCredentials: "redirect",
  RedirectRefused: "redirect",
  RedirectLoop: "redirect",
  RedirectToOtherScheme: "redirect",
  InvalidLocation: "redirect",
  EmbeddedCredentials: "redirect",
  StreamRedirected: "redirect",
  CrossOriginResourcePolicy: "resource-policy",
};

/** What is wrong, whatever the browser calls it. */
export function causeOf(evidence: Evidence): Judged {
  const { prediction, blamed } = evidence;
  const { verdict } = prediction;
  if (verdict === "ConnectionFailed") return connectionCause(evidence);
  const known = BY_VERDICT[verdict];
  if (known === "none") return judged("none", noneBecause(evidence));
  if (known === "redirect") return judged("redirect", redirectBecause(evidence));
  if (known === "resource-policy") {
    return judged(
      "resource-policy",
      `The answer says Cross-Origin-Resource-Policy: ${headerOf(blamed, "cross-origin-resource-policy")}, which keeps it from pages of other origins that load it without CORS.`,
    );
  }
  if (blamed === null || !isAnswered(blamed) || verdict === "ProxyAuthentication") {
    return judged("request-impossible", impossibleBecause(evidence));
  }
  const bare = verdict.replace(/^Preflight/, "");
  switch (bare) {
    case "MissingAllowOriginHeader":
      return blamed.purpose === "preflight"
        ? preflightWithoutCors(evidence, blamed)
        : requestWithoutCors(evidence, blamed);
    case "InvalidStatus":
      return preflightStatus(evidence, blamed);
    case "AllowOriginMismatch":
      return mismatch(evidence, blamed);
    case "MultipleAllowOriginValues":
      return multiple(blamed);
    case "InvalidAllowOriginValue":
      return judged(
        "malformed-header",
        `Access-Control-Allow-Origin must be one origin as browsers write it, or *; “${headerOf(blamed, "access-control-allow-origin")}” is neither.`,
      );
    case "WildcardOriginNotAllowed":
      return judged(
        "wildcard-with-credentials",
        "The server allows any origin by *, and the page sends credentials: then the server must name the page's origin.",
      );
    case "InvalidAllowCredentials":
      return credentials(blamed);
    case "MethodDisallowedByPreflightResponse":
    case "HeaderDisallowedByPreflightResponse":
      return notListed(evidence, blamed);
    case "InvalidAllowMethodsPreflightResponse":
    case "InvalidAllowHeadersPreflightResponse": {
      const name = bare.includes("Methods") ? "Access-Control-Allow-Methods" : "Access-Control-Allow-Headers";
      return judged(
        "malformed-header",
        `${name} must be names with commas between them; “${headerOf(blamed, name.toLowerCase())}” has something else in it.`,
      );
    }
    default:
      return judged("request-impossible", impossibleBecause(evidence));
  }
}

function noneBecause({ prediction }: Evidence): string {
  if (prediction.verdict === "ok") return "Every rule of CORS that applies is kept.";
  return "The page has asked for an answer that tells it nothing, and gets one: it sees neither status nor body.";
}

function impossibleBecause({ prediction: { verdict }, question: { origin, request } }: Evidence): string {
  switch (verdict) {
    case "MixedContent":
      return `A page that was loaded over https may not ask for plain http: nothing is sent to ${request.url}.`;
    case "BadPort":
      return `Browsers keep port ${new URL(request.url).port} for other services than the web, and never connect to it.`;
    case "DisallowedByMode":
      return `The request says mode "same-origin", and its URL is not of ${origin}.`;
    case "StreamNeedsHttp2":
      return "A body that is a stream needs HTTP/2, and the server speaks HTTP/1.1.";
    case "ProxyAuthentication":
      return "The server answers 407, which is for proxies alone: browsers make an error of their own of it.";
    default:
      return "The browser refuses the request before anything is sent, whatever the server would say.";
  }
}

function connectionCause({ blamed }: Evidence): Judged {
  const failed = failureOf(blamed);
  const what = blamed?.purpose === "preflight" ? "the preflight" : "the request";
  if (failed === null) return judged("unreachable", "Nothing could be asked.");
  switch (failed.fault) {
    case "certificate-expired":
    case "certificate-name":
    case "certificate-untrusted":
    case "tls":
      return judged(
        "certificate",
        `A browser ends the connection before anything is asked: ${failed.message}`,
      );
    case "timeout":
      return judged("no-answer", `Nothing came back to ${what} in time: ${failed.message}`);
    case "reset":
      return judged("no-answer", `The connection was closed before ${what} had an answer: ${failed.message}`);
    default:
      return judged("unreachable", failed.message);
  }
}

function redirectBecause({ prediction: { verdict }, blamed }: Evidence): string {
  const location = headerOf(blamed, "location");
  switch (verdict) {
    case "PreflightDisallowedRedirect":
      return `The preflight is redirected to ${location}; browsers do not follow there, they ask the URL that the page has named.`;
    case "RedirectLoop":
      return "The answers point to each other; browsers give up after 20.";
    case "RedirectRefused":
      return `The page forbids redirects, and the server answers with one, to ${location}.`;
    case "RedirectContainsCredentials":
    case "EmbeddedCredentials":
      return "The redirect leads to a URL with a user or a password in it.";
    case "StreamRedirected":
      return "A body that is a stream cannot be sent a second time.";
    default:
      return `The redirect leads where no browser follows: “${location}”.`;
  }
}

/** Something other than this failure that carries the header. */
const elsewhere = (evidence: Evidence, blamed: Answered): Answered | undefined =>
  ownAnswers(evidence).find((answer) => answer !== blamed && speaksCors(answer));

const shown = ({ method, outcome, url }: Answered): string =>
  `${method} ${new URL(url).pathname} is answered ${outcome.status}`;

function preflightWithoutCors(evidence: Evidence, blamed: Answered): Judged {
  const { status } = blamed.outcome;
  const other = elsewhere(evidence, blamed);
  const { plain } = evidence.probed;
  const refused = refusedByAsking(evidence);
  if (refused !== null) return refused;
  const unlisted = originNotListed(evidence, blamed);
  if (unlisted !== null) return unlisted;
  if (status >= 500 && plain !== null && plain.outcome.status === status && other === undefined) {
    return judged(
      "failure-without-cors",
      `The server fails: the preflight is answered ${status}, and so is a plain GET. CORS is only the sentence that hides it.`,
    );
  }
  if (other !== undefined) {
    return judged(
      "preflight-not-handled",
      `The preflight is answered ${status} like any other request, without CORS headers, while ${shown(other)} with them.`,
    );
  }
  if (status === 401 || status === 403 || status === 407) {
    return judged(
      "preflight-not-handled",
      `The preflight is answered ${status}: something in front asks who it is, and browsers send a preflight without cookies and without Authorization.`,
    );
  }
  if (status >= 500) {
    return judged(
      "preflight-not-handled",
      `The preflight is answered ${status}: the server fails at an OPTIONS request.`,
    );
  }
  if (status === 429) {
    return judged(
      "failure-without-cors",
      "The preflight is answered 429: something counts requests, and refuses this one without CORS headers.",
    );
  }
  return judged(
    "no-cors",
    `Neither the preflight, which is answered ${status}, nor anything else that was asked has a CORS header.`,
  );
}

/** What a preflight asks for, where one that asks for less is let through. */
function refusedByAsking({
  probed: { withoutHeaders, forGet },
  prediction,
  question,
}: Evidence): Judged | null {
  const { origin } = question;
  const sent = prediction.preflights.at(-1);
  if (withoutHeaders !== null && lets(withoutHeaders, origin)) {
    return judged(
      "header-not-listed",
      `The preflight is refused, and let through when it does not ask for ${sent?.requestHeaders ?? "headers"}.`,
    );
  }
  if (forGet === null || !lets(forGet, origin)) return null;
  return judged(
    "method-not-listed",
    `The preflight is refused, and let through when it asks for GET instead of ${sent?.requestMethod ?? "its method"}.`,
  );
}

function requestWithoutCors(evidence: Evidence, blamed: Answered): Judged {
  const { status, headers } = blamed.outcome;
  const { prediction, question } = evidence;
  if (isRedirect(blamed)) {
    return judged(
      "redirect",
      `The answer is a redirect (${status}) to ${valueOf(headers, "location")}, and has no CORS headers itself: every answer on the way needs them.`,
    );
  }
  const other = elsewhere(evidence, blamed);
  const isFirst = new URL(blamed.url).origin === new URL(question.request.url).origin;
  if (prediction.at > 0 && !isFirst) {
    return judged(
      "redirect",
      `The request is redirected to ${blamed.url}, and what answers there has no CORS headers.`,
    );
  }
  const preflight = evidence.asked.find(({ purpose }) => purpose === "preflight");
  const isAllowed = isAnswered(preflight) && isSuccess(preflight) ? lets(preflight, question.origin) : false;
  if (status >= 400) {
    if (other !== undefined) {
      return judged(
        "failure-without-cors",
        `The request fails with ${status}, and that answer has no CORS headers, while ${shown(other)} with them: the browser hides the failure.`,
      );
    }
    const unlisted = originNotListed(evidence, blamed);
    if (unlisted !== null) return unlisted;
    if (status >= 500) {
      return judged(
        "failure-without-cors",
        `The request fails with ${status}. Nothing else that was asked could show whether a success has CORS headers; this failure has none.`,
      );
    }
    return judged(
      "no-cors",
      `The request is answered ${status}, and nothing that was asked has a CORS header.`,
    );
  }
  if (isAllowed) {
    return judged(
      "preflight-only",
      `The preflight allows ${question.origin}, and the answer to the request itself (${status}) has no CORS headers.`,
    );
  }
  const unlisted = originNotListed(evidence, blamed);
  if (unlisted !== null) return unlisted;
  if (evidence.probed.preflight !== null && lets(evidence.probed.preflight, question.origin)) {
    return judged(
      "preflight-only",
      `OPTIONS is answered with CORS headers, the request itself (${status}) without them.`,
    );
  }
  return judged("no-cors", `The server answers ${status}, and nothing that was asked has a CORS header.`);
}

/** Whether others are allowed where this page is not. */
function originNotListed(evidence: Evidence, blamed: Answered): Judged | null {
  const { origin } = evidence.question;
  const { near } = evidence.probed;
  const own = ownAnswers(evidence);
  if (own.some((answer) => lets(answer, origin))) return null;
  const neighbour = near.find((answer) =>
    allowedOrigins(answer).some((value) => value !== "*" && value !== origin),
  );
  if (neighbour !== undefined) {
    return judged(
      "origin-not-listed",
      `The server allows ${allowedOrigins(neighbour)[0]}, and not ${origin}: to a browser these are two different pages.`,
    );
  }
  const named = own.find((answer) => speaksCors(answer));
  if (named !== undefined) {
    return judged(
      "origin-not-listed",
      `The server allows ${allowedOrigins(named).join(", ")}, and not ${origin}.`,
    );
  }
  const looking = [blamed, ...own].find(looksAtOrigin);
  const says = own.find(({ outcome }) => valueOf(outcome.headers, "access-control-allow-methods") !== null);
  if (looking === undefined && says === undefined) return null;
  return judged(
    "origin-not-listed",
    looking === undefined
      ? `The server answers with other CORS headers and leaves out the one that would name ${origin}.`
      : `The server looks at the page's origin (its answer ${looking.outcome.status >= 400 && !/origin/i.test(valueOf(looking.outcome.headers, "vary") ?? "") ? "says so" : "has Vary: Origin"}) and does not allow ${origin}.`,
  );
}

function preflightStatus(evidence: Evidence, blamed: Answered): Judged {
  const { status } = blamed.outcome;
  if (status < 500 && status !== 401) {
    const missing = missingFromLists(evidence, blamed);
    if (missing !== null) return missing;
  }
  if (status >= 500 && evidence.probed.plain?.outcome.status === status) {
    return judged(
      "failure-without-cors",
      `The server fails: the preflight is answered ${status}, and so is a plain GET. The headers are there; but no preflight passes that fails, and the browser hides the failure.`,
    );
  }
  return judged(
    "preflight-not-handled",
    `The preflight has its CORS headers, but is answered ${status}, which browsers take for a refusal: it must be a success (204).`,
  );
}
