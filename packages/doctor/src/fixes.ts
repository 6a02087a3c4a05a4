import type { Fix, Layer } from "./diagnosis.ts";
import { type Evidence, failureOf, isAnswered } from "./evidence.ts";
import { RECIPES } from "./recipes/index.ts";
import type { Need } from "./recipes/recipe.ts";

/** The changes that mend it, best first; empty only where nothing has to change. */
export function fixesFor(need: Need, layer: Layer, evidence: Evidence): readonly Fix[] {
  if (need.cause === "none") return [];
  const servers = layer === "application" ? need.servers.toReversed() : need.servers;
  const recipes = servers.flatMap((server) =>
    RECIPES.filter(
      (recipe) =>
        recipe.server === server && recipe.causes.includes(need.cause) && (recipe.fits?.(need) ?? true),
    ),
  );
  return [
    ...recipes.map(({ server, where, language, text }) => ({ server, where, language, text: text(need) })),
    inWords(need, evidence),
  ];
}

function inWords(need: Need, evidence: Evidence): Fix {
  const text = wordsFor(need, evidence);
  const { verdict } = evidence.prediction;
  const isForPage =
    need.cause === "request-impossible" && verdict !== "BadPort" && verdict !== "ProxyAuthentication";
  const where = isForPage ? "in the page" : "on the server, or whatever stands in front of it";
  return { server: null, where, language: "text", text };
}

/** What a preflight's answer must say. */
function preflightLines(need: Need): string {
  const unsafe = need.methods.filter((method) => !/^(?:GET|HEAD|POST)$/.test(method));
  return [
    ...answerLines(need),
    ...(unsafe.length > 0 ? [`Access-Control-Allow-Methods: ${unsafe.join(", ")}`] : []),
    ...(need.headers.length > 0 ? [`Access-Control-Allow-Headers: ${need.headers.join(", ")}`] : []),
  ].join("\n");
}

function answerLines(need: Need): readonly string[] {
  return [
    `Access-Control-Allow-Origin: ${need.origin}`,
    ...(need.credentials ? ["Access-Control-Allow-Credentials: true"] : []),
    "Vary: Origin",
  ];
}

function wordsFor(need: Need, evidence: Evidence): string {
  const answer = answerLines(need).join("\n");
  const preflight = preflightLines(need);
  const needsPreflight = evidence.prediction.preflights.length > 0;
  const both = needsPreflight
    ? `Answer OPTIONS ${need.path} with 204 and\n${preflight}\nand every other answer, failures too, with\n${answer}`
    : `Send with every answer, failures too:\n${answer}`;
  const status = isAnswered(evidence.blamed) ? evidence.blamed.outcome.status : 0;
  switch (need.cause) {
    case "failure-without-cors":
      return `Mend the failure (${status}) first: CORS only hides it. Then let failures carry the headers, too:\n${answer}`;
    case "preflight-not-handled":
      return `Answer OPTIONS ${need.path} before logins, routes and limits, with 204 and\n${preflight}`;
    case "preflight-only":
      return `The answer to the request itself must carry what its preflight has:\n${answer}`;
    case "redirect":
      return redirectWords(need, evidence);
    case "origin-not-listed":
      return `Add ${need.origin} to the origins that the server allows, exactly so: scheme, host and port, without a slash at its end. The answer must then say:\n${answer}`;
    case "added-twice":
      return `Let one layer alone add CORS headers: take them out of the proxy or out of the application. One line must be left:\n${answer}`;
    case "wildcard-with-credentials":
      return `Name what is allowed instead of *:\n${preflight}\nor, if the page needs neither cookies nor a login of the browser's, leave credentials: "include" out of its fetch().`;
    case "credentials-not-allowed":
      return `Say in every answer, and in the preflight's:\n${answer}\nor, if the page needs no cookies, leave credentials: "include" out of its fetch().`;
    case "method-not-listed":
    case "header-not-listed":
      return `The preflight's answer must say:\n${preflight}`;
    case "malformed-header":
      return `Write exactly:\n${preflight}`;
    case "resource-policy":
      return "Send Cross-Origin-Resource-Policy: cross-origin with what pages of other origins may load.";
    case "no-answer":
      return "Find out in the server's log why it does not answer; a limit of time in the proxy, and an answer that carries CORS headers when it is reached, let the page see it.";
    case "certificate":
      return `Give ${new URL(evidence.question.request.url).hostname} a certificate that browsers trust: ${failureOf(evidence.blamed)?.message ?? ""}`;
    case "unreachable":
      return `Is the server running, and is ${URL.canParse(evidence.question.request.url) ? new URL(evidence.question.request.url).host : evidence.question.request.url} its address? ${failureOf(evidence.blamed)?.message ?? ""}`;
    case "request-impossible":
      return impossibleWords(evidence);
    default:
      return both;
  }
}

function redirectWords(need: Need, { prediction, blamed, question }: Evidence): string {
  const location = isAnswered(blamed)
    ? blamed.outcome.headers.find(([name]) => name.toLowerCase() === "location")?.[1]
    : undefined;
  const target =
    location !== undefined && URL.canParse(location, question.request.url)
      ? new URL(location, question.request.url).href
      : null;
  const direct =
    target === null || /@/.test(target)
      ? "Let the page ask the URL that answers at the end, without a redirect"
      : `Let the page ask ${target} at once`;
  return prediction.verdict === "PreflightDisallowedRedirect"
    ? `${direct}; or answer OPTIONS ${need.path} with 204 and\n${preflightLines(need)}`
    : `${direct}; or let every answer on the way, the redirects too, carry\n${answerLines(need).join("\n")}`;
}

function impossibleWords({ prediction: { verdict }, question: { request } }: Evidence): string {
  switch (verdict) {
    case "MixedContent":
      return `Ask ${request.url.replace(/^http:/i, "https:")}: the API needs https.`;
    case "BadPort":
      return "Serve the API at another port, 443 or one above 1024 that browsers do not keep for other services.";
    case "DisallowedByMode":
      return 'Leave mode: "same-origin" out of fetch().';
    case "BodyWithGetOrHead":
      return "Leave the body out, or use POST.";
    case "StreamNeedsHttp2":
      return "Send a Blob or a string instead of a stream, or serve the API over HTTP/2.";
    case "ProxyAuthentication":
      return "Answer 401 instead of 407.";
    case "UrlWithCredentials":
      return "Take user and password out of the URL, and send an Authorization header.";
    default:
      return "Change the request in the page: no server can make it possible.";
  }
}
