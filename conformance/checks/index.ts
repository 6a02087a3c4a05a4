import type { Check } from "../suite/check.ts";
import { attachmentChecks } from "./attachments.ts";
import { badInputChecks } from "./bad-input.ts";
import { corsChecks } from "./cors.ts";
import { errorChecks } from "./errors.ts";
import { ownershipChecks } from "./ownership.ts";
import { pageChecks } from "./pages.ts";
import { turnChecks } from "./turns.ts";

/** Every check beyond the transcripts. */
export const allChecks: readonly Check[] = [
  ...attachmentChecks,
  ...badInputChecks,
  ...corsChecks,
  ...errorChecks,
  ...ownershipChecks,
  ...pageChecks,
  ...turnChecks,
];
