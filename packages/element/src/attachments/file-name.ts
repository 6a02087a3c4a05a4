/** A file name in two pieces, the second of which is always shown. */
export interface FileNameParts {
  readonly start: string;
  readonly end: string;
}

const LETTERS_KEPT = 6;
const LONGEST_EXTENSION = 8;
/** A name this short is never cut, so it needs no second piece but its extension. */
const SHORT = 24;

/**
 * Splits a name so that its last six letters and its extension survive when it is cut. Short
 * names keep the extension alone; without an extension, the last six letters are the end.
 * Counts letters as a reader does, so that no letter is torn apart. "" gives two empty pieces.
 */
export function splitFileName(name: string): FileNameParts {
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && dot < name.length - 1 && name.length - dot - 1 <= LONGEST_EXTENSION;
  const stem = hasExtension ? name.slice(0, dot) : name;
  const extension = hasExtension ? name.slice(dot) : "";
  const letters = Array.from(new Intl.Segmenter().segment(stem), (part) => part.segment);
  const kept = letters.length <= SHORT ? 0 : LETTERS_KEPT;
  const cut = letters.length - kept;
  return { start: letters.slice(0, cut).join(""), end: letters.slice(cut).join("") + extension };
}
