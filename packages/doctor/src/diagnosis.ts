import type { Prediction } from "@waybill/policy/browser";
import type { Exchange } from "./exchange.ts";
import type { Question } from "./question.ts";
import type { ServerName } from "./recipes/recipe.ts";

/** What is wrong, whatever the browser calls it: a verdict has many causes, a cause has several verdicts. */
export type RootCause =
  /** The page reads the answer. */
  | "none"
  /** Page, URL or request can never work: mixed content, a bad port, a forbidden method… */
  | "request-impossible"
  /** No connection: name, port, network. */
  | "unreachable"
  | "certificate"
  /** No answer in time, to the request or to its preflight. */
  | "no-answer"
  /** Nothing that this server answers has a CORS header. */
  | "no-cors"
  /** Successes have CORS headers, failures lack them: the browser hides the failure. */
  | "failure-without-cors"
  /** OPTIONS is treated as an ordinary request: 404, 405, 401, 5xx, or the page itself. */
  | "preflight-not-handled"
  /** Preflights are answered, the request itself has no CORS headers. */
  | "preflight-only"
  /** A redirect where none may be, or one that loses the origin or its headers. */
  | "redirect"
  /** The server allows other origins, and not this one. */
  | "origin-not-listed"
  /** Two layers add the header: two lines, or one line with two values. */
  | "added-twice"
  /** `*` cannot stand beside credentials. */
  | "wildcard-with-credentials"
  | "credentials-not-allowed"
  | "method-not-listed"
  | "header-not-listed"
  /** A header that cannot be read: a list of origins, a trailing slash, `True`, a list with bad syntax. */
  | "malformed-header"
  /** Cross-Origin-Resource-Policy keeps the page from the answer. */
  | "resource-policy";

/** Who has to change something. */
export type Layer = "page" | "network" | "proxy" | "server" | "application" | "nobody" | "unknown";

/** Something that the person should know beside the verdict. */
export interface Finding {
  readonly severity: "error" | "warning" | "note";
  /** Stable, in kebab case: `vary-missing`, `not-exposed`, `departs-from-standard`… */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** What to do about it, one sentence; "" if nothing. */
  readonly help: string;
  /** Index into `Diagnosis.exchanges` of where it was seen; null: of none. */
  readonly exchange: number | null;
}

/** The change that mends it. */
export interface Fix {
  /** Of whom: null: in words, for whatever server it is. */
  readonly server: ServerName | null;
  /** Where the change goes, as a phrase: "in the `location` block that passes the API on". */
  readonly where: string;
  /** What the text is: "nginx", "js", "diff", "text"… */
  readonly language: string;
  readonly text: string;
}

/** What the doctor found. */
export interface Diagnosis {
  readonly question: Question;
  /** `fine`: the page reads the answer; `broken`: it does not; `unknown`: nobody could be asked. */
  readonly outcome: "fine" | "broken" | "unknown";
  /** What Chromium makes of it. */
  readonly prediction: Prediction;
  /** What Fetch says, where it says something else: "works today, violates the standard". */
  readonly byStandard: Prediction | null;
  /** The verdict in one sentence. */
  readonly summary: string;
  /** What Chromium's console will show; null where it shows nothing. */
  readonly consoleMessage: string | null;
  readonly cause: RootCause;
  /** Why the doctor says so, one sentence or two, from what it saw. */
  readonly explanation: string;
  readonly layer: Layer;
  /** The failure that the browser hides from the page; null if it hides none. */
  readonly hidden: { readonly status: number; readonly body: string; readonly exchange: number } | null;
  /** Servers recognised in the answers, outermost first. */
  readonly servers: readonly ServerName[];
  readonly findings: readonly Finding[];
  /** Best first; empty only where nothing has to change. */
  readonly fixes: readonly Fix[];
  /** Everything that was asked, in order. */
  readonly exchanges: readonly Exchange[];
}
