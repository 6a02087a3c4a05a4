import * as z from "zod/mini";
import type { Json } from "../items.ts";

/** Values deeper than this are refused, before anything recurses over them. */
export const MAX_JSON_DEPTH = 100;

/** Any JSON value of at most {@link MAX_JSON_DEPTH} levels. Input comes from `JSON.parse`, so only depth is left to check. */
export const json: z.ZodMiniType<Json> = z.custom<Json>(
  (value) => value !== undefined && depthWithin(value, MAX_JSON_DEPTH),
  `Invalid input: expected JSON of at most ${MAX_JSON_DEPTH} levels`,
);

/** An object of JSON values. */
export const jsonObject: z.ZodMiniType<{ readonly [key: string]: Json }> = z.custom<{
  readonly [key: string]: Json;
}>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    depthWithin(value, MAX_JSON_DEPTH),
  `Invalid input: expected object of at most ${MAX_JSON_DEPTH} levels`,
);

function depthWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  for (const entry of Object.values(value)) if (!depthWithin(entry, levels - 1)) return false;
  return true;
}
