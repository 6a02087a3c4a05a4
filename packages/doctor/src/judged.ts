import type { RootCause } from "./diagnosis.ts";
import { type Evidence, isAnswered } from "./evidence.ts";
import { valueOf } from "./header-values.ts";

/** A cause, and why it is thought to be it. */
export interface Judged {
  readonly cause: RootCause;
  /** One sentence or two, from what was seen. */
  readonly explanation: string;
}

/** The two together. */
export const judged = (cause: RootCause, explanation: string): Judged => ({ cause, explanation });

/** A header of an answer as browsers read it; "" if it has none, or nothing was answered. */
export const headerOf = (exchange: Evidence["blamed"], name: string): string =>
  exchange !== null && isAnswered(exchange) ? (valueOf(exchange.outcome.headers, name) ?? "") : "";
