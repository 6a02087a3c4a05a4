import type { Result } from "./run.ts";

const MOST_DIFFERENCES = 8;

/** One failure as a compiler would tell of it. */
export function failureText(result: Result): string {
  const where =
    result.kind === "scenario" ? `conformance/scenarios/${result.name}.json` : "conformance/checks";
  const shown = result.differences.slice(0, MOST_DIFFERENCES);
  const left = result.differences.length - shown.length;
  return [
    `error: ${result.name}${result.kind === "scenario" ? `: ${result.title}` : ""}`,
    `  --> ${where}${result.note === undefined ? "" : `, ${result.note}`}`,
    `  ${result.requirements.join(", ")}`,
    ...shown.flatMap(({ path, expected, got }) => [
      `    ${path}`,
      `      expected  ${expected}`,
      `      got       ${got}`,
    ]),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ].join("\n");
}

/** Counts per group, what was left out and which bugs were seen, and a last line with the sums. */
export function summaryText(results: readonly Result[]): string {
  const rows = [...Map.groupBy(results, groupOf)].map(([group, members]) => ({
    group,
    passed: count(members, "passed"),
    failed: count(members, "failed"),
    leftOut: count(members, "left out"),
  }));
  const width = Math.max(...rows.map(({ group }) => group.length), 5);
  const line = (...[group, ...figures]: readonly [string, ...(number | string)[]]) =>
    [group.padEnd(width), ...figures.map((figure) => `${figure}`.padStart(9))].join(" ");
  const bugs = results.flatMap(({ name, bugs: seen }) => seen.map((bug) => `  ${name}, ${bug}`));
  const out = results.filter(({ outcome }) => outcome === "left out");
  const steps = results.reduce((sum, result) => sum + (result.outcome === "passed" ? result.steps : 0), 0);
  return [
    line("group", "passed", "failed", "left out"),
    ...rows.map((row) => line(row.group, row.passed, row.failed, row.leftOut)),
    ...(out.length === 0 ? [] : ["", `Left out, ${out.length}:`]),
    ...out.map(({ name, note }) => `  ${name} (${note})`),
    ...(bugs.length === 0 ? [] : ["", `Faults of the official server that were seen, ${bugs.length}:`]),
    ...bugs,
    "",
    `${count(results, "passed")} passed, ${count(results, "failed")} failed, ${out.length} left out ` +
      `(${steps} steps of scenarios fit)`,
  ].join("\n");
}

function groupOf({ kind, name, requirements }: Result): string {
  if (kind === "scenario") return `scenarios ${name.split(".", 1)[0]}`;
  return `checks ${requirements[0]?.split("-", 1)[0] ?? ""}`;
}

function count(results: readonly Result[], outcome: Result["outcome"]): number {
  return results.filter((result) => result.outcome === outcome).length;
}
