import { en } from "zod/locales";
import * as z from "zod/mini";

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

const describe = en().localeError;

function pathOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text;
}

/** Checks `value` without `eval`, so that it also works under a strict content security policy. */
export function parseWith<T>(schema: z.ZodMiniType<T>, value: unknown): ParseResult<T> {
  const result = schema.safeParse(value, { error: describe, jitless: true });
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    issues: result.error.issues.map((issue) => ({ path: pathOf(issue.path), message: issue.message })),
  };
}
