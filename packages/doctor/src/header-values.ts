import type { HeaderLine } from "@waybill/policy";

/** All lines of a name as they were written, without white space around them; empty if there is none. `name` is in lower case. */
export function valuesOf(headers: readonly HeaderLine[], name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value.trim());
}

/** The lines of a name as one, as browsers read them; null if there is none. */
export function valueOf(headers: readonly HeaderLine[], name: string): string | null {
  const values = valuesOf(headers, name);
  return values.length === 0 ? null : values.join(", ");
}

/** The elements of a list in lower case, empty ones left out; empty if there is no such header. */
export function listOf(headers: readonly HeaderLine[], name: string): readonly string[] {
  return (valueOf(headers, name) ?? "")
    .split(",")
    .map((element) => element.trim().toLowerCase())
    .filter((element) => element !== "");
}
