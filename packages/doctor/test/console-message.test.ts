import { chromium, type Exchange, type Prediction, predict } from "@waybill/policy/browser";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { type Case, hopOf, placeOrigins } from "../../../conformance/differential/case.ts";
import { ChromiumPage, launchChromium } from "../../../conformance/differential/chromium.ts";
import { generateCase } from "../../../conformance/differential/generate.ts";
import type { PageOutcome } from "../../../conformance/differential/page-script.ts";
import { ScriptedServers } from "../../../conformance/differential/scripted-servers.ts";
import { type Concluded, consoleMessage, refusedHeaders } from "../src/console-message.ts";

const CASES = 3_000;
const BATCH = 120;
const SEED = 11;

/** Names of `Network.CorsError` that Chromium never gives, or that need another address space than the loopback. */
const NEVER_SEEN = 6;
const CORS_ERRORS = 28;

/** What a page's console says of each case, in order. */
class ConsoleOfCases {
  readonly #page: Page;
  readonly #lines = new Map<number, string[]>();
  #marks = 0;
  #reached: () => void = () => {};

  constructor(page: Page) {
    this.#page = page;
    page.on("console", (message) => {
      const text = message.text();
      if (text === `mark ${this.#marks}`) return this.#reached();
      const place = hopOf(text) ?? hopOf(message.location().url);
      if (place !== null) this.#lines.set(place.id, [...(this.#lines.get(place.id) ?? []), text]);
    });
  }

  /** Resolves when everything that was written before has arrived. */
  async settled(): Promise<void> {
    this.#marks += 1;
    const reached = new Promise<void>((resolve) => {
      this.#reached = resolve;
    });
    await this.#page.evaluate((mark) => console.log(`mark ${mark}`), this.#marks);
    await reached;
  }

  linesOf(id: number): readonly string[] {
    return this.#lines.get(id) ?? [];
  }
}

function concludedOf({ page, request, hops }: Exchange, prediction: Prediction): Concluded {
  const { at, requests, preflights } = prediction;
  const sent = requests.find(({ hop }) => hop === at);
  const preflight = preflights.find(({ hop }) => hop === at);
  const isReached = sent !== undefined || preflight !== undefined;
  const answer = sent === undefined ? hops[at]?.preflight : hops[at]?.answer;
  const before = hops[at - 1]?.answer?.headers.find(([name]) => name.toLowerCase() === "location")?.[1];
  const base = requests.at(-1)?.url ?? request.url;
  const target =
    before !== undefined && URL.canParse(before, base) ? new URL(before, base).href : request.url;
  return {
    origin: page.origin,
    request,
    prediction,
    url: sent?.url ?? preflight?.url ?? target,
    headers: (isReached ? answer : undefined)?.headers ?? null,
    failed:
      isReached && answer === undefined
        ? { kind: "failed", fault: "reset", message: "socket hang up" }
        : null,
  };
}

function saidBy(outcome: PageOutcome, lines: readonly string[], isFetch: boolean): string | null {
  if (outcome.kind === "answered") return null;
  if (outcome.kind === "thrown") return isFetch ? outcome.message : null;
  return lines[0] ?? null;
}

/** Of several headers that are refused, Chromium names any. */
const anyHeader = (message: string | null): string | null =>
  message?.replace(/(?<=Request header field )\S+/, "…") ?? null;

/** A request is made by its constructor here, and by `fetch` where people meet the message. */
const wordsOnly = (message: string | null): string | null =>
  message?.replace(/^(?:TypeError: )?Failed to (?:execute 'fetch' on 'Window'|construct 'Request'): /, "") ??
  null;

async function consoleOf(browser: Browser, url: string) {
  const before = new Set(browser.contexts());
  const page = await ChromiumPage.open(browser, url);
  const opened = browser
    .contexts()
    .find((context) => !before.has(context))
    ?.pages()[0];
  if (opened === undefined) throw new Error("no page");
  return { page, console: new ConsoleOfCases(opened) };
}

test("the message is the one of Chromium's console, word for word, for every failure that can be provoked", async () => {
  await using servers = await ScriptedServers.start();
  await using browser = await launchChromium();
  const pages = {
    page: await consoleOf(browser, `${servers.origins.page}/`),
    sandbox: await consoleOf(browser, `${servers.origins.page}/sandbox`),
  };
  const different: unknown[] = [];
  const compared = new Map<string, number>();
  for (let from = 0; from < CASES; from += BATCH) {
    const batch: readonly Case[] = Array.from({ length: BATCH }, (_, at) =>
      placeOrigins(generateCase(SEED, from + at), servers.origins),
    );
    for (const { id, exchange } of batch) servers.script(id, exchange.hops);
    for (const name of ["page", "sandbox"] as const) {
      const own = batch.filter(({ exchange }) => (exchange.page.origin === "null") === (name === "sandbox"));
      const outcomes = await pages[name].page.run(own.map(({ exchange }) => exchange.request));
      await pages[name].console.settled();
      for (const [at, { id, exchange }] of own.entries()) {
        const outcome = outcomes[at];
        const prediction = predict({ ...exchange, profile: chromium });
        const { corsError } = pages[name].page.failureOf(id) ?? {};
        servers.take(id);
        if (outcome === undefined) continue;
        const isFetch = exchange.request.uploadListeners !== true;
        const concluded = concludedOf(exchange, prediction);
        // The console names a case by its URL, and a port that is refused has none.
        if (outcome.kind === "rejected" && hopOf(concluded.url) === null) continue;
        const readAs = refusedHeaders(concluded).length > 1 ? anyHeader : (message: string | null) => message;
        const actual = readAs(wordsOnly(saidBy(outcome, pages[name].console.linesOf(id), isFetch)));
        const expected = readAs(wordsOnly(consoleMessage(concluded)));
        if (actual !== null) compared.set(corsError ?? "", (compared.get(corsError ?? "") ?? 0) + 1);
        if (actual !== expected)
          different.push([JSON.stringify({ v: prediction.verdict, expected, actual, h: exchange.request })]);
      }
    }
  }
  expect(different).toEqual([]);
  compared.delete("");
  expect(compared.size).toBe(CORS_ERRORS - NEVER_SEEN);
}, 120_000);
