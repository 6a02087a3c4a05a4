import { directionOf, type LocaleStrings, stringsFor } from "./registry.ts";

/** What an element takes from its locale. */
export interface ElementLocale extends LocaleStrings {
  /** For dates and numbers: fits the language of the sentences. */
  readonly format: string;
  /** Null: the page's own. */
  readonly lang: string | null;
  /** Null: the page's own. */
  readonly dir: "ltr" | "rtl" | null;
}

function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length > 0;
  } catch {
    return false;
  }
}

/**
 * Settles the locale of an element: the one its options name, else the browser's, as far as
 * there are sentences for it; else English, in the page's own direction.
 */
export function elementLocale(asked: string | null, browser: string): ElementLocale {
  const named = asked !== null && isLocale(asked) ? asked : null;
  const locale = named ?? (isLocale(browser) ? browser : "en");
  const found = stringsFor(locale);
  const fits = locale.toLowerCase().split("-")[0] === found.language.split("-")[0];
  const own = named !== null || (fits && found.language !== "en");
  return {
    ...found,
    format: fits ? locale : found.language,
    lang: own ? locale : asked,
    dir: own ? directionOf(locale) : null,
  };
}
