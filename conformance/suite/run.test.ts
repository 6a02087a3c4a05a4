import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type Check, mustAnswer, Person } from "./check.ts";
import { failureText, summaryText } from "./report.ts";
import { run, silentOnes } from "./run.ts";
import type { Scenario } from "./scenario.ts";

/** The address of a server that answers everything with 500 and the text `no`. */
async function brokenServer(): Promise<string> {
  const server = createServer((_, response) => response.writeHead(500).end("no")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = { body: { type: "threads.list", params: {} } };
const scenario = (id: string, expect: Scenario["steps"][number]): Scenario => ({
  id,
  title: "a list",
  requirements: ["A-B-001"],
  upstream: [],
  uploadStrategy: "any",
  steps: [expect],
});
const check = (name: string, needs: Check["needs"]): Check => ({
  name,
  requirements: ["C-D-001"],
  needs,
  async run(world) {
    mustAnswer(await new Person(world).ask("threads.list", {}), { status: 200 });
  },
});

test("what fails is told with path, expected and got; what cannot be there is left out by name", async () => {
  const urls = { two_phase: await brokenServer() };
  const better = { status: 400 };
  const bug = { request, expect: { status: 500, text: "no" }, upstreamBug: "framework 500", better };
  const scenarios = [
    scenario("a.fits", { request, expect: { status: "5xx", text: "no" } }),
    scenario("a.fails", { request, expect: { status: 200, json: {} } }),
    scenario("a.bug", bug),
    { ...scenario("b.direct", bug), uploadStrategy: "direct" as const },
  ];
  const checks = [check("fails", "protocol"), check("is left out", "waybill")];

  const results = await run(scenarios, checks, { urls });
  expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["a.fits", "passed"],
    ["a.fails", "failed"],
    ["a.bug", "failed"],
    ["b.direct", "left out"],
    ["fails", "failed"],
    ["is left out", "left out"],
  ]);
  expect(failureText(results[1]!)).toBe(
    [
      "error: a.fails: a list",
      "  --> conformance/scenarios/a.fails.json, step 0, POST /chatkit threads.list",
      "  A-B-001",
      "    status",
      "      expected  200",
      "      got       500",
      "    json",
      "      expected  {}",
      "      got       null",
    ].join("\n"),
  );
  const summary = summaryText(results);
  expect(summary).toContain("is left out (the server does not name itself Waybill)");
  expect(summary).toMatch(/^1 passed, 3 failed, 2 left out \(1 steps of scenarios fit\)$/m);

  const upstream = await run(scenarios, [], { urls, upstream: true });
  expect(summaryText(upstream)).toContain("a.bug, step 0: framework 500");
  expect(upstream[2]?.outcome).toBe("passed");
});

test("an address at which nothing listens is known before anything is tested", async () => {
  const answering = await brokenServer();
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const silent = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  await once(closed, "close");
  expect(await silentOnes({ urls: { two_phase: answering, none: silent } })).toEqual([silent]);
});
