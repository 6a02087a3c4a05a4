import type { HeaderLine } from "../cors-policy.ts";

// Fetch, "HTTP whitespace".
const AROUND = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/** A value as browsers keep it. Source: Fetch, "normalize". */
export function normalise(value: string): string {
  return value.replace(AROUND, "");
}

/** All lines of a name, normalised; empty if there is none. `name` is in lower case. */
export function valuesOf(headers: readonly HeaderLine[], name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => normalise(value));
}

/** The lines of a name as one; null if there is none. Source: Fetch, header list, "get". */
export function valueOf(headers: readonly HeaderLine[], name: string): string | null {
  const values = valuesOf(headers, name);
  return values.length === 0 ? null : values.join(", ");
}

/** The list with names in lower case and sorted, lines of one name joined. Source: Fetch, "sort and combine". */
export function sortAndCombine(headers: readonly HeaderLine[]): readonly HeaderLine[] {
  const combined = new Map<string, string>();
  for (const [key, value] of headers) {
    const name = key.toLowerCase();
    const before = combined.get(name);
    combined.set(name, before === undefined ? normalise(value) : `${before}, ${normalise(value)}`);
  }
  return [...combined].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The elements of a list header, empty ones left out; null: the header is not there. Source: Fetch, "extract header list values". */
export function elementsOf(headers: readonly HeaderLine[], name: string): readonly string[] | null {
  const value = valueOf(headers, name);
  if (value === null) return null;
  return value
    .split(",")
    .map(normalise)
    .filter((element) => element !== "");
}
