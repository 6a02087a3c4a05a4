import type { Finding, RootCause } from "./diagnosis.ts";
import { type Answered, allowedOrigins, type Evidence, isAnswered, lets } from "./evidence.ts";
import { listOf, valueOf } from "./header-values.ts";
import { STRANGER } from "./probe.ts";
import { departuresOf } from "./sentences.ts";

/** What pages read besides the body, and get only if it is exposed. */
const WANTED = [
  "retry-after",
  "x-request-id",
  "www-authenticate",
  "location",
  "link",
  "etag",
  "x-total-count",
  "content-disposition",
  "x-ratelimit-remaining",
  "ratelimit",
];
const CHROMIUM_MAX_AGE_SECONDS = 7200;

/** What else should be known; only what is certain. Worst first. */
export function findingsOf(
  evidence: Evidence,
  cause: RootCause,
  byStandardVerdict: string | null,
): readonly Finding[] {
  const found: readonly (Finding | null)[] = [
    departs(evidence, byStandardVerdict),
    reflects(evidence),
    nobodyAllowed(evidence),
    varyMissing(evidence),
    insecureOrigin(evidence),
    notExposed(evidence, cause),
    preflightNotKept(evidence, cause),
    maxAge(evidence),
    localTarget(evidence),
  ];
  const order = { error: 0, warning: 1, note: 2 };
  return found
    .filter((finding) => finding !== null)
    .sort((one, other) => order[one.severity] - order[other.severity]);
}

const indexOf = ({ exchanges }: Evidence, exchange: Answered): number | null => {
  const at = exchanges.indexOf(exchange);
  return at === -1 ? null : at;
};

function departs(evidence: Evidence, verdict: string | null): Finding | null {
  if (verdict === null) return null;
  const works = evidence.prediction.verdict === "ok";
  return {
    severity: "warning",
    code: "departs-from-standard",
    message: `${works ? "This works in Chromium, and violates the standard" : "Chromium and the standard disagree"}: ${departuresOf(evidence).join(" ") || "they read the answer differently."}`,
    help:
      verdict === "HeaderDisallowedByPreflightResponse"
        ? "List the headers by name: other browsers refuse this."
        : `By the standard it ends with ${verdict}.`,
    exchange: null,
  };
}

const allowsCredentials = ({ outcome }: Answered): boolean =>
  valueOf(outcome.headers, "access-control-allow-credentials") === "true";

function reflects(evidence: Evidence): Finding | null {
  const { stranger } = evidence.probed;
  if (stranger === null || allowedOrigins(stranger)[0] !== STRANGER) return null;
  const isHole = allowsCredentials(stranger);
  return {
    severity: isHole ? "error" : "note",
    code: "reflects-any-origin",
    message: isHole
      ? `Any page on the web reads what this server tells your users: it allows ${STRANGER}, which nobody can have listed, together with credentials.`
      : `The server allows any origin by repeating it: it allows ${STRANGER}, which nobody can have listed.`,
    help: isHole
      ? "Compare Origin with a list, and answer with it only if it is on it."
      : "If everybody may read it, say so by *.",
    exchange: indexOf(evidence, stranger),
  };
}

function nobodyAllowed(evidence: Evidence): Finding | null {
  const { nobody } = evidence.probed;
  if (nobody === null || allowedOrigins(nobody)[0] !== "null") return null;
  return {
    severity: allowsCredentials(nobody) ? "error" : "warning",
    code: "null-allowed",
    message: "The origin null is allowed, and every page can have it: a sandboxed frame is enough.",
    help: "Take null off the list.",
    exchange: indexOf(evidence, nobody),
  };
}

/** Whether what is allowed depends on who asks, and a cache is not told. */
function varyMissing(evidence: Evidence): Finding | null {
  const { asked, probed, question } = evidence;
  const { stranger } = probed;
  if (stranger === null || stranger.method === "OPTIONS") {
    // A cache keeps no answer to OPTIONS: only what the request itself gets counts.
    return varyOfRequest(evidence);
  }
  const answer = asked.find((exchange) => exchange.purpose === "request");
  if (!isAnswered(answer) || !lets(answer, question.origin)) return null;
  const isSame = allowedOrigins(stranger).join() === allowedOrigins(answer).join();
  return isSame || variesByOrigin(answer) ? null : vary(evidence, answer);
}

function varyOfRequest(evidence: Evidence): Finding | null {
  const { stranger } = evidence.probed;
  const answer = evidence.asked.find((exchange) => exchange.purpose === "request");
  if (stranger === null || !isAnswered(answer) || answer.method !== "GET") return null;
  const preflight = evidence.asked.find((exchange) => exchange.purpose === "preflight");
  if (!isAnswered(preflight)) return null;
  const isSame = allowedOrigins(stranger).join() === allowedOrigins(preflight).join();
  return isSame || variesByOrigin(answer) || allowedOrigins(answer)[0] === "*"
    ? null
    : vary(evidence, answer);
}

const variesByOrigin = ({ outcome }: Answered): boolean =>
  listOf(outcome.headers, "vary").some((name) => name === "origin" || name === "*");

const vary = (evidence: Evidence, answer: Answered): Finding => ({
  severity: "warning",
  code: "vary-missing",
  message:
    "What is allowed depends on who asks, and the answer has no Vary: Origin: a cache may give one page's answer to another.",
  help: "Send Vary: Origin with every answer, also with those to requests without an Origin.",
  exchange: indexOf(evidence, answer),
});

function insecureOrigin({ question: { origin, request } }: Evidence): Finding | null {
  if (!/^http:\/\/(?!localhost(?::|$)|127\.|\[::1\])/.test(origin) || request.credentials !== "include")
    return null;
  return {
    severity: "warning",
    code: "insecure-origin",
    message: `${origin} is loaded over plain http: whoever is on the way can change the page, and read with its credentials.`,
    help: "Serve the page over https, and allow that origin alone.",
    exchange: null,
  };
}

function notExposed(evidence: Evidence, cause: RootCause): Finding | null {
  const { prediction, asked, question } = evidence;
  const answer = asked.findLast(({ purpose }) => purpose === "request");
  if (cause !== "none" || prediction.readable === null || !isAnswered(answer)) return null;
  if (new URL(answer.url).origin === question.origin) return null;
  const readable = new Set(prediction.readable.headers.map(([name]) => name));
  const hidden = WANTED.filter(
    (name) => valueOf(answer.outcome.headers, name) !== null && !readable.has(name),
  );
  if (hidden.length === 0) return null;
  return {
    severity: "note",
    code: "not-exposed",
    message: `The page cannot read ${hidden.join(", ")} of the answer.`,
    help: `If it needs to: Access-Control-Expose-Headers: ${hidden.join(", ")}`,
    exchange: indexOf(evidence, answer),
  };
}

function preflightNotKept(evidence: Evidence, cause: RootCause): Finding | null {
  const answer = evidence.asked.find(({ purpose }) => purpose === "preflight");
  if (cause !== "none" || !isAnswered(answer)) return null;
  const age = valueOf(answer.outcome.headers, "access-control-max-age");
  if (age !== null && /^\d+$/.test(age) && Number(age) > 0) return null;
  return {
    severity: "note",
    code: "preflight-not-cached",
    message:
      age === null
        ? "Browsers keep the preflight's answer for five seconds: nearly every request costs two."
        : `Access-Control-Max-Age: ${age} keeps browsers from remembering the preflight: every request costs two.`,
    help: "Access-Control-Max-Age: 600",
    exchange: indexOf(evidence, answer),
  };
}

function maxAge(evidence: Evidence): Finding | null {
  const answer = evidence.asked.find(({ purpose }) => purpose === "preflight");
  if (!isAnswered(answer)) return null;
  const age = Number(valueOf(answer.outcome.headers, "access-control-max-age") ?? 0);
  if (!(age > CHROMIUM_MAX_AGE_SECONDS)) return null;
  return {
    severity: "note",
    code: "max-age",
    message: `Access-Control-Max-Age is ${age} seconds: Chromium keeps a preflight's answer for 7200 at most, WebKit for 600.`,
    help: "",
    exchange: indexOf(evidence, answer),
  };
}

const isLocalName = (hostname: string): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|169\.254(?:\.\d+){2}|\[::1\]|\[f[cd].*|\[fe[89ab].*)$/.test(
    hostname,
  );

function localTarget({ question: { origin, request } }: Evidence): Finding | null {
  if (origin === "null" || !URL.canParse(request.url)) return null;
  const [page, target] = [new URL(origin).hostname, new URL(request.url).hostname];
  if (!isLocalName(target) || isLocalName(page) || !page.includes(".")) return null;
  return {
    severity: "warning",
    code: "local-network",
    message: `${target} is an address of the local network: Chromium asks the user before a page of ${origin} may reach it, whatever the server says; that is not part of the verdict.`,
    help: origin.startsWith("https:")
      ? "Allow it when Chromium asks, or use a public address."
      : "Serve the page over https, as Chromium asks on secure pages alone, or use a public address.",
    exchange: null,
  };
}
