import type { Diagnosis } from "../diagnosis.ts";

/** What is looked at, in this order. */
export type ChatKitStep =
  /** The question before the request, with the lines that the official client sends. */
  | "preflight"
  /** `threads.list`, answered with JSON. */
  | "json"
  /** A body that is no JSON. */
  | "malformed-body"
  /** A token that nobody has given out. */
  | "wrong-token"
  /** A body that says it has 50 MB. */
  | "huge-body"
  /** `threads.create`, answered by events. */
  | "stream"
  /** Whether the events come as they are written. */
  | "buffering"
  /** A picture of 70 bytes. */
  | "upload"
  /** The picture's `preview_url`, in a page. */
  | "preview"
  /** `attachments.delete` and `threads.delete` of what the check has made. */
  | "clean-up";

/** What came of one step. */
export interface ChatKitCheck {
  readonly step: ChatKitStep;
  /** `unknown`: it was tried, and tells nothing; `left-out`: it was not tried, `sentence` says why. */
  readonly outcome: "fine" | "broken" | "unknown" | "left-out";
  /** What was seen, in a sentence or two. */
  readonly sentence: string;
  /** What to do about it; "" if nothing. */
  readonly help: string;
  /** The request and its answer in short, URLs without their queries; null: nothing was sent. */
  readonly seen: string | null;
}

/** Whether a page can use a ChatKit server. */
export interface ChatKitReport {
  readonly origin: string;
  /** Without its query. */
  readonly url: string;
  /** `unknown`: no step is broken, and whether the server speaks ChatKit was not seen. */
  readonly outcome: "fine" | "broken" | "unknown";
  /** Waybill's version as its answers say it; null: another server. */
  readonly waybill: string | null;
  /** One for each step, in order. */
  readonly checks: readonly ChatKitCheck[];
  /** Ids of what the check has made and could not delete. */
  readonly left: readonly string[];
  /** Of the first request that the page could not read: the cause, and what mends it. Null: it read them all. */
  readonly diagnosis: Diagnosis | null;
}
