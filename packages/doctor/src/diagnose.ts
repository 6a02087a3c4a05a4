import type { Prediction } from "@waybill/policy/browser";
import { causeOf } from "./causes.ts";
import { consoleMessage } from "./console-message.ts";
import type { Diagnosis, RootCause } from "./diagnosis.ts";
import { type Evidence, failureOf, isAnswered } from "./evidence.ts";
import { findingsOf } from "./findings.ts";
import { fixesFor } from "./fixes.ts";
import { valueOf } from "./header-values.ts";
import { layerOf } from "./layers.ts";
import { needOf } from "./need.ts";
import { type Observation, observe } from "./observe.ts";
import { probe } from "./probe.ts";
import type { AskOptions, Question } from "./question.ts";
import { recognise } from "./recognise.ts";
import { withoutSecrets } from "./secrets.ts";
import { summaryOf } from "./sentences.ts";

/**
 * What a page's browser will say to a request, why, and what to change.
 *
 * Asks the server as the page would, see {@link observe}: the request itself is sent once, even if it
 * changes something, unless `dryRun` is set. Then up to six more questions, GET and OPTIONS alone, and
 * one on each of `via`. Values of secret headers are in nothing that it returns.
 *
 * @throws QuestionError; the reason of `options.signal`
 */
export async function diagnose(question: Question, options: AskOptions = {}): Promise<Diagnosis> {
  const observation = await observe(question, options);
  const { probed, exchanges } = await probe(question, observation, options);
  const { prediction, byStandard } = observation;
  const asked = observation.exchanges.filter(({ purpose }) => purpose !== "probe");
  const evidence: Evidence = {
    question,
    prediction,
    blamed: asked.at(-1) ?? null,
    asked,
    probed,
    exchanges: [...observation.exchanges, ...exchanges],
  };
  return withoutSecrets(judge(evidence, byStandard, observation.withheld));
}

function judge(
  evidence: Evidence,
  byStandard: Prediction | null,
  withheld: Observation["withheld"],
): Diagnosis {
  const { question, prediction, blamed, exchanges } = evidence;
  const { origin, request } = question;
  const servers = recognise(evidence);
  const isWithheld = withheld !== null;
  const { cause, explanation } = isWithheld
    ? { cause: "none" as const, explanation: "Nothing that was asked is against it." }
    : causeOf(evidence);
  const layer = layerOf(cause, evidence, servers);
  return {
    question,
    outcome: outcomeOf(evidence, isWithheld),
    prediction,
    byStandard,
    summary: summaryOf(evidence, isWithheld),
    consoleMessage: isWithheld
      ? null
      : consoleMessage({
          origin,
          request,
          prediction,
          url: urlOf(evidence),
          headers: isAnswered(blamed) ? blamed.outcome.headers : null,
          failed: failureOf(blamed),
        }),
    cause,
    explanation,
    layer,
    hidden: hiddenOf(evidence, cause),
    servers,
    findings: findingsOf(evidence, cause, byStandard?.verdict ?? null),
    fixes: fixesFor(needOf(evidence, cause, servers), layer, evidence),
    exchanges,
  };
}

/** Whether it is this machine alone that cannot ask. */
const ONLY_HERE = new Set(["name-not-found", "unreachable", "address-refused"]);

function outcomeOf({ prediction: { verdict }, blamed }: Evidence, isWithheld: boolean): Diagnosis["outcome"] {
  if (isWithheld) return "unknown";
  if (verdict === "ok" || verdict === "opaque" || verdict === "opaque-redirect") return "fine";
  if (verdict !== "ConnectionFailed") return "broken";
  const fault = failureOf(blamed)?.fault;
  return fault === undefined || ONLY_HERE.has(fault) ? "unknown" : "broken";
}

/** The URL of the hop at which the verdict fell. */
function urlOf({ prediction: { at, requests, preflights }, question, blamed }: Evidence): string {
  const reached = [...requests, ...preflights].find(({ hop }) => hop === at);
  if (reached !== undefined) return reached.url;
  const location = isAnswered(blamed) ? valueOf(blamed.outcome.headers, "location") : null;
  const base = blamed?.url ?? question.request.url;
  const target = at > 0 && location !== null ? location : base;
  return URL.canParse(target, base) ? new URL(target, base).href : target;
}

/** A failure that the page would read if CORS let it. */
function hiddenOf({ prediction, blamed, exchanges }: Evidence, cause: RootCause): Diagnosis["hidden"] {
  if (cause === "none" || prediction.readable !== null || !isAnswered(blamed)) return null;
  const { status, body } = blamed.outcome;
  return status >= 400 ? { status, body, exchange: exchanges.indexOf(blamed) } : null;
}
