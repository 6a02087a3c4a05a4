import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allChecks } from "./checks/index.ts";
import { failureText, summaryText } from "./suite/report.ts";
import { loadRequirements } from "./suite/requirements.ts";
import { type Result, run, silentOnes, type Target } from "./suite/run.ts";
import { loadScenarios } from "./suite/scenario.ts";
import { ALLOWED_ORIGIN, type Servers, startOfficial, startWaybill } from "./suite/servers.ts";

const USAGE = `Usage: npm run conformance -- [options]

Without --base-url, the scripted Waybill server is started in its three variants.

  --base-url URL     the server under test; it takes files in two phases (POST URL/chatkit)
  --direct-url URL   the same with direct uploads; without it, what needs it is left out
  --none-url URL     the same without files
  --origin ORIGIN    an origin that these servers serve, and not every other: for the checks of CORS
  --official         starts the official Python server instead, by OFFICIAL_PYTHON; takes --upstream with it
  --upstream         takes the official server's own answer where a better one is known, and lists the bugs seen
  --filter TEXT      only scenarios and checks whose name or requirement ids have this text
  --json FILE        writes the results as JSON
  --list             prints the requirements, and which tests cite each, and ends`;

const print = (text: string) => process.stdout.write(`${text}\n`);

function options() {
  try {
    const { values: given } = parseArgs({
      options: {
        "base-url": { type: "string" },
        "direct-url": { type: "string" },
        "none-url": { type: "string" },
        origin: { type: "string" },
        official: { type: "boolean", default: false },
        upstream: { type: "boolean", default: false },
        filter: { type: "string", default: "" },
        json: { type: "string" },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (
      given["base-url"] === undefined &&
      (given["direct-url"] ?? given["none-url"] ?? given.origin) !== undefined
    )
      throw new Error("--direct-url, --none-url and --origin go with --base-url.");
    return given;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    return process.exit(2);
  }
}

const values = options();
const isWanted = ({
  name,
  requirements,
}: {
  readonly name: string;
  readonly requirements: readonly string[];
}) => [name, ...requirements].some((text) => text.includes(values.filter));
const scenarios = loadScenarios().filter((scenario) => isWanted({ ...scenario, name: scenario.id }));
const checks = allChecks.filter(isWanted);

async function startServers(): Promise<Servers> {
  if (!values.official) return startWaybill();
  const python = process.env["OFFICIAL_PYTHON"];
  if (python) return startOfficial(python);
  process.stderr.write(
    "--official needs OFFICIAL_PYTHON: an interpreter with official-server/requirements.txt.\n",
  );
  return process.exit(2);
}

async function test(target: Target): Promise<readonly Result[]> {
  const results = await run(scenarios, checks, target, ({ outcome }) => {
    process.stderr.write({ passed: ".", failed: "F", "left out": "-" }[outcome]);
  });
  process.stderr.write("\n\n");
  for (const result of results) if (result.outcome === "failed") print(`${failureText(result)}\n`);
  print(summaryText(results));
  return results;
}

async function main(): Promise<boolean> {
  if (scenarios.length + checks.length === 0) {
    process.stderr.write(
      `No scenario and no check has ${JSON.stringify(values.filter)} in its name or its ids.\n`,
    );
    return false;
  }
  const { "base-url": baseUrl, "direct-url": direct, "none-url": none } = values;
  let results: readonly Result[];
  if (baseUrl === undefined) {
    await using servers = await startServers();
    const allowedOrigin = values.official ? undefined : ALLOWED_ORIGIN;
    results = await test({ ...servers, allowedOrigin, upstream: values.upstream || values.official });
  } else {
    const urls = Object.entries({ two_phase: baseUrl, direct, none }).flatMap(([strategy, url]) =>
      url === undefined ? [] : [[strategy, url.replace(/\/+$/, "")]],
    );
    const target: Target = { urls: Object.fromEntries(urls), upstream: values.upstream };
    for (const silent of await silentOnes(target)) {
      process.stderr.write(`Nothing answers at ${silent}.\n`);
      return false;
    }
    results = await test({ ...target, allowedOrigin: values.origin });
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
  const outcomes = results.map(({ outcome }) => outcome);
  return outcomes.includes("passed") && !outcomes.includes("failed");
}

function list(): void {
  const citing = [...scenarios.map(({ id, requirements }) => ({ name: id, requirements })), ...checks];
  for (const { id, behaviour, source } of loadRequirements()) {
    const by = citing.filter(({ requirements }) => requirements.includes(id)).map(({ name }) => name);
    if (by.length > 0) print(`${id}  ${behaviour}\n    Source: ${source}\n    Tests: ${by.join("; ")}`);
  }
}

if (values.help) print(USAGE);
else if (values.list) list();
else process.exitCode = (await main()) ? 0 : 1;
