import { expect, test } from "vitest";
import { runDifferential } from "./differential/run.ts";

test("Chromium concludes, sends and reads what the model of it says, in 2,000 exchanges drawn by chance", async () => {
  const { mismatches, verdicts, againstStandard } = await runDifferential({ cases: 2_000, seed: 1 });
  expect(mismatches).toEqual([]);
  // The draw covers what it is meant to: success, most of the names, and where Chromium leaves the standard.
  expect(verdicts.get("ok")).toBeGreaterThan(500);
  expect(verdicts.size).toBeGreaterThan(38);
  expect(againstStandard).toBeGreaterThan(50);
});
