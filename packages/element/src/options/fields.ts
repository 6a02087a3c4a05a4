/** What a page hands over, before anything is known of it. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object's fields; none for anything that is not an object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
