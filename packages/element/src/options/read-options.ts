import type { UserMessageContent } from "@waybill/protocol";
import type { ClientToolHandler } from "../client-tool/client-tools.ts";
import { type ComposerOptions, readComposerOptions } from "../composer/composer-options.ts";
import type { HeaderAction } from "../header/header-actions.ts";
import type { HistoryOptions } from "../history/history-panel.ts";
import { defaultTheme, readTheme, type Theme } from "../theme/theme.ts";
import { fieldsOf } from "./fields.ts";
import { readMessageContent } from "./message-content.ts";

/** A suggestion on the start screen. */
export interface StartPrompt {
  readonly label: string;
  readonly content: readonly UserMessageContent[];
  /** A ChatKit icon name or `lucide:<name>`. */
  readonly icon: string | null;
}

/** What the element makes of its options. Plain data: two equal settings are equal as JSON. */
export interface ElementOptions {
  /** Null together with an `issue`. */
  readonly url: string | null;
  /** Why there can be no conversation; null if there can. */
  readonly issue: "url_missing" | "hosted_api" | null;
  /** For `lang`; null: the page's. */
  readonly locale: string | null;
  readonly theme: Theme;
  /** The accessible name; null: "Chat". */
  readonly frameTitle: string | null;
  readonly initialThread: string | null;
  readonly header: {
    readonly enabled: boolean;
    readonly titleEnabled: boolean;
    /** In the place of the thread's title. */
    readonly titleText: string | null;
    readonly leftAction: HeaderAction | null;
    readonly rightAction: HeaderAction | null;
  };
  readonly history: HistoryOptions;
  /** What is offered below an answer. */
  readonly actions: { readonly feedback: boolean; readonly retry: boolean };
  readonly greeting: string | null;
  readonly prompts: readonly StartPrompt[];
  readonly placeholder: string | null;
  readonly composer: ComposerOptions;
  readonly disclaimer: { readonly text: string; readonly highContrast: boolean } | null;
  /** False only if the page says so: the end of a conversation is followed while it is near. */
  readonly autoScroll: boolean;
  /** What of an answer is read to those who listen. */
  readonly announcements: "blocks" | "end" | "off";
}

/** A remark on an option that has no effect. */
export interface OptionRemark {
  readonly name: "option.not_offered" | "option.unknown";
  /** For example `composer.dictation`. */
  readonly option: string;
}

/** Options that are read, by path; `true` stands for all below it. */
type Offered = { readonly [name: string]: true | Offered };
const OFFERED: Offered = {
  api: { url: true, fetch: true, domainKey: true, getClientSecret: true, uploadStrategy: true, relay: true },
  locale: true,
  theme: true,
  frameTitle: true,
  initialThread: true,
  header: { enabled: true, title: { enabled: true, text: true }, leftAction: true, rightAction: true },
  history: { enabled: true, showDelete: true, showRename: true },
  threadItemActions: { feedback: true, retry: true },
  onClientTool: true,
  startScreen: { greeting: true, prompts: true },
  composer: {
    placeholder: true,
    attachments: { enabled: true, maxSize: true, maxCount: true, accept: true },
    tools: true,
    models: true,
    dictation: { enabled: true },
  },
  entities: { onTagSearch: true, showComposerMenu: true, onClick: true, onRequestPreview: true },
  disclaimer: { text: true, highContrast: true },
  thread: { autoScroll: true },
  announcements: true,
};

/** Options of the official types that this version does not act on. */
const NOT_OFFERED = new Set(["commands", "widgets"]);

/**
 * Names every option without effect, in the order given. An option that is switched off
 * (`false`, null, `enabled: false`) is not named: its absence is what was asked for.
 */
export function remarkOptions(raw: unknown, offered: Offered = OFFERED, path = ""): readonly OptionRemark[] {
  return Object.entries(fieldsOf(raw)).flatMap(([name, value]): readonly OptionRemark[] => {
    const option = path + name;
    const known = Object.hasOwn(offered, name) ? offered[name] : undefined;
    if (known === true || value === undefined) return [];
    if (known !== undefined) return remarkOptions(value, known, `${option}.`);
    if (value === null || value === false || fieldsOf(value)["enabled"] === false) return [];
    return [{ name: NOT_OFFERED.has(option) ? "option.not_offered" : "option.unknown", option }];
  });
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function readAction(value: unknown): HeaderAction | null {
  const { icon, label } = fieldsOf(value);
  return typeof icon === "string" ? { icon, label: textOrNull(label) } : null;
}

function readPrompts(value: unknown): readonly StartPrompt[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): StartPrompt[] => {
    const { label, prompt, icon } = fieldsOf(entry);
    if (typeof label !== "string") return [];
    const content: readonly UserMessageContent[] =
      typeof prompt === "string" ? [{ type: "input_text", text: prompt }] : readMessageContent(prompt);
    return content.length === 0 ? [] : [{ label, content, icon: textOrNull(icon) }];
  });
}

/**
 * Reads a full set of options; none is taken over from an earlier one. Values of a wrong type
 * count as absent.
 *
 * Source: `@openai/chatkit` 1.9, `ChatKitOptions`; `announcements` and `api.relay` are additions.
 */
export function readOptions(raw: unknown): ElementOptions {
  const options = fieldsOf(raw);
  const api = fieldsOf(options["api"]);
  const header = fieldsOf(options["header"]);
  const title = fieldsOf(header["title"]);
  const history = fieldsOf(options["history"]);
  const actions = fieldsOf(options["threadItemActions"]);
  const startScreen = fieldsOf(options["startScreen"]);
  const disclaimer = fieldsOf(options["disclaimer"]);
  const announcements = options["announcements"];
  const url = textOrNull(api["url"]);
  const disclaimerText = textOrNull(disclaimer["text"]);
  return {
    url,
    issue: url !== null ? null : typeof api["getClientSecret"] === "function" ? "hosted_api" : "url_missing",
    locale: textOrNull(options["locale"]),
    theme: options["theme"] === undefined ? defaultTheme : readTheme(options["theme"]),
    frameTitle: textOrNull(options["frameTitle"]),
    initialThread: textOrNull(options["initialThread"]),
    header: {
      enabled: header["enabled"] !== false,
      titleEnabled: title["enabled"] !== false,
      titleText: textOrNull(title["text"]),
      leftAction: readAction(header["leftAction"]),
      rightAction: readAction(header["rightAction"]),
    },
    history: {
      enabled: history["enabled"] !== false,
      showDelete: history["showDelete"] !== false,
      showRename: history["showRename"] !== false,
    },
    actions: { feedback: actions["feedback"] === true, retry: actions["retry"] === true },
    greeting: textOrNull(startScreen["greeting"]),
    prompts: readPrompts(startScreen["prompts"]),
    placeholder: textOrNull(fieldsOf(options["composer"])["placeholder"]),
    composer: readComposerOptions(raw),
    disclaimer:
      disclaimerText === null
        ? null
        : { text: disclaimerText, highContrast: disclaimer["highContrast"] === true },
    autoScroll: fieldsOf(options["thread"])["autoScroll"] !== false,
    announcements: announcements === "end" || announcements === "off" ? announcements : "blocks",
  };
}

/** The page's own `api.fetch`; undefined if there is none. */
export function readFetch(raw: unknown): typeof fetch | undefined {
  const own = fieldsOf(fieldsOf(raw)["api"])["fetch"];
  return typeof own === "function" ? (own as typeof fetch) : undefined;
}

/** The page's own `api.relay`; undefined if there is none. */
export function readRelay(raw: unknown): string | undefined {
  return textOrNull(fieldsOf(fieldsOf(raw)["api"])["relay"]) ?? undefined;
}

/** Runs what the page set for one of the header's buttons; nothing if it set nothing. */
export function runHeaderAction(raw: unknown, side: "left" | "right"): void {
  const { onClick } = fieldsOf(fieldsOf(fieldsOf(raw)["header"])[`${side}Action`]);
  if (typeof onClick === "function") onClick();
}

/** The page's own `onClientTool`; undefined if there is none. */
export function readClientTool(raw: unknown): ClientToolHandler | undefined {
  const { onClientTool } = fieldsOf(raw);
  return typeof onClientTool === "function" ? (onClientTool as ClientToolHandler) : undefined;
}
