import {
  type Answer,
  type BrowserProfile,
  chromium,
  type Hop,
  type Prediction,
  predict,
  type SentPreflight,
  type SentRequest,
  standard,
} from "@waybill/policy/browser";
import { preflightLines, requestLines } from "./browser-lines.ts";
import { checkQuestion } from "./check-question.ts";
import type { Exchange, Received } from "./exchange.ts";
import type { AskOptions, Question } from "./question.ts";
import { isSafe, send } from "./send.ts";

/** What a browser concludes, and what it concludes it from. */
export interface Observation {
  /** Chromium's. */
  readonly prediction: Prediction;
  /** The standard's; null: the same, or not to be told without requests that Chromium does not send. */
  readonly byStandard: Prediction | null;
  /** In order, preflights and requests of the browser's; probes only where the standard asks for more. */
  readonly exchanges: readonly Exchange[];
  /** What `dryRun` kept back: how it ends is not known, and `ConnectionFailed` stands for that. Null: nothing. */
  readonly withheld: SentRequest | null;
}

/**
 * Asks as the page's browser would, step by step: each answer decides what is sent next, and redirects
 * are followed as far as browsers follow them.
 *
 * A request that changes things is really sent, once, with its body, because the page would send it; a
 * redirect that repeats it repeats it here. With `dryRun`, what changes things is not sent, and
 * the observation ends there.
 *
 * Cookies are sent never. A server whose certificate browsers refuse counts as one that did not answer.
 *
 * @throws QuestionError; the reason of `options.signal`
 */
export async function observe(question: Question, options: AskOptions = {}): Promise<Observation> {
  checkQuestion(question, options);
  return new Observing(question, options).run();
}

type Wish = SentPreflight | SentRequest;
const isPreflight = (wish: Wish): wish is SentPreflight => "requestMethod" in wish;

class Observing {
  readonly #question: Question;
  readonly #options: AskOptions;
  readonly #exchanges: Exchange[] = [];
  readonly #hops: Hop[] = [];
  #profile: BrowserProfile = chromium;

  constructor(question: Question, options: AskOptions) {
    this.#question = question;
    this.#options = options;
  }

  async run(): Promise<Observation> {
    for (;;) {
      const prediction = this.#predict(this.#profile);
      const wish = wishOf(prediction);
      const isWithheld = wish !== null && this.#isWithheld(wish);
      if (wish === null || isWithheld || !(await this.#ask(wish, prediction, ""))) {
        const withheld = wish !== null && isWithheld && !isPreflight(wish) ? wish : null;
        const byStandard = wish === null ? await this.#byStandard(prediction) : null;
        return { prediction, byStandard, exchanges: this.#exchanges, withheld };
      }
    }
  }

  #predict(profile: BrowserProfile): Prediction {
    const { origin, request } = this.#question;
    const page = { origin, secure: origin.startsWith("https:") };
    return predict({ page, request, hops: this.#hops, profile });
  }

  #isWithheld(wish: Wish): boolean {
    return this.#options.dryRun === true && !isPreflight(wish) && !isSafe(wish.method);
  }

  /** Sends what is wanted; whether a browser has its answer. */
  async #ask(wish: Wish, { requests }: Prediction, why: string): Promise<boolean> {
    const { origin, request, content } = this.#question;
    const { url, hop } = wish;
    const before = requests.filter((sent) => sent.hop < hop).map((sent) => sent.url);
    const { mode = "cors", headers = [] } = request;
    const sender = { origin, mode, headers, chain: [...before, url] };
    const body = !isPreflight(wish) && wish.hasBody ? (content ?? new Uint8Array()) : null;
    const exchange = await send(
      {
        purpose: why !== "" ? "probe" : isPreflight(wish) ? "preflight" : "request",
        why,
        via: null,
        method: isPreflight(wish) ? "OPTIONS" : wish.method,
        url,
        headers: isPreflight(wish) ? preflightLines(wish, sender) : requestLines(wish, sender, body),
        ...(body === null ? {} : { content: body }),
      },
      this.#options,
    );
    this.#exchanges.push(exchange);
    const { outcome } = exchange;
    if (outcome.kind === "failed" || outcome.certificate !== undefined) return false;
    const answer = answerOf(outcome);
    this.#hops[hop] = { ...this.#hops[hop], ...(isPreflight(wish) ? { preflight: answer } : { answer }) };
    if (outcome.httpVersion === "2" && isPreflight(wish)) this.#profile = overHttp2;
    return true;
  }

  async #byStandard(byEngine: Prediction): Promise<Prediction | null> {
    for (;;) {
      const prediction = this.#predict(standard);
      const wish = wishOf(prediction);
      if (wish === null) return differs(byEngine, prediction) ? prediction : null;
      const why = "what a browser that keeps to the standard asks first";
      if (!isPreflight(wish) || !(await this.#ask(wish, prediction, why))) return null;
    }
  }
}

/** What has to be known to say more; null: nothing. */
function wishOf({ verdict, at, preflights, requests }: Prediction): Wish | null {
  if (verdict !== "ConnectionFailed") return null;
  const request = requests.at(-1);
  return (request?.hop === at ? request : preflights.at(-1)) ?? null;
}

/** Chromium where the server has shown that it speaks HTTP/2: streams may be sent there. */
const overHttp2: BrowserProfile = {
  name: chromium.name,
  departures: new Set([...chromium.departures].filter((name) => name !== "stream-needs-http2")),
};

/** Whether the page notices. */
const differs = (one: Prediction, other: Prediction): boolean =>
  one.verdict !== other.verdict || JSON.stringify(one.readable) !== JSON.stringify(other.readable);

/** The answer as the model takes it. Browsers take a Location's bytes beyond ASCII as they are, escaped. */
function answerOf({ status, headers, body }: Received): Answer {
  return {
    status,
    headers: headers.map(([name, value]) => [
      name,
      name.toLowerCase() === "location" ? value.replace(/[\x80-\xff]/g, escape) : value,
    ]),
    body,
  };
}

const escape = (byte: string): string => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`;
