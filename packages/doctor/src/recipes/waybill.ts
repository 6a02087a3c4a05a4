import type { Need, Recipe } from "./recipe.ts";

/** Recipes for Waybill's own server. */
export const WAYBILL: readonly Recipe[] = [
  {
    id: "waybill/allowed-origins",
    server: "waybill",
    causes: ["origin-not-listed"],
    where: "in the environment of `waybill serve`; other origins follow behind a comma",
    language: "sh",
    text: (need: Need) => `WAYBILL_ALLOWED_ORIGINS=${need.origin}\n`,
  },
];
