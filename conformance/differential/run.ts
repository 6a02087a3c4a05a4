import { chromium, type DepartureName, type Prediction, predict, standard } from "@waybill/policy/browser";
import { type Case, placeOrigins } from "./case.ts";
import { ChromiumPage, type DevToolsFailure, launchChromium } from "./chromium.ts";
import { type Comparable, ofBrowser, ofPrediction } from "./compare.ts";
import { conclude } from "./conclude.ts";
import { generateCase } from "./generate.ts";
import type { PageOutcome } from "./page-script.ts";
import { ScriptedServers } from "./scripted-servers.ts";

/** A case on which the model and the browser differ. */
export interface Mismatch {
  readonly case: Case;
  readonly model: Comparable;
  /** The rules by which the model left the standard. */
  readonly departures: readonly DepartureName[];
  readonly browser: Comparable;
  readonly devTools: DevToolsFailure | null;
  readonly outcome: PageOutcome;
}

/** What a run has shown. */
export interface Report {
  readonly cases: number;
  readonly mismatches: readonly Mismatch[];
  /** How often Chromium gave each verdict. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** How often each departure of the profile took effect. */
  readonly departures: ReadonlyMap<string, number>;
  /** Cases in which the standard asks for something else than Chromium does. */
  readonly againstStandard: number;
}

const BATCH = 120;

/** Carries out the cases of a seed, in a Chromium that it starts and ends. */
export async function runDifferential(options: {
  readonly cases: number;
  readonly seed: number;
}): Promise<Report> {
  await using servers = await ScriptedServers.start();
  await using browser = await launchChromium();
  const pages = {
    page: await ChromiumPage.open(browser, `${servers.origins.page}/`),
    sandbox: await ChromiumPage.open(browser, `${servers.origins.page}/sandbox`),
  };
  const mismatches: Mismatch[] = [];
  const verdicts = new Map<string, number>();
  const departures = new Map<string, number>();
  let againstStandard = 0;

  const settle = (given: Case, page: ChromiumPage, outcome: PageOutcome) => {
    const { exchange } = given;
    const prediction = predict({ ...exchange, profile: chromium });
    const byStandard = predict({ ...exchange, profile: standard });
    const model = ofPrediction(exchange, prediction);
    const devTools = page.failureOf(given.id);
    const seen = servers.take(given.id);
    const verdict = conclude(exchange, { outcome, failure: devTools, lastHop: seen.at(-1)?.hop ?? -1 });
    const actual = ofBrowser(exchange, verdict, {
      seen,
      outcome,
      isOverNetwork: endsOverNetwork(prediction),
    });
    count(verdicts, actual.verdict);
    for (const name of prediction.departures) count(departures, name);
    if (!isSame(model, ofPrediction(exchange, byStandard))) againstStandard += 1;
    if (!isSame(model, actual)) {
      mismatches.push({
        case: given,
        model,
        departures: prediction.departures,
        browser: actual,
        devTools,
        outcome,
      });
    }
  };

  for (let from = 0; from < options.cases; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, options.cases - from) }, (_, at) =>
      placeOrigins(generateCase(options.seed, from + at), servers.origins),
    );
    for (const { id, exchange } of batch) servers.script(id, exchange.hops);
    const ofPage = (name: "page" | "sandbox") => async () => {
      const own = batch.filter(({ exchange }) => (exchange.page.origin === "null") === (name === "sandbox"));
      const outcomes = await pages[name].run(own.map(({ exchange }) => exchange.request));
      for (const [at, given] of own.entries()) {
        const outcome = outcomes[at];
        if (outcome !== undefined) settle(given, pages[name], outcome);
      }
    };
    await Promise.all([ofPage("page")(), ofPage("sandbox")()]);
  }
  return { cases: options.cases, mismatches, verdicts, departures, againstStandard };
}

const isSame = (one: Comparable, other: Comparable): boolean => JSON.stringify(one) === JSON.stringify(other);

const endsOverNetwork = ({ verdict, readable }: Prediction): boolean => verdict !== "ok" || readable !== null;

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
