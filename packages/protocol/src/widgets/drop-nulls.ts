import type { Json } from "../items.ts";

/**
 * A deep copy without nulls: a property that is null is absent, lists are shorter. The payload of
 * an action is the application's own and is copied as it is, unless `payloads` is "drop", which is
 * upstream's way. Absent values (`undefined`) are left out as well.
 *
 * Source: openai-chatkit 1.6.5, `widgets.py`, serialisation of components.
 *
 * @default "keep" for `payloads`
 */
export function dropNulls<T extends Json>(value: T, payloads?: "keep" | "drop"): T;
export function dropNulls(value: Json, payloads: "keep" | "drop" = "keep"): Json {
  if (isList(value)) return value.filter(isThere).map((entry) => dropNulls(entry, payloads));
  if (typeof value !== "object" || value === null) return value;
  const kept = payloads === "keep" && typeof value["type"] === "string" ? "payload" : null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => isThere(entry))
      .map(([key, entry]) => [key, key === kept ? structuredClone(entry) : dropNulls(entry, payloads)]),
  );
}

const isThere = (value: Json | undefined): boolean => value !== null && value !== undefined;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
