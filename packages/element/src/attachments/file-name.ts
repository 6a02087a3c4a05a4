/** A file name in two pieces, the second of which is always shown. */
export interface FileNameParts {
  readonly start: string;
  readonly end: string;
}

/** What cannot be seen, or turns the letters around. Waybill's server keeps none of it either. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LETTERS_KEPT = 6;
const LONGEST_EXTENSION = 8;
/** A name this short is never cut, so it needs no second piece but its extension. */
const SHORT = 24;

/** A name from outside as it may be shown: without control, bidirectional and zero-width characters. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, "");
}

/**
 * Splits a shown name so that its last six letters and its extension survive when it is cut. Short
 * names keep the extension alone; without an extension, the last six letters are the end.
 * Counts letters as a reader does, so that no letter is torn apart. "" gives two empty pieces.
 */
export function splitFileName(given: string): FileNameParts {
  const name = shownName(given);
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && dot < name.length - 1 && name.length - dot - 1 <= LONGEST_EXTENSION;
  const stem = hasExtension ? name.slice(0, dot) : name;
  const extension = hasExtension ? name.slice(dot) : "";
  const letters = Array.from(new Intl.Segmenter().segment(stem), (part) => part.segment);
  const kept = letters.length <= SHORT ? 0 : LETTERS_KEPT;
  const cut = letters.length - kept;
  return { start: letters.slice(0, cut).join(""), end: letters.slice(cut).join("") + extension };
}
