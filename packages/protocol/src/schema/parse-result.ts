/** One thing that is wrong with a value, and where: `params.input.content[0].text`. */
export interface SchemaIssue {
  /** Path of the field; "" is the value itself. */
  readonly path: string;
  readonly message: string;
}

/** A parsed value, or everything that is wrong with it. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[] };

/** A path in words; "" for the empty one. */
export function pathOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text;
}
