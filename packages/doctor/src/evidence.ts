import type { Prediction } from "@waybill/policy/browser";
import type { Exchange, Failed, Received } from "./exchange.ts";
import { valueOf, valuesOf } from "./header-values.ts";
import type { Question } from "./question.ts";

/** An exchange that was answered. */
export type Answered = Exchange & { readonly outcome: Received };

/** What else was asked, beside what the browser would; null: it was not asked, or nothing came back. */
export interface Probed {
  /** A GET of the same URL, by the same page. */
  readonly plain: Answered | null;
  /** A GET beside it of what does not exist. */
  readonly unknownPath: Answered | null;
  /** A GET of the top of the site, where nothing else has a CORS header. */
  readonly root: Answered | null;
  /** The preflight that a browser does not send, as the request needs none. */
  readonly preflight: Answered | null;
  /** OPTIONS without the lines that make a preflight of it. */
  readonly bareOptions: Answered | null;
  /** A preflight that was refused, without the headers it asks about. */
  readonly withoutHeaders: Answered | null;
  /** The same for GET, without headers. */
  readonly forGet: Answered | null;
  /** The same, asked by a page that nobody has heard of. */
  readonly stranger: Answered | null;
  /** The same, asked by a page without an origin. */
  readonly nobody: Answered | null;
  /** The same, asked by pages whose origins are like this one's, the API's own among them. */
  readonly near: readonly Answered[];
  /** The same on other ways. */
  readonly ways: readonly Answered[];
}

/** Everything that the doctor judges by. */
export interface Evidence {
  readonly question: Question;
  readonly prediction: Prediction;
  /** What the verdict is about; null: nothing was asked. */
  readonly blamed: Exchange | null;
  /** What the browser would send, in order. */
  readonly asked: readonly Exchange[];
  readonly probed: Probed;
  /** All of them. */
  readonly exchanges: readonly Exchange[];
}

/** Whether something came back. */
export const isAnswered = (exchange: Exchange | null | undefined): exchange is Answered =>
  exchange?.outcome.kind === "received";

/** Why nothing came back; null: something did. */
export const failureOf = (exchange: Exchange | null): Failed | null => {
  if (exchange === null) return null;
  return exchange.outcome.kind === "failed" ? exchange.outcome : (exchange.outcome.certificate ?? null);
};

/** The values of Access-Control-Allow-Origin, line by line; empty: there is none. */
export const allowedOrigins = ({ outcome }: Answered): readonly string[] =>
  valuesOf(outcome.headers, "access-control-allow-origin");

/** Whether an answer has the header, whatever it says. */
export const speaksCors = (exchange: Answered): boolean => allowedOrigins(exchange).length > 0;

/** Whether an answer lets an origin read it, without credentials. */
export function lets(exchange: Answered, origin: string): boolean {
  const allowed = valueOf(exchange.outcome.headers, "access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}

export const isSuccess = ({ outcome: { status } }: Answered): boolean => status >= 200 && status < 300;

export const isRedirect = ({ outcome: { status, headers } }: Answered): boolean =>
  status >= 300 && status < 400 && valueOf(headers, "location") !== null;

/** Whether an answer says by its Vary, or in words, that it has looked at who asks. */
export function looksAtOrigin({ outcome: { headers, body, status } }: Answered): boolean {
  const vary = (valueOf(headers, "vary") ?? "").toLowerCase().split(/\s*,\s*/);
  if (vary.includes("origin")) return true;
  // S3, of a bucket without any rule.
  if (/CORS is not enabled/.test(body)) return false;
  return (
    status >= 400 &&
    /\bCORS\b.*\borigin\b|\binvalid cors\b|origin_not_allowed|CORSResponse/i.test(body.slice(0, 2000))
  );
}

/** What the browser asked or would have asked and the doctor did instead, as far as it was answered. */
export const answersOf = (evidence: Evidence): readonly Answered[] => evidence.exchanges.filter(isAnswered);

/** Answers of the URL's own host and way, given to this page: probes by others left out. */
export function ownAnswers({ asked, probed, question }: Evidence): readonly Answered[] {
  const { plain, unknownPath, root, preflight, bareOptions } = probed;
  const host = URL.canParse(question.request.url) ? new URL(question.request.url).host : "";
  return [...asked, plain, unknownPath, root, preflight, bareOptions].filter(
    (exchange): exchange is Answered =>
      exchange !== null && isAnswered(exchange) && new URL(exchange.url).host === host,
  );
}
