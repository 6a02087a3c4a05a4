import type { Check } from "../suite/check.ts";

/** Every check beyond the transcripts. */
export const allChecks: readonly Check[] = [];
