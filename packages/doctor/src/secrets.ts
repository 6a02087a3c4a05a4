import type { HeaderLine } from "@waybill/policy";
import type { Diagnosis } from "./diagnosis.ts";
import type { Exchange } from "./exchange.ts";

/** Names whose values nobody but the server is to see. */
const SECRET =
  /(?:^|[-_])(?:authorization|cookie2?|api-?key|key|token|secret|session|signature|password|credentials?)(?:$|[-_])/i;
/** Headers of CORS are about credentials, and hold none. */
const isSecret = (name: string): boolean => SECRET.test(name) && !/^access-control-/i.test(name);
const HIDDEN = "…";
/** Shorter values would hide words of a report that have nothing to do with them. */
const SHORTEST = 6;

/** The value of a line as it may be shown: a scheme of Authorization and a cookie's name are kept. */
export function shownValue([name, value]: HeaderLine): string {
  if (!isSecret(name)) return value;
  if (/^(?:proxy-)?authorization$/i.test(name)) {
    const [scheme, ...rest] = value.trim().split(" ");
    return rest.length > 0 ? `${scheme} ${HIDDEN}` : HIDDEN;
  }
  return /^set-cookie2?$/i.test(name) ? `${value.split("=", 1)[0]}=${HIDDEN}` : HIDDEN;
}

/** The diagnosis without the secrets of its request and of its cookies, wherever they stand: an answer may repeat them. */
export function withoutSecrets(diagnosis: Diagnosis): Diagnosis {
  const { question } = diagnosis;
  const lines = [
    ...(question.request.headers ?? []),
    ...diagnosis.exchanges.flatMap(({ sent, outcome }) =>
      outcome.kind === "received" ? [...sent, ...outcome.headers] : sent,
    ),
  ];
  const secrets = new Set(
    lines
      .flatMap((line) => (isSecret(line[0]) ? secretsIn(line) : []))
      .filter(({ length }) => length >= SHORTEST),
  );
  const hide = (text: string): string => {
    let hidden = text;
    for (const secret of secrets) hidden = hidden.replaceAll(secret, HIDDEN);
    return hidden;
  };
  const hideLines = (given: readonly HeaderLine[]): readonly HeaderLine[] =>
    given.map((line) => [line[0], hide(shownValue(line))]);
  const hideExchange = (exchange: Exchange): Exchange => ({
    ...exchange,
    sent: hideLines(exchange.sent),
    outcome:
      exchange.outcome.kind === "received"
        ? {
            ...exchange.outcome,
            headers: hideLines(exchange.outcome.headers),
            body: hide(exchange.outcome.body),
          }
        : exchange.outcome,
  });
  return {
    ...diagnosis,
    question: {
      ...question,
      request: {
        ...question.request,
        ...(question.request.headers === undefined ? {} : { headers: hideLines(question.request.headers) }),
      },
    },
    prediction: hidePrediction(diagnosis.prediction, hideLines, hide),
    byStandard: diagnosis.byStandard === null ? null : hidePrediction(diagnosis.byStandard, hideLines, hide),
    hidden: diagnosis.hidden === null ? null : { ...diagnosis.hidden, body: hide(diagnosis.hidden.body) },
    exchanges: diagnosis.exchanges.map(hideExchange),
  };
}

function hidePrediction(
  prediction: Diagnosis["prediction"],
  hideLines: (lines: readonly HeaderLine[]) => readonly HeaderLine[],
  hide: (text: string) => string,
): Diagnosis["prediction"] {
  const { requests, readable } = prediction;
  return {
    ...prediction,
    requests: requests.map((request) => ({ ...request, headers: hideLines(request.headers) })),
    readable:
      readable === null
        ? null
        : {
            ...readable,
            headers: hideLines(readable.headers),
            body: readable.body === null ? null : hide(readable.body),
          },
  };
}

function secretsIn([name, value]: HeaderLine): readonly string[] {
  const whole = value.trim();
  if (/authorization$/i.test(name)) return [whole, ...whole.split(" ").slice(1)];
  if (/cookie2?$/i.test(name)) {
    return whole
      .split(";")
      .map((pair) => pair.slice(pair.indexOf("=") + 1).trim())
      .slice(0, /^set/i.test(name) ? 1 : undefined);
  }
  return [whole];
}
