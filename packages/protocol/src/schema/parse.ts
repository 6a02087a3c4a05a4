import { en } from "zod/locales";
import * as z from "zod/mini";
import { type ParseResult, pathOf } from "./parse-result.ts";

const describe = en().localeError;

/** Checks `value` without `eval`, so that it also works under a strict content security policy. */
export function parseWith<T>(schema: z.ZodMiniType<T>, value: unknown): ParseResult<T> {
  const result = schema.safeParse(value, { error: describe, jitless: true });
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    issues: result.error.issues.map((issue) => ({ path: pathOf(issue.path), message: issue.message })),
  };
}
