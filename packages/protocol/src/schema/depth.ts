/** Values deeper than this are refused, before anything recurses over them. */
export const MAX_JSON_DEPTH = 100;

/** Whether a value of `JSON.parse` has at most so many levels. */
export function depthWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  for (const entry of Object.values(value)) if (!depthWithin(entry, levels - 1)) return false;
  return true;
}
