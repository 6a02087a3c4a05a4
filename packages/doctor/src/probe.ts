import type { HeaderLine } from "@waybill/policy";
import {
  type Answered,
  allowedOrigins,
  failureOf,
  isAnswered,
  lets,
  type Probed,
  speaksCors,
} from "./evidence.ts";
import type { Exchange } from "./exchange.ts";
import { valueOf } from "./header-values.ts";
import type { Observation } from "./observe.ts";
import type { AskOptions, Question } from "./question.ts";
import { send } from "./send.ts";

/** An origin that no server can know, as its domain cannot exist. Source: RFC 6761, 6.4. */
export const STRANGER = "https://waybill-doctor.invalid";
const UNKNOWN_PATH = "waybill-doctor-asks-for-what-does-not-exist";
const NEAR = 3;
const MOST = 6;

const NOTHING: Probed = {
  plain: null,
  unknownPath: null,
  root: null,
  preflight: null,
  bareOptions: null,
  withoutHeaders: null,
  forGet: null,
  stranger: null,
  nobody: null,
  near: [],
  ways: [],
};

/** What the extra questions have shown, and all of them in the order in which they were asked. */
export interface Probing {
  readonly probed: Probed;
  readonly exchanges: readonly Exchange[];
}

/**
 * Asks what the browser would not, to tell causes apart: GET and OPTIONS alone, each once, six at most and
 * one on each of `via`, none of them the page's own request if that changes something. Asks nothing of a server that cannot be reached.
 */
export function probe(question: Question, observation: Observation, options: AskOptions): Promise<Probing> {
  return new Prober(question, observation, options).run();
}

type Changes = {
  readonly method?: "GET" | "OPTIONS";
  readonly url?: string;
  readonly via?: string;
  readonly lines?: Readonly<Record<string, string | null>>;
};

/** Lines that belong to a body, or to one connection. */
const OF_THE_BODY = /^(?:content-.*|transfer-encoding|connection|host)$/i;
const OF_A_PREFLIGHT = /^access-control-request-/i;

class Prober {
  readonly #question: Question;
  readonly #observation: Observation;
  readonly #options: AskOptions;
  readonly #exchanges: Exchange[] = [];

  constructor(question: Question, observation: Observation, options: AskOptions) {
    this.#question = question;
    this.#observation = observation;
    this.#options = options;
  }

  async run(): Promise<Probing> {
    const last = this.#observation.exchanges.findLast(({ purpose }) => purpose !== "probe");
    if (last !== undefined && failureOf(last)?.fault === "reset") return this.#unanswered(last);
    if (!isAnswered(last) || last.outcome.certificate !== undefined)
      return { probed: NOTHING, exchanges: [] };
    const probed = (this.#question.request.mode ?? "cors") === "cors" ? await this.#cors(last) : NOTHING;
    const ways: Answered[] = [];
    for (const via of this.#question.via ?? []) {
      const exchange = await this.#ask(last, `the same by way of ${via}`, { ...safely(last), via });
      if (exchange !== null) ways.push(exchange);
    }
    return { probed: { ...probed, ways }, exchanges: this.#exchanges };
  }

  async #cors(last: Answered): Promise<Probed> {
    const { verdict } = this.#observation.prediction;
    const isFine = verdict === "ok";
    const isPreflight = last.purpose === "preflight";
    const isGet = !isPreflight && last.method === "GET";
    if (isFine) return { ...NOTHING, ...(await this.#others(last)) };

    const plain = isGet
      ? last
      : await this.#ask(last, "what a plain GET of it gets", { method: "GET", lines: this.#pageLines(last) });
    const unknownPath = await this.#unknownPath(last);
    const hasPreflight = this.#observation.exchanges.some(({ purpose }) => purpose === "preflight");
    const preflight = hasPreflight
      ? null
      : await this.#ask(last, "what a preflight would get", {
          method: "OPTIONS",
          lines: { "Access-Control-Request-Method": last.method },
        });
    const isMissing = verdict.endsWith("MissingAllowOriginHeader");
    const bareOptions =
      isPreflight && isMissing && last.outcome.status >= 300
        ? await this.#ask(last, "whether OPTIONS is an ordinary request here", {
            lines: { "Access-Control-Request-Method": null, "Access-Control-Request-Headers": null },
          })
        : null;
    const less = isPreflight && isMissing ? await this.#less(last) : {};
    const seen = [...this.#observation.exchanges, plain, unknownPath, preflight].filter(isAnswered);
    const isFailure = isMissing && !isPreflight && last.outcome.status >= 400;
    const root =
      isFailure && !seen.some(speaksCors)
        ? await this.#ask(last, "what the top of the site gets", {
            method: "GET",
            url: new URL("/", last.url).href,
            lines: this.#pageLines(last),
          })
        : null;
    if (root !== null) seen.push(root);
    const isUnheard = isMissing && !seen.some(speaksCors);
    const near = isUnheard ? await this.#near(last) : [];
    return { ...NOTHING, ...less, plain, unknownPath, root, preflight, bareOptions, near };
  }

  /** Whether it is what the preflight asks for that is refused: S3 and others say so by no header at all. */
  async #less(last: Answered): Promise<Partial<Probed>> {
    const { status } = last.outcome;
    if (status !== 400 && status !== 403) return {};
    const headers = { "Access-Control-Request-Headers": null };
    const isAbout = (name: string) => valueOf(last.sent, name);
    const withoutHeaders =
      isAbout("access-control-request-headers") === null
        ? last
        : await this.#ask(last, "whether it is the headers that are refused", { lines: headers });
    if (withoutHeaders === null || speaksCors(withoutHeaders)) return { withoutHeaders };
    if (isAbout("access-control-request-method") === "GET") return { withoutHeaders };
    const lines = { ...headers, "Access-Control-Request-Method": "GET" };
    return {
      withoutHeaders,
      forGet: await this.#ask(last, "whether it is the method that is refused", { lines }),
    };
  }

  #unknownPath(last: Exchange): Promise<Answered | null> {
    return this.#ask(last, "what a path that does not exist gets", {
      method: "GET",
      url: new URL(UNKNOWN_PATH, last.url).href,
      lines: this.#pageLines(last),
    });
  }

  /** Who closes a connection instead of answering, as a crash does, may tell elsewhere who it is. */
  async #unanswered(last: Exchange): Promise<Probing> {
    const unknownPath = await this.#unknownPath(last);
    return { probed: { ...NOTHING, unknownPath }, exchanges: this.#exchanges };
  }

  /** What pages of other origins get, where this page gets what it needs by its name. */
  async #others(last: Answered): Promise<Pick<Probed, "stranger" | "nobody">> {
    const { origin } = this.#question;
    const asked = this.#observation.exchanges.find(({ purpose }) => purpose === "preflight") ?? last;
    if (!isAnswered(asked) || !lets(asked, origin) || allowedOrigins(asked)[0] === "*") {
      return { stranger: null, nobody: null };
    }
    const from = (name: string) =>
      this.#ask(asked, `what a page of ${name} gets`, {
        ...safely(asked),
        lines: { Origin: name, Referer: null },
      });
    const stranger = await from(STRANGER);
    const nobody =
      origin === "null" || (stranger !== null && lets(stranger, STRANGER)) ? null : await from("null");
    return { stranger, nobody };
  }

  async #near(last: Answered): Promise<readonly Answered[]> {
    const found: Answered[] = [];
    for (const origin of nearOrigins(this.#question.origin, last.url).slice(0, NEAR)) {
      const answer = await this.#ask(last, `whether a page of ${origin} is allowed`, {
        ...safely(last),
        lines: { Origin: origin, Referer: null },
      });
      if (answer === null) continue;
      found.push(answer);
      if (speaksCors(answer)) break;
    }
    return found;
  }

  /** The page's own lines: what stands in front of the server may ask for them. None for who is redirected to: they may be secret. */
  #pageLines({ url }: Exchange): Readonly<Record<string, string>> {
    if (new URL(url).origin !== new URL(this.#question.request.url).origin) return {};
    const lines = (this.#question.request.headers ?? []).filter(([name]) => !OF_THE_BODY.test(name));
    return Object.fromEntries(lines);
  }

  /** Like an exchange, with changes; null: nothing came back. A line that is changed to null is left out. */
  async #ask(like: Exchange, why: string, changes: Changes): Promise<Answered | null> {
    const { method = like.method, url = like.url, via = null, lines = {} } = changes;
    if (via === null && this.#exchanges.length === MOST) return null;
    const changed = new Map(
      Object.entries(lines).map(([name, value]) => [name.toLowerCase(), [name, value]] as const),
    );
    const kept = like.sent.filter(
      ([name]) =>
        !OF_THE_BODY.test(name) &&
        !changed.has(name.toLowerCase()) &&
        !(method === "GET" && OF_A_PREFLIGHT.test(name)),
    );
    const added = [...changed.values()].filter((line): line is [string, string] => line[1] !== null);
    const origin: readonly HeaderLine[] =
      valueOf(like.sent, "origin") === null && !changed.has("origin")
        ? [["Origin", this.#question.origin]]
        : [];
    const exchange = await send(
      { purpose: "probe", why, via, method, url, headers: [...kept, ...origin, ...added] },
      this.#options,
    );
    this.#exchanges.push(exchange);
    return isAnswered(exchange) ? exchange : null;
  }
}

/** A request that changes something is asked about, instead of being repeated. */
function safely({ method }: Exchange): Changes {
  if (method === "GET" || method === "OPTIONS") return { method };
  if (method === "HEAD") return { method: "GET" };
  return { method: "OPTIONS", lines: { "Access-Control-Request-Method": method } };
}

/** Origins that people mean when they write another one; the API's own among them. */
export function nearOrigins(origin: string, api: string): readonly string[] {
  const near = new Set<string>();
  if (origin !== "null") {
    const other = new URL(origin);
    if (other.hostname === "localhost") near.add(origin.replace("localhost", "127.0.0.1"));
    else if (other.hostname === "127.0.0.1") near.add(origin.replace("127.0.0.1", "localhost"));
    else if (other.hostname.startsWith("www.")) near.add(origin.replace("//www.", "//"));
    else near.add(origin.replace("//", "//www."));
    near.add(
      origin.startsWith("https:") ? origin.replace("https:", "http:") : origin.replace("http:", "https:"),
    );
  }
  near.add(new URL(api).origin);
  near.delete(origin);
  return [...near];
}
