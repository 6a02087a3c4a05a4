import { VERSION } from "@waybill/server";
import type { Problem } from "./settings.ts";
import type { WaybillFacts } from "./start.ts";

/** What a person sees when everything listens. */
export function banner(waybill: WaybillFacts, notes: readonly string[]): string {
  const rows: [string, string][] = [
    ...(waybill.demoUrl === undefined
      ? []
      : [["Demo page", `${waybill.demoUrl}   ← open this one`] as [string, string]]),
    ["API", `${waybill.apiUrl}/chatkit`],
    ["Files", waybill.filesUrl],
    ["Element", `<script src="${waybill.apiUrl}/chatkit.js"></script>`],
    ["Stored", waybill.facts.store],
    ["Responder", waybill.facts.responder],
    ["Origins", waybill.facts.origins],
    ["Users", waybill.facts.users],
    ["Stop", "Ctrl+C"],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`);
  return [`\nWaybill ${VERSION}\n`, ...lines, ...notes.map((note) => `\n  Note: ${note}`), ""].join("\n");
}

/** Everything that keeps Waybill from starting, each with its fix. */
export function problemReport(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "one thing needs mending" : `${problems.length} things need mending`;
  const lines = problems.map(({ name, message }) => `  ${name}\n    ${message}`);
  return [`\nWaybill cannot start: ${count}.\n`, ...lines, ""].join("\n");
}
