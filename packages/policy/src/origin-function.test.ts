import { describe, expect, test, vi } from "vitest";
import { type AllowOrigin, type CorsConfig, type CorsPolicy, createCorsPolicy } from "./index.ts";

function policyOf(config: CorsConfig): CorsPolicy {
  const result = createCorsPolicy(config);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.policy;
}
const ORIGIN = "https://tenant.example";
const asked = (policy: CorsPolicy, origin: string) => policy.decide({ method: "POST", origin }).origin;

describe("a function for origins", () => {
  test("allows the origin that it returns, and is told what asks", () => {
    const allow = vi.fn<AllowOrigin>((origin) => (origin === ORIGIN ? origin : undefined));
    const policy = policyOf({ origins: allow, credentials: true });
    const decision = policy.decide({ method: "POST", origin: ORIGIN });
    expect(decision).toMatchObject({ kind: "actual", origin: "allowed", varies: true });
    expect(decision.headers).toContainEqual(["access-control-allow-origin", ORIGIN]);
    expect(allow).toHaveBeenCalledWith(ORIGIN, { method: "POST", origin: ORIGIN });
    expect(asked(policy, "https://other.example")).toBe("denied");
  });

  test("answers preflights, too", () => {
    const policy = policyOf({ origins: (origin) => origin, methods: ["PUT"] });
    const request = { method: "OPTIONS", origin: ORIGIN, requestMethod: "PUT" };
    expect(policy.decide(request)).toMatchObject({ kind: "preflight", status: 204, varies: true });
  });

  test.each([
    ["null"],
    [""],
    ["*"],
    ["file://"],
    ["https://tenant.example/"],
    ["https://Tenant.example"],
    ["https://tenant.example:443"],
    ["https://*.example"],
    ["https://tenant.example, https://tenant.example"],
    [`https://${"a".repeat(2_000)}`],
  ])("is not asked about %s, which is no origin", (origin) => {
    const allow = vi.fn<AllowOrigin>((given) => given);
    expect(asked(policyOf({ origins: allow }), origin)).toBe("denied");
    expect(allow).not.toHaveBeenCalled();
  });

  test("is not asked about http where credentials go along, the own machine aside", () => {
    const origins: AllowOrigin = (origin) => origin;
    const policy = policyOf({ origins, credentials: true });
    expect(asked(policy, "http://tenant.example")).toBe("denied");
    expect(asked(policy, "http://localhost:3000")).toBe("allowed");
    expect(asked(policyOf({ origins }), "http://tenant.example")).toBe("allowed");
    const risky = policyOf({ origins, credentials: true, dangerouslyAllowInsecureOrigins: true });
    expect(asked(risky, "http://tenant.example")).toBe("allowed");
  });

  test.each<[string, () => unknown]>([
    ["true", () => true],
    ["null", () => null],
    ["another origin", () => "https://other.example"],
    ["*", () => "*"],
    ["a list", () => [ORIGIN]],
    ["a promise", () => Promise.resolve(ORIGIN)],
    ["a promise that fails", () => Promise.reject(new Error("gone"))],
  ])("that returns %s allows nothing, and that is told", async (_name, answer) => {
    const onOriginError = vi.fn<NonNullable<CorsConfig["onOriginError"]>>();
    const policy = policyOf({ origins: answer as unknown as AllowOrigin, onOriginError });
    expect(asked(policy, ORIGIN)).toBe("denied");
    expect(onOriginError).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError), ORIGIN);
  });

  test("that throws allows nothing, and that is told", () => {
    const error = new Error("The database is gone.");
    const onOriginError = vi.fn<NonNullable<CorsConfig["onOriginError"]>>();
    const origins: AllowOrigin = () => {
      throw error;
    };
    expect(policyOf({ origins, onOriginError }).decide({ method: "GET", origin: ORIGIN })).toEqual({
      kind: "actual",
      origin: "denied",
      headers: [],
      varies: true,
    });
    expect(onOriginError).toHaveBeenCalledExactlyOnceWith(error, ORIGIN);
    expect(asked(policyOf({ origins }), ORIGIN)).toBe("denied");
  });
});

describe("a policy in debug mode", () => {
  const policy = policyOf({ origins: [ORIGIN], methods: ["PUT"], allowedHeaders: ["x-own"], debug: true });
  const preflight = (origin: string, requestMethod: string, requestHeaders: string) =>
    policy.decide({ method: "OPTIONS", origin, requestMethod, requestHeaders });
  const namesOf = (decision: { readonly headers: readonly (readonly [string, string])[] }) =>
    decision.headers.map(([name]) => name);

  test.each<[string, string, string, string, string[]]>([
    ["origin", "https://evil.example", "PUT", "x-own", []],
    ["method", ORIGIN, "PATCH", "x-own", ["access-control-allow-origin", "access-control-allow-methods"]],
    ["headers", ORIGIN, "PUT", "x-other", ["access-control-allow-origin", "access-control-allow-methods"]],
  ])(
    "refuses a preflight for its %s by headers alone, so that browsers name it",
    (denied, origin, method, headers, names) => {
      const decision = preflight(origin, method, headers);
      expect(decision).toMatchObject({ kind: "preflight", status: 204, denied });
      expect(namesOf(decision)).toEqual(names);
    },
  );

  test("allows and denies what it does otherwise", () => {
    expect(namesOf(preflight(ORIGIN, "PUT", "x-own"))).toContain("access-control-allow-headers");
    expect(asked(policy, "https://evil.example")).toBe("denied");
  });
});

describe("what goes with the origins", () => {
  const headersOf = (policy: CorsPolicy, origin?: string) =>
    Object.fromEntries(policy.decide({ method: "GET", origin }).headers);
  const origins = [ORIGIN, "https://other.example"];

  test("timings are told to whom they are meant for, and to nobody who may not read", () => {
    const policy = policyOf({ origins, timingAllowOrigins: [ORIGIN] });
    expect(headersOf(policy, ORIGIN)["timing-allow-origin"]).toBe(ORIGIN);
    expect(headersOf(policy, "https://other.example")["timing-allow-origin"]).toBeUndefined();
    expect(headersOf(policy, "https://evil.example")).toEqual({});
    expect(headersOf(policy)).toEqual({});
    const wild = policyOf({ origins: ["https://*.example"], timingAllowOrigins: [ORIGIN] });
    expect(headersOf(wild, ORIGIN)["timing-allow-origin"]).toBe(ORIGIN);
    const own = policyOf({ origins: (origin) => origin, timingAllowOrigins: [ORIGIN] });
    expect(headersOf(own, ORIGIN)["timing-allow-origin"]).toBe(ORIGIN);
  });

  test("a public policy says the same to everybody", () => {
    for (const origin of [undefined, ORIGIN, "null"]) {
      const all = policyOf({ origins: ["*"], timingAllowOrigins: "*", resourcePolicy: "cross-origin" });
      expect(headersOf(all, origin)).toEqual({
        "access-control-allow-origin": "*",
        "timing-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
      });
      const some = policyOf({ origins: "*", timingAllowOrigins: origins });
      expect(headersOf(some, origin)["timing-allow-origin"]).toBe(origins.join(", "));
    }
  });

  test("the resource policy is on every answer: pictures are asked for without an origin", () => {
    const policy = policyOf({ origins, resourcePolicy: "same-site" });
    for (const origin of [undefined, ORIGIN, "https://evil.example"])
      expect(headersOf(policy, origin)["cross-origin-resource-policy"]).toBe("same-site");
  });

  test.each<[CorsConfig["resourcePolicy"], CorsConfig["origins"], boolean]>([
    ["cross-origin", "*", true],
    ["same-site", "*", false],
    ["same-origin", "*", false],
    ["same-site", origins, true],
    ["same-origin", origins, false],
    ["same-origin", () => undefined, false],
  ])("the resource policy %s with %j compiles: %s", (resourcePolicy, given, ok) => {
    const result = createCorsPolicy({ origins: given, ...(resourcePolicy && { resourcePolicy }) });
    expect(result.ok).toBe(ok);
  });
});
