import type { Finding } from "./classify.ts";
import type { RetryRule, Verdict } from "./verdict.ts";

/**
 * What is known of the person's message when a request fails: `none`: the request carried
 * none; `refused`: the server took note of it and did nothing.
 */
export type MessageFate = "none" | "unsent" | "refused" | "unknown" | "arrived";

/** The request that a verdict is about. */
export interface FailedRequest {
  readonly method: string;
  readonly url: string;
  /** As `Verdict.request` has them; absent until they are made. */
  readonly headers?: readonly string[];
  readonly pageOrigin: string | null;
  readonly message: MessageFate;
  /** Whether the server recognises the same turn when it is sent again. */
  readonly keyed: boolean;
  /** Name of the attachment that the request was to resolve. */
  readonly attachment?: string;
}

/** The words of a verdict, and what a readable answer adds. */
export interface VerdictWords {
  readonly title: string;
  /** Sentences; empty ones are left out. */
  readonly meaning: readonly string[];
  /** @default what the retry rule suggests */
  readonly advice?: string;
  /** @default what is known of the message suggests */
  readonly retry?: RetryRule;
  readonly requestId?: string | undefined;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
}

/** What happened to the message, as a sentence; "" if there was none. */
export const FATE: Readonly<Record<MessageFate, string>> = {
  none: "",
  unsent: "Your message was not sent.",
  refused: "Your message was not taken.",
  unknown: "Your message may have arrived.",
  arrived: "Your message has arrived.",
};

/** Whether the request may be repeated, by what is known of the message. */
export function retryRuleOf(request: FailedRequest): RetryRule {
  if (request.message === "arrived") return "never";
  if (request.message === "unknown") return request.keyed ? "keyed" : "never";
  return "safe";
}

/** What to do next, by the retry rule, as a sentence. */
export function adviceOf(retry: RetryRule, request: FailedRequest): string {
  if (retry === "keyed") return "Send again: it will not be carried out twice.";
  if (retry === "never") return "Check the conversation before you send again.";
  return request.message === "none" ? "Try again." : "Send again.";
}

/** Puts a finding, its request and its words together. */
export function composeVerdict(finding: Finding, request: FailedRequest, words: VerdictWords): Verdict {
  const retry = words.retry ?? retryRuleOf(request);
  return {
    cause: finding.cause,
    confidence: finding.confidence,
    alternatives: finding.alternatives,
    title: words.title,
    userMessage: words.meaning.filter((sentence) => sentence !== "").join(" "),
    advice: words.advice ?? adviceOf(retry, request),
    developerDetail: finding.facts.join(" "),
    request: { method: request.method, url: request.url, headers: request.headers },
    pageOrigin: request.pageOrigin,
    retry,
    requestId: words.requestId,
    code: words.code,
    status: words.status,
  };
}
