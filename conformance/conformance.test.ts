import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allChecks } from "./checks/index.ts";
import { failureText } from "./suite/report.ts";
import { citationFaults, loadRequirements } from "./suite/requirements.ts";
import { type Result, runCheck, runScenario, type Target } from "./suite/run.ts";
import { loadScenarios } from "./suite/scenario.ts";
import { ALLOWED_ORIGIN, type Servers, startOfficial, startWaybill } from "./suite/servers.ts";

const python = process.env["OFFICIAL_PYTHON"] || undefined;
/** Three servers that load a language's whole framework, on a machine that is busy. */
const STARTED_WITHIN_MS = 180_000;
const scenarios = loadScenarios();
const citing = [...scenarios.map(({ id, requirements }) => ({ name: id, requirements })), ...allChecks];

test("every requirement is cited, and every citation is of a requirement", () => {
  expect(citationFaults(loadRequirements(), citing)).toEqual([]);
});

test("faults of citations are found", () => {
  const known = (id: string) => ({ id, behaviour: "", source: "" });
  const requirements = [known("A-B-001"), known("A-B-001"), known("AB1"), known("A-C-001")];
  expect(
    citationFaults(requirements, [
      { name: "one", requirements: ["A-B-001", "AB1", "A-D-001"] },
      { name: "two", requirements: [] },
    ]),
  ).toEqual([
    "A-B-001 stands twice.",
    "AB1 is not of the form AREA-TOPIC-001.",
    "one cites A-D-001, which there is not.",
    "two cites no requirement.",
    "A-C-001 is cited by nothing.",
  ]);
});

test("no two tests have one name", () => {
  const names = citing.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

const mustPass = (result: Result) => {
  if (result.outcome !== "passed") throw new Error(failureText(result));
};

describe("Waybill", { concurrent: true }, () => {
  let servers: Servers;
  let target: Target;
  beforeAll(async () => {
    servers = await startWaybill();
    target = { ...servers, allowedOrigin: ALLOWED_ORIGIN };
  }, STARTED_WITHIN_MS);
  afterAll(() => servers?.[Symbol.asyncDispose]());

  test.each(scenarios)("$id: $title", async (scenario) => {
    mustPass(await runScenario(scenario, target));
  });
  test.each(allChecks)("$name", async (check) => {
    mustPass(await runCheck(check, target, true));
  });
});

describe.runIf(python !== undefined)("the official server", { concurrent: true }, () => {
  let servers: Servers;
  let target: Target;
  beforeAll(async () => {
    servers = await startOfficial(python ?? "");
    target = { ...servers, upstream: true };
  }, STARTED_WITHIN_MS);
  afterAll(() => servers?.[Symbol.asyncDispose]());

  test.each(scenarios)("$id: $title", async (scenario) => {
    mustPass(await runScenario(scenario, target));
  });
  test.each(allChecks.filter(({ needs }) => needs === "protocol"))("$name", async (check) => {
    mustPass(await runCheck(check, target, false));
  });
});
