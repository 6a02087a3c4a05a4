import type { Strings } from "../strings/en.ts";
import type { ShownVerdict } from "./card-model.ts";

/**
 * A verdict in the words of a language, by its cause. Where the language has none for it, the
 * client's own English stands; what was seen and the alternatives are for developers, in English.
 */
export function localVerdict<Shown extends ShownVerdict>(verdict: Shown, strings: Strings): Shown {
  const { verdicts } = strings;
  const sentences = verdict.cause === "config_invalid" ? undefined : verdicts[verdict.cause];
  if (sentences === undefined) return verdict;
  return {
    ...verdict,
    title: sentences.title,
    userMessage: sentences.meaning,
    advice: sentences.advice ?? strings.advice[verdict.retry],
    alternatives: [],
    developerDetail: [verdict.userMessage, verdict.developerDetail].join(" "),
  };
}
