import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Comparison, compareAll, sentenceOf } from "./compare.ts";
import { parseDescription } from "./description.ts";
import { pageOf } from "./page.ts";
import { type Cell, figureOf, runFaults } from "./run.ts";

const USAGE = `Usage: npm run faults -- [options]

Tries which failures of a server can be read by a page of an allowed origin, and by no other. Without
--base-url, Waybill and seven frameworks are tried, with and without guardCors.

  --base-url URL   the server to be tried
  --http2          over HTTP/2, in clear where the address is http
  --routes FILE    which request makes it commit which fault, as JSON: docs/faults.md
  --json FILE      writes what was seen of each fault as JSON
  --write          writes docs/faults.md; without --base-url only`;

const PAGE = join(import.meta.dirname, "../../docs/faults.md");
const print = (text: string) => process.stdout.write(`${text}\n`);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        "base-url": { type: "string" },
        routes: { type: "string" },
        http2: { type: "boolean", default: false },
        json: { type: "string" },
        write: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const { "base-url": baseUrl, routes, write } = values;
    if ((baseUrl === undefined) !== (routes === undefined))
      throw new Error("--base-url and --routes go together.");
    if (baseUrl !== undefined && !/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? ""))
      throw new Error(`--base-url is ${baseUrl}, which is no http or https address.`);
    if (values.http2 && baseUrl === undefined) throw new Error("--http2 goes with --base-url.");
    if (baseUrl !== undefined && write) throw new Error("--write goes without --base-url.");
    const description = routes === undefined ? undefined : parseDescription(readFileSync(routes, "utf8"));
    return { ...values, description };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return process.exit(2);
  }
}

const wrong = (cells: readonly Cell[]) => cells.filter(({ reasons }) => reasons.length > 0);

const allGuarded = ({ guarded, http2 }: Comparison) => [...guarded, ...(http2?.guarded ?? [])];

function printWrong(cells: readonly Cell[]): void {
  const askers = { allowed: "the allowed origin", denied: "another origin", none: "no origin" };
  for (const { fault, asker, reasons } of wrong(cells))
    print(`  ${fault}, ${askers[asker]}: ${reasons.join("; ")}`);
}

async function main(): Promise<boolean> {
  const { "base-url": baseUrl, description, http2, json, write, help } = options();
  if (help) {
    print(USAGE);
    return true;
  }
  let seen: unknown;
  let isRight: boolean;
  if (baseUrl !== undefined && description !== undefined) {
    const cells = await runFaults(baseUrl, description, { http2 });
    printWrong(cells);
    print(`${baseUrl}: ${figureOf(cells)}`);
    seen = cells;
    isRight = wrong(cells).length === 0;
  } else {
    const comparisons = await compareAll((comparison) => {
      print(sentenceOf(comparison));
      printWrong(allGuarded(comparison));
    });
    if (write) writeFileSync(PAGE, pageOf(comparisons));
    seen = comparisons;
    isRight = comparisons.every((comparison) => wrong(allGuarded(comparison)).length === 0);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(seen, null, 1)}\n`);
  return isRight;
}

process.exitCode = (await main()) ? 0 : 1;
