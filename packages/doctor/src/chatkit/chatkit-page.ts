import type { HeaderLine } from "@waybill/policy";
import { chromium, type PageRequest, type Prediction, predict, type Verdict } from "@waybill/policy/browser";
import { preflightLines, requestLines } from "../browser-lines.ts";
import type { Exchange, Received } from "../exchange.ts";
import { type Observation, observe } from "../observe.ts";
import type { AskOptions, Question } from "../question.ts";
import { send } from "../send.ts";
import type { ChatKitTarget } from "./chatkit-target.ts";

/** What a page got for a request, or did not. */
export interface PageAnswer {
  readonly question: Question;
  readonly prediction: Prediction;
  readonly verdict: Verdict;
  /** Whether the page reads it. */
  readonly isReadable: boolean;
  /** The last answer, also where the page does not get it; null: none came. */
  readonly received: Received | null;
  /** Why none came; "" if one did. */
  readonly failure: string;
  /** In short, for people. */
  readonly seen: string;
  /** What the body says as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** How a request leaves the page. */
export interface PageAsks {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: readonly HeaderLine[];
  readonly mode?: PageRequest["mode"];
  readonly credentials?: PageRequest["credentials"];
  readonly content?: Uint8Array;
  /** For a request to somebody else than the chat server: nothing of the page's own goes along. @default false */
  readonly bare?: boolean;
}

// What the official client sets on every request.
const FRAME: HeaderLine = ["chatkit-frame-instance-id", "waybill-doctor"];

/** A page of one origin that talks to one ChatKit server. */
export class ChatKitPage {
  readonly target: ChatKitTarget;
  readonly #options: AskOptions;

  constructor(target: ChatKitTarget, options: AskOptions) {
    this.target = target;
    this.#options = options;
  }

  /** A request as the page sends it. */
  question({ url = this.target.url, method = "GET", bare = false, content, ...asks }: PageAsks): Question {
    const { origin, headers = [], credentials = "same-origin" } = this.target;
    return {
      origin,
      request: {
        url,
        method,
        headers: [...(asks.headers ?? []), ...(bare ? [] : [FRAME, ...headers])],
        credentials: asks.credentials ?? (bare ? "same-origin" : credentials),
        ...(asks.mode === undefined ? {} : { mode: asks.mode }),
        ...(content === undefined ? {} : { body: { kind: "bytes" } }),
      },
      ...(content === undefined ? {} : { content }),
    };
  }

  /** Asks as the browser does. */
  async ask(asks: PageAsks): Promise<PageAnswer> {
    const question = this.question(asks);
    return answerOf(question, await observe(question, this.#options));
  }

  /** A request of the protocol. */
  tell(type: string, params: object, headers: readonly HeaderLine[] = []): Promise<PageAnswer> {
    return this.ask(this.protocol({ type, params }, headers));
  }

  /** How a value goes to the protocol's address. */
  protocol(value: unknown, headers: readonly HeaderLine[] = []): PageAsks {
    const content = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
    return { method: "POST", headers: [["content-type", "application/json"], ...headers], content };
  }

  /**
   * Sends one request with lines of the browser's that are not its usual ones, and no redirect followed. Its
   * preflight is sent first, if it needs one.
   */
  async askWith(asks: PageAsks, lines: readonly HeaderLine[], options: AskOptions): Promise<PageAnswer> {
    const question = this.question(asks);
    const { origin, request, content } = question;
    const page = { origin, secure: origin.startsWith("https:") };
    const sender = { origin, mode: request.mode ?? "cors", chain: [request.url] };
    const exchanges: Exchange[] = [];
    let hop: Parameters<typeof predict>[0]["hops"][number] = {};
    const ask = async (
      outgoing: Pick<Parameters<typeof send>[0], "method" | "headers" | "content">,
      more: AskOptions,
    ) => {
      const exchange = await send(
        { purpose: "request", why: "", via: null, url: request.url, ...outgoing },
        more,
      );
      exchanges.push(exchange);
      return exchange.outcome.kind === "received" && exchange.outcome.certificate === undefined
        ? exchange.outcome
        : undefined;
    };
    const conclude = () => predict({ page, request, hops: [hop], profile: chromium });
    const [preflight] = conclude().preflights;
    if (preflight !== undefined) {
      const answer = await ask(
        { method: "OPTIONS", headers: preflightLines(preflight, sender) },
        this.#options,
      );
      if (answer !== undefined) hop = { preflight: answer };
    }
    const [sent] = conclude().requests;
    if (sent !== undefined) {
      const replaced = new Set(lines.map(([name]) => name.toLowerCase()));
      const own = requestLines(sent, sender, content ?? null).filter(
        ([name]) => !replaced.has(name.toLowerCase()),
      );
      const headers = [...own, ...lines];
      const more = { ...this.#options, ...options };
      const answer = await ask(
        { method: sent.method, headers, ...(content === undefined ? {} : { content }) },
        more,
      );
      if (answer !== undefined) hop = { ...hop, answer };
    }
    return answerOf(question, { prediction: conclude(), exchanges });
  }
}

function answerOf(
  question: Question,
  { prediction, exchanges }: Pick<Observation, "prediction" | "exchanges">,
): PageAnswer {
  const { verdict } = prediction;
  const last = exchanges.findLast(({ purpose }) => purpose !== "probe");
  const received = last?.outcome.kind === "received" ? last.outcome : null;
  return {
    question,
    prediction,
    verdict,
    isReadable: verdict === "ok",
    received,
    failure: last?.outcome.kind === "failed" ? last.outcome.message : "",
    seen: last === undefined ? "nothing was sent" : seenOf(last),
    json: jsonOf(received?.body ?? ""),
  };
}

function seenOf({ method, url, outcome }: Exchange): string {
  return `${method} ${withoutQuery(url)} → ${outcome.kind === "received" ? outcome.status : outcome.fault}`;
}

/** A URL as it may be shown: signatures and keys stand in queries. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
