import * as z from "zod/mini";
import type { Json } from "../items.ts";
import { depthWithin, MAX_JSON_DEPTH } from "./depth.ts";

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
