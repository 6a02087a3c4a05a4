import { refusedHeaders } from "./console-message.ts";
import { type Answered, allowedOrigins, type Evidence } from "./evidence.ts";
import { listOf, valueOf, valuesOf } from "./header-values.ts";
import { headerOf, type Judged, judged } from "./judged.ts";

/** An origin that is named, and is not the page's. */
export function mismatch({ question: { origin }, prediction }: Evidence, blamed: Answered): Judged {
  const value = headerOf(blamed, "access-control-allow-origin");
  const sent = prediction.requests.at(-1)?.origin ?? prediction.preflights.at(-1)?.origin ?? origin;
  if (prediction.at > 0 && sent === "null" && origin !== "null") {
    return judged(
      "redirect",
      `After a redirect from one foreign origin to another, browsers send Origin: null instead of ${origin}; the server allows “${value}”.`,
    );
  }
  const isAlmost =
    (URL.canParse(value) && value !== "null" && new URL(value).origin === origin) || value.includes("*");
  if (isAlmost) {
    return judged(
      "malformed-header",
      `“${value}” is not the page's origin byte for byte, which is ${origin}: no slash or path at its end, no default port, no pattern, lower case.`,
    );
  }
  return judged("origin-not-listed", `The server allows ${value}, and the page is ${origin}.`);
}

/** More than one value where there must be one. */
export function multiple(blamed: Answered): Judged {
  const lines = allowedOrigins(blamed);
  const values = lines.flatMap((line) => line.split(",")).map((value) => value.trim());
  if (lines.length > 1) {
    return judged(
      "added-twice",
      `The answer has ${lines.length} lines of Access-Control-Allow-Origin: two layers each add one, and browsers take exactly one.`,
    );
  }
  if (values.length > 1 && (new Set(values).size < values.length || values.includes("*"))) {
    return judged(
      "added-twice",
      "Two layers each add Access-Control-Allow-Origin, and one of them has joined the two; browsers take exactly one value.",
    );
  }
  return judged(
    "malformed-header",
    "Access-Control-Allow-Origin has a list of origins. It takes one: the server must choose the one that asks.",
  );
}

/** Credentials that are sent, and not allowed. */
export function credentials(blamed: Answered): Judged {
  const lines = valuesOf(blamed.outcome.headers, "access-control-allow-credentials");
  const [value] = lines;
  if (value === undefined || value.toLowerCase() === "false") {
    return judged(
      "credentials-not-allowed",
      "The page sends credentials, and the answer has no Access-Control-Allow-Credentials: true.",
    );
  }
  if (lines.length > 1 || /^true, *true$/i.test(value)) {
    return judged("added-twice", "Two layers each add Access-Control-Allow-Credentials.");
  }
  return judged(
    "malformed-header",
    `Access-Control-Allow-Credentials must be “true”, in lower case; it is “${value}”.`,
  );
}

/** A method or a header that the preflight's answer does not list. */
export function notListed(evidence: Evidence, blamed: Answered): Judged {
  return (
    missingFromLists(evidence, blamed) ??
    judged("header-not-listed", "The preflight's answer does not list what the page asks for.")
  );
}

/** What the preflight asked for and its answer does not list; null: it lists all. */
export function missingFromLists({ prediction, question }: Evidence, blamed: Answered): Judged | null {
  const { headers, status, body } = blamed.outcome;
  const sent = prediction.preflights.at(-1);
  const isWildcard = (list: readonly string[]) =>
    list.includes("*") && question.request.credentials === "include";
  const methods = listOf(headers, "access-control-allow-methods");
  const method = sent?.requestMethod ?? "";
  const isSafelisted = /^(?:GET|HEAD|POST)$/.test(method);
  const exact = (valueOf(headers, "access-control-allow-methods") ?? "")
    .split(",")
    .map((name) => name.trim());
  const isMethodListed =
    isSafelisted || exact.includes(method) || (methods.includes("*") && !isWildcard(methods));
  const refused = refusedHeaders({ prediction, request: question.request, headers });
  // Starlette refuses with 400, and says in its body what.
  const isBlamed = (what: RegExp) => status < 300 || what.test(body) || body === "";
  if (!isMethodListed && isBlamed(/method/i)) {
    if (isWildcard(methods)) return wildcard("Access-Control-Allow-Methods", method);
    return judged(
      "method-not-listed",
      exact[0] === ""
        ? `The preflight's answer has no Access-Control-Allow-Methods, and ${method} must be listed there.`
        : `The preflight allows ${exact.join(", ")}, and the page wants to use ${method}${methods.includes(method.toLowerCase()) ? ": methods are compared byte for byte, and only a few are put into upper case" : ""}.`,
    );
  }
  if (refused.length === 0 || !isBlamed(/header/i)) return null;
  const listed = listOf(headers, "access-control-allow-headers");
  const names = refused.join(", ");
  if (isWildcard(listed)) return wildcard("Access-Control-Allow-Headers", names);
  return judged(
    "header-not-listed",
    listed.length === 0
      ? `The preflight's answer has no Access-Control-Allow-Headers, and the page sends ${names}.`
      : `The preflight allows ${listed.join(", ")}, and the page sends ${names}.`,
  );
}

const wildcard = (header: string, names: string): Judged =>
  judged(
    "wildcard-with-credentials",
    `With credentials, * in ${header} is no wildcard but a name like others: ${names} must be listed.`,
  );
