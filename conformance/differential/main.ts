import { parseArgs } from "node:util";
import { type Report, runDifferential } from "./run.ts";

const USAGE = `Usage: npm run differential -- [options]

Carries out exchanges that are drawn by chance in a real Chromium, and holds what it concludes
against what the model predicts (@waybill/policy/browser).

  --cases N   how many (2000)
  --seed S    which (1)
  --show N    how many mismatches are printed as JSON (20)`;

const print = (text: string) => process.stdout.write(`${text}\n`);

function options(): { readonly cases: number; readonly seed: number; readonly show: number } {
  try {
    const { values } = parseArgs({
      options: {
        cases: { type: "string", default: "2000" },
        seed: { type: "string", default: "1" },
        show: { type: "string", default: "20" },
      },
    });
    const [cases, seed, show] = [Number(values.cases), Number(values.seed), Number(values.show)];
    if (![cases, seed, show].every(Number.isSafeInteger) || cases < 1)
      throw new Error("--cases, --seed and --show are whole numbers, and at least one case.");
    return { cases, seed, show };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return process.exit(2);
  }
}

const table = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([name, times]) => `  ${String(times).padStart(6)}  ${name}`)
    .join("\n");

function printReport(report: Report, show: number, seconds: number): void {
  for (const mismatch of report.mismatches.slice(0, show)) print(JSON.stringify(mismatch, null, 1));
  const agreed = report.cases - report.mismatches.length;
  print(`Chromium's verdicts, ${report.verdicts.size} different ones:\n${table(report.verdicts)}`);
  print(`departures that took effect:\n${table(report.departures)}`);
  print(`${report.againstStandard} cases in which the standard asks for something else`);
  print(
    `${report.cases} cases, ${agreed} agreed, ${report.mismatches.length} did not (${seconds.toFixed(1)} s)`,
  );
}

const { cases, seed, show } = options();
const startedMs = performance.now();
const report = await runDifferential({ cases, seed });
printReport(report, show, (performance.now() - startedMs) / 1000);
process.exitCode = report.mismatches.length === 0 ? 0 : 1;
