import { report } from "../report.ts";
import { type Look, type ReportOptions, Sheet } from "../sheet.ts";
import type { ChatKitCheck, ChatKitReport } from "./chatkit-report.ts";

const SIGNS: Readonly<Record<ChatKitCheck["outcome"], readonly [sign: string, look: Look]>> = {
  fine: ["✓", "green"],
  broken: ["✗", "red"],
  unknown: ["?", "yellow"],
  "left-out": ["-", "dim"],
};
const SUMMARIES = {
  fine: "can use this ChatKit server.",
  broken: "cannot use all of this ChatKit server.",
  unknown: "was not let in, so most of this ChatKit server was not seen.",
} as const;

/**
 * The check as a text for people: a sentence, each step with what was seen and what to do, what is left behind, and the
 * diagnosis of the first request that the page could not read. Ends with a line break.
 */
export function reportChatKit(found: ChatKitReport, options: ReportOptions = {}): string {
  const sheet = new Sheet(options);
  const { origin, url, outcome, waybill, checks, left, diagnosis } = found;
  const [sign, look] = SIGNS[outcome];
  sheet.prose(0, `${sign} A page of ${origin} ${SUMMARIES[outcome]}`, look, 2);
  sheet.line(2, `${url}${waybill === null ? "" : ` (Waybill ${waybill})`}`, "dim");
  sheet.gap();
  const columns = Math.max(...checks.map(({ step }) => step.length));
  for (const { step, outcome, sentence, help } of checks) {
    const [sign, look] = SIGNS[outcome];
    sheet.prose(2, `${sign} ${step.padEnd(columns)}  ${sentence}`, look, columns + 4);
    if (help !== "") sheet.prose(columns + 6, `help: ${help}`, undefined, 2);
  }
  if (left.length > 0) {
    sheet.gap();
    sheet.prose(0, `Left behind: ${left.join(", ")}.`, "yellow");
  }
  if (diagnosis === null) return sheet.toString();
  return `${sheet.toString()}\nThe first request that the page cannot read:\n\n${report(diagnosis, options)}`;
}
