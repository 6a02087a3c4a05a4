import { describe, expect, test } from "vitest";
import {
  APPLICATION_NAMES,
  type ApplicationName,
  startApplication,
} from "../../../conformance/faults/applications/start.ts";
import { compare, sentenceOf } from "../../../conformance/faults/compare.ts";
import { parseDescription } from "../../../conformance/faults/description.ts";
import { FAULTS } from "../../../conformance/faults/faults.ts";
import { type Expectation, reasonsAgainst, type Seen } from "../../../conformance/faults/judge.ts";
import { runFaults } from "../../../conformance/faults/run.ts";

describe("whatever fails behind a guard can be read by the allowed page, and by no other", () => {
  test.each(APPLICATION_NAMES)("%s", async (name: ApplicationName) => {
    const comparison = await compare(name);
    console.log(sentenceOf(comparison));
    expect(comparison.http2 === undefined).toBe(name.startsWith("Express"));
    for (const { plain, guarded } of [comparison, comparison.http2 ?? comparison]) {
      expect(guarded.filter(({ reasons }) => reasons.length > 0)).toEqual([]);
      expect(guarded.length).toBeGreaterThanOrEqual(3 * 24);
      // Otherwise the faults are none, or the runner sees nothing.
      if (plain !== undefined) expect(plain.some(({ reasons }) => reasons.length > 0)).toBe(true);
    }
  });
});

describe("the runner", () => {
  const ORIGIN = "https://app.example";
  const right: Seen = {
    status: 500,
    allowOrigin: [ORIGIN],
    allowCredentials: ["true"],
    vary: ["Accept, Origin"],
    exposed: ["x-request-id"],
  };
  const nothing: Seen = { ...right, allowOrigin: [], allowCredentials: [], exposed: [] };
  const asked: Expectation = {
    asker: "allowed",
    origin: ORIGIN,
    statuses: [500],
    credentials: true,
    exposedHeaders: ["X-Request-Id"],
  };
  const denied: Expectation = { ...asked, asker: "denied", origin: "https://denied.example" };
  test.each<[string, Seen | null, Expectation, readonly string[]]>([
    ["all is well", right, asked, []],
    ["Vary says more", { ...right, vary: ["*"] }, asked, []],
    ["nothing came", null, asked, ["no answer"]],
    ["another status", { ...right, status: 200 }, asked, ["status 200, not 500"]],
    ["nothing is granted", nothing, asked, ["no Allow-Origin"]],
    ["twice", { ...right, allowOrigin: [ORIGIN, ORIGIN] }, asked, ["2 lines of Allow-Origin"]],
    ["everybody", { ...right, allowOrigin: ["*"] }, asked, [`Allow-Origin *, not ${ORIGIN}`]],
    ["no credentials", { ...right, allowCredentials: [] }, asked, ["no Allow-Credentials"]],
    ["no names", { ...right, exposed: [] }, asked, ["does not expose X-Request-Id"]],
    ["no Vary", { ...right, vary: [] }, asked, ["no Vary: Origin"]],
    ["nothing for a denied origin", nothing, denied, []],
    ["a refusal of a denied origin", { ...nothing, status: 403 }, denied, []],
    ["a grant for a denied origin", right, denied, [`Allow-Origin ${ORIGIN}, not none`]],
    [
      "a grant for nobody",
      { ...right, allowOrigin: ["*"] },
      { ...asked, asker: "none" },
      ["Allow-Origin *, not none"],
    ],
  ])("judges: %s", (_name, seen, expected, reasons) => {
    expect(reasonsAgainst(seen, expected)).toEqual(reasons);
  });

  test("tries what a description has a route for, and faults of the bytes on ok", async () => {
    await using waybill = await startApplication("Waybill");
    const { shutDown: _, ...description } = waybill.description;
    const cells = await runFaults(waybill.guarded, {
      ...description,
      faults: { ok: { path: "/v1", statuses: [299] } },
    });
    const ofBytes = FAULTS.slice(-6, -1).map(({ id }) => id);
    expect([...new Set(cells.map(({ fault }) => fault))]).toEqual(["ok", ...ofBytes]);
    expect(cells.filter(({ reasons }) => reasons.length > 0)).toEqual(
      ["allowed", "denied", "none"].map((asker) =>
        expect.objectContaining({ fault: "ok", asker, reasons: ["status 200, not 299"] }),
      ),
    );
  });

  test("sees that a server says 503 while it shuts down, over HTTP/2 too", async () => {
    await using waybill = await startApplication("Waybill");
    const faults = { ok: { path: "/v1" } };
    const { http2 } = waybill;
    const cells = [
      await runFaults(waybill.guarded, { ...waybill.description, faults }),
      await runFaults(http2?.guarded ?? "", { ...waybill.description, faults }, { ...http2, http2: true }),
    ].map((all) => all.filter(({ fault }) => fault === "shutting-down"));
    expect(cells.map((row) => row.map(({ seen }) => seen?.status))).toEqual([
      [503, 503, 503],
      [503, 503, 503],
    ]);
    expect(cells.flat().flatMap(({ reasons }) => reasons)).toEqual([]);
    // It is gone by then.
    await expect(fetch(waybill.guarded)).rejects.toThrow("fetch failed");
  });

  test.each([
    ["{}", "no faults"],
    ['{"faults":{}}', "allowedOrigin"],
    [`{"faults":{},"allowedOrigin":"${ORIGIN}"}`, "no ok"],
    [`{"faults":{"ok":{}},"allowedOrigin":"${ORIGIN}"}`, "faults.ok has no path"],
    [`{"faults":{"ok":{"path":"/"},"on-fire":{"path":"/"}},"allowedOrigin":"${ORIGIN}"}`, "no fault on-fire"],
  ])("refuses the description %s", (text, problem) => {
    expect(() => parseDescription(text)).toThrow(problem);
  });
});
