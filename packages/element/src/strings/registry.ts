import { en, type Strings } from "./en.ts";

/** Some of the sentences of a language; of groups of sentences, some as well. */
export type SomeStrings = {
  readonly [Key in keyof Strings]?: Strings[Key] extends (...args: never[]) => string
    ? Strings[Key]
    : Strings[Key] extends string
      ? Strings[Key]
      : Partial<NonNullable<Strings[Key]>> | null;
};

/** The sentences to use, and the language they are in. */
export interface LocaleStrings {
  readonly strings: Strings;
  /** The key under which they were registered; "en" where nothing fits. */
  readonly language: string;
}

const english: LocaleStrings = { strings: en, language: "en" };
const registered = new Map<string, SomeStrings>();
const found = new Map<string, LocaleStrings>();
const listeners = new Set<() => void>();

/** Groups of sentences are merged, everything else replaces. */
function merge(base: Strings, some: SomeStrings): Strings {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(some)) {
    const before = merged[key];
    const isGroup = typeof value === "object" && value !== null && typeof before === "object";
    if (value !== undefined) merged[key] = isGroup ? { ...before, ...value } : value;
  }
  return merged as unknown as Strings; // the keys are those of `base`
}

/** `de-AT` → `de-at`, `de`. */
function candidates(locale: string): readonly string[] {
  const parts = locale.toLowerCase().split("-");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("-"));
}

/**
 * Adds sentences for a locale (`de`, `de-AT`), or replaces some of them; what is left out stays
 * as it was, in the end English. Elements on the page change at once.
 */
export function registerStrings(locale: string, strings: SomeStrings): void {
  const key = locale.toLowerCase();
  registered.set(key, { ...registered.get(key), ...strings });
  found.clear();
  for (const listener of listeners) listener();
}

/** The sentences for a locale: those of its language, with those of the locale itself on top. */
export function stringsFor(locale: string): LocaleStrings {
  const known = found.get(locale);
  if (known !== undefined) return known;
  const keys = candidates(locale).filter((key) => registered.has(key));
  const [language] = keys;
  const result =
    language === undefined
      ? english
      : {
          strings: keys.reduceRight((base: Strings, key) => merge(base, registered.get(key) ?? {}), en),
          language,
        };
  found.set(locale, result);
  return result;
}

/** Calls back whenever sentences are registered; returns what ends that. */
export function onStrings(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const RIGHT_TO_LEFT = new Set([
  "ar",
  "arc",
  "ckb",
  "dv",
  "fa",
  "he",
  "ks",
  "nqo",
  "ps",
  "sd",
  "syr",
  "ug",
  "ur",
  "yi",
]);

/** The direction in which the language of a locale is written. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const [language = ""] = locale.toLowerCase().split("-");
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}
