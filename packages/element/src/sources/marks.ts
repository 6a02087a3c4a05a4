/** Stand around a number where a source is cited. Unicode promises that they mean nothing in a text. */
const START = "\u{fdd0}";
const END = "\u{fdd1}";
const MARK = /\u{fdd0}(\d+)\u{fdd1}/gu;

/** What stands in a text where the source of this number is cited. */
export function markOf(number: number): string {
  return `${START}${number}${END}`;
}

/** A text without marks, for places that show none: code, addresses. */
export function withoutMarks(text: string): string {
  return text.includes(START) ? text.replaceAll(MARK, "") : text;
}

/** The numbers cited in a text; none for none. */
export function marksIn(text: string): readonly number[] {
  return text.includes(START) ? [...text.matchAll(MARK)].map(([, number]) => Number(number)) : [];
}

/** A text with its marks drawn; the text itself if there are none. */
export function drawMarks<Drawn>(
  text: string,
  cite: (number: number) => Drawn,
): string | readonly (string | Drawn)[] {
  if (!text.includes(START)) return text;
  // split by a pattern with a group: every second piece is a number
  return text.split(MARK).map((piece, index) => (index % 2 === 0 ? piece : cite(Number(piece))));
}
