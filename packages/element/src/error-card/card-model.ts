import { doctorCommand, type Verdict, withoutSecrets } from "@waybill/client";
import type { Strings } from "../strings/en.ts";
import { localVerdict } from "./local-verdict.ts";

/** A verdict of the client, or of the element itself about its own settings. */
export type ShownVerdict = Omit<Verdict, "cause"> & { readonly cause: Verdict["cause"] | "config_invalid" };

/** What a card may offer besides its texts. */
export interface CardSituation {
  /** `send`: a message was not accepted · `answer`: an accepted one was not answered · `load`: a thread could not be read · `config`: nothing can be done here. */
  readonly kind: "send" | "answer" | "load" | "config";
  /** Whether there is a thread whose stored state could be looked at. */
  readonly hasThread: boolean;
}

/** What the primary button does. */
export type CardAction = "resend" | "retry" | "reload";

/** Everything that an error card shows. */
export interface CardModel {
  readonly icon: string;
  readonly title: string;
  readonly confidence: string;
  /** Of three. */
  readonly bars: 1 | 2 | 3;
  readonly meaning: string;
  readonly alternatives: readonly string[];
  readonly advice: string;
  /** Null: nothing that a repetition could mend. */
  readonly primary: { readonly label: string; readonly action: CardAction } | null;
  /** Whether the message can be taken back into the composer. */
  readonly canEdit: boolean;
  readonly details: readonly {
    readonly term: string;
    readonly value: string;
    /** Set in the typewriter face, and kept from left to right. */
    readonly literal: boolean;
    readonly copies: boolean;
  }[];
  /** The command that repeats the request as the browser sent it; null without an address. */
  readonly command: string | null;
  /** All of it as text. */
  readonly copyText: string;
}

const ICONS: Readonly<Record<ShownVerdict["cause"], string>> = {
  stopped: "square",
  timeout: "hourglass",
  offline: "wifi-off",
  csp_blocked: "shield-alert",
  mixed_content: "shield-alert",
  local_network_access: "shield-alert",
  origin_not_allowed: "shield-alert",
  cors_missing_or_masked: "eye-off",
  server_unreachable: "unplug",
  way_broken: "unplug",
  network_down: "wifi-off",
  stream_broken: "unplug",
  server_error: "octagon-alert",
  answer_failed: "octagon-alert",
  invalid_request: "octagon-alert",
  protocol_error: "triangle-alert",
  config_invalid: "settings-2",
};

const BARS = { certain: 3, likely: 2, possible: 1 } as const;

function iconOf({ cause, code }: ShownVerdict): string {
  return /^(?:attachment|import)_/.test(code ?? "") ? "file-x" : ICONS[cause];
}

function primaryOf(
  { retry, cause, status }: ShownVerdict,
  { kind, hasThread }: CardSituation,
  strings: Strings,
): CardModel["primary"] {
  if (kind === "config") return null;
  if (kind === "load") return { label: strings.tryAgain, action: "reload" };
  // A message that was refused before anything was kept is mended, not looked for.
  if (retry === "never" && kind === "send" && cause === "server_error" && `${status}`.startsWith("4"))
    return null;
  if (retry === "never") return hasThread ? { label: strings.checkConversation, action: "reload" } : null;
  const label = retry === "safe" ? strings.tryAgain : strings.sendAgain;
  return kind === "send" ? { label, action: "resend" } : { label: strings.tryAgain, action: "retry" };
}

/** What a card shows for a verdict. */
export function cardModel(given: ShownVerdict, situation: CardSituation, strings: Strings): CardModel {
  const verdict = localVerdict(given, strings);
  const detail = (term: string, value: string | null | undefined, literal = true, copies = false) =>
    value ? [{ term, value, literal, copies }] : [];
  const { method, url } = verdict.request;
  const details = [
    ...detail(strings.cause, verdict.cause),
    ...detail(strings.request, url && `${method} ${withoutSecrets(url)}`),
    ...detail(strings.from, verdict.pageOrigin),
    ...detail(strings.seen, verdict.developerDetail, false),
    ...detail(strings.status, verdict.status?.toString()),
    ...detail(strings.code, verdict.code),
    ...detail(strings.retry, situation.kind === "config" ? "" : strings.retryRules[verdict.retry], false),
    ...detail(strings.requestId, verdict.requestId, true, true),
  ];
  const command = doctorCommand(verdict);
  const alternatives = verdict.confidence === "certain" ? [] : verdict.alternatives;
  const lines = [
    `${verdict.title} (${strings.confidence[verdict.confidence]})`,
    verdict.userMessage,
    ...(alternatives.length === 0 ? [] : [strings.couldAlsoBe, ...alternatives.map((other) => `- ${other}`)]),
    `${strings.whatYouCanDo} ${verdict.advice}`,
    "",
    ...details.map(({ term, value }) => `${term}: ${value}`),
    ...(command === null ? [] : ["", command]),
  ];
  return {
    icon: iconOf(verdict),
    title: verdict.title,
    confidence: strings.confidence[verdict.confidence],
    bars: BARS[verdict.confidence],
    meaning: verdict.userMessage,
    alternatives,
    advice: verdict.advice,
    primary: primaryOf(verdict, situation, strings),
    canEdit: situation.kind === "send",
    details,
    command,
    copyText: lines.join("\n"),
  };
}
