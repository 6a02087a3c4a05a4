import { ChatFailure } from "@waybill/client";
import type { Strings } from "../strings/en.ts";
import type { ShownVerdict } from "./card-model.ts";

/** The origin of the page; null outside a browser, or where it has none. */
function pageOrigin(): string | null {
  return typeof location === "undefined" || location.origin === "null" ? null : location.origin;
}

/** Why the options leave nothing to talk to. */
export type ConfigIssue = "url_missing" | "url_invalid" | "hosted_api";

/** What the card says of it. `url` is what the options name. */
export function configVerdict(issue: ConfigIssue, url: string | null, strings: Strings): ShownVerdict {
  const meanings: Record<ConfigIssue, string> = {
    url_missing: strings.urlMissing,
    url_invalid: strings.urlInvalid(url ?? ""),
    hosted_api: strings.hostedApi,
  };
  return {
    cause: "config_invalid",
    confidence: "certain",
    alternatives: [],
    title: strings.notSetUp,
    userMessage: meanings[issue],
    advice: strings.tellTheSite,
    developerDetail: strings.fixUrl,
    request: { method: "", url: "" },
    pageOrigin: pageOrigin(),
    retry: "never",
  };
}

/** A stream that ended well without the stored message: nobody knows whether it was taken. */
export function unconfirmedFailure(url: string, strings: Strings): ChatFailure {
  return new ChatFailure({
    cause: "protocol_error",
    confidence: "certain",
    alternatives: [],
    title: strings.notConfirmed,
    userMessage: strings.notConfirmedMeaning,
    advice: strings.notConfirmedAdvice,
    developerDetail: "The stream ended without thread.item.done for the person's message.",
    request: { method: "POST", url },
    pageOrigin: pageOrigin(),
    retry: "never",
  });
}

/** Any thrown value as a failure with a verdict: the client's own, or a fault nobody foresaw. */
export function failureOf(thrown: unknown, url: string, strings: Strings): ChatFailure {
  if (thrown instanceof ChatFailure) return thrown;
  return new ChatFailure(
    {
      cause: "protocol_error",
      confidence: "possible",
      alternatives: [],
      title: strings.unexpected,
      userMessage: strings.unexpectedMeaning,
      advice: strings.unexpectedAdvice,
      developerDetail: String(thrown),
      request: { method: "POST", url },
      pageOrigin: pageOrigin(),
      retry: "keyed",
    },
    { cause: thrown },
  );
}
