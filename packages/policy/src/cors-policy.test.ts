import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyCors, type CorsConfig, type CorsDecision, type CorsPolicy, createCorsPolicy } from "./index.ts";

function policyOf(config: CorsConfig): CorsPolicy {
  const result = createCorsPolicy(config);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.policy;
}

const ORIGIN = "https://app.example";
const own = policyOf({
  origins: [ORIGIN, "http://localhost:3000"],
  methods: ["PUT"],
  allowedHeaders: ["X-Own", "Content-Type"],
  exposedHeaders: ["X-Request-Id", "Waybill"],
  credentials: true,
  maxAgeSeconds: 600,
});
const echo = policyOf({ origins: [ORIGIN], allowedHeaders: "echo" });
const everybody = policyOf({ origins: "*", allowedHeaders: ["*"], methods: ["*"], exposedHeaders: ["*"] });
const headersOf = (decision: CorsDecision) => Object.fromEntries(decision.headers);
const preflight = (
  policy: CorsPolicy,
  requestMethod: string,
  requestHeaders?: string | string[],
  origin = ORIGIN,
) => policy.decide({ method: "OPTIONS", origin, requestMethod, requestHeaders });

describe("an actual request", () => {
  test("of an allowed origin gets its own bytes back, credentials and exposed headers", () => {
    const decision = own.decide({ method: "POST", origin: ORIGIN });
    expect(decision).toMatchObject({ kind: "actual", origin: "allowed", varies: true });
    expect(headersOf(decision)).toEqual({
      "access-control-allow-origin": ORIGIN,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "X-Request-Id, Waybill",
    });
  });

  test.each([
    ["another host", "https://evil.example"],
    ["the origin as a prefix", "https://app.example.evil.com"],
    ["the origin as a suffix", "https://evilapp.example"],
    ["a subdomain", "https://sub.app.example"],
    ["null", "null"],
    ["another scheme", "http://app.example"],
    ["another port", "https://app.example:8443"],
    ["the default port", "https://app.example:443"],
    ["another case", "https://App.Example"],
    ["a dot at the end", "https://app.example."],
    ["a slash at the end", "https://app.example/"],
    ["a path", "https://app.example/.evil.com"],
    ["an underscore after it", "https://app.example_.evil.com"],
    ["a backtick after it", "https://app.example`.evil.com"],
    ["a brace after it", "https://app.example{.evil.com"],
    ["a percent sign after it", "https://app.example%60.evil.com"],
    ["user info", "https://app.example@evil.com"],
    ["a dot as any character", "https://appxexample"],
    ["two origins", "https://app.example, https://evil.example"],
    ["white space before it", " https://app.example"],
    ["a star", "*"],
    ["nothing", ""],
    ["a name from Object.prototype", "__proto__"],
  ])("of %s gets nothing", (_name, origin) => {
    expect(own.decide({ method: "GET", origin })).toEqual({
      kind: "actual",
      origin: "denied",
      headers: [],
      varies: true,
    });
    expect(preflight(own, "PUT", "x-own", origin)).toMatchObject({
      status: 403,
      denied: "origin",
      headers: [],
    });
  });

  test("without an origin, or with one of more than 2 KiB, is nobody's page", () => {
    const absent = { kind: "actual", origin: "absent", headers: [], varies: true };
    expect(own.decide({ method: "POST" })).toEqual(absent);
    expect(own.decide({ method: "POST", origin: `https://${"a".repeat(2_041)}` })).toEqual(absent);
    expect(own.decide({ method: "POST", origin: `https://${"a".repeat(2_040)}` }).origin).toBe("denied");
  });

  test("gets a public policy's headers with and without an origin, the same for everybody", () => {
    const expected = [
      ["access-control-allow-origin", "*"],
      ["access-control-expose-headers", "*"],
    ];
    for (const origin of [undefined, "null", ORIGIN, "anything"]) {
      expect(everybody.decide({ method: "GET", origin })).toMatchObject({ headers: expected, varies: false });
    }
  });
});

describe("a preflight", () => {
  test("is OPTIONS with Origin and Access-Control-Request-Method, and nothing else is", () => {
    expect(preflight(own, "PUT").kind).toBe("preflight");
    expect(own.decide({ method: "OPTIONS", origin: ORIGIN }).kind).toBe("actual");
    expect(own.decide({ method: "OPTIONS", requestMethod: "PUT" }).kind).toBe("actual");
    expect(own.decide({ method: "POST", origin: ORIGIN, requestMethod: "PUT" }).kind).toBe("actual");
  });

  test("that may is answered with 204, what was asked for, and how long that holds", () => {
    const decision = preflight(own, "PUT", "content-type,x-own");
    expect(decision).toMatchObject({ status: 204, origin: "allowed" });
    expect(headersOf(decision)).toEqual({
      "access-control-allow-origin": ORIGIN,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, HEAD, POST, PUT",
      "access-control-allow-headers": "content-type, x-own",
      "access-control-max-age": "600",
    });
  });

  test.each([
    ["method", "DELETE", "x-own"],
    ["method", "put", "x-own"],
    ["method", "", "x-own"],
    ["method", "PUT, GET", "x-own"],
    ["headers", "PUT", "x-other"],
    ["headers", "PUT", "x-own, x-other"],
    ["headers", "PUT", "x-own x-own"],
    ["headers", "PUT", "x-own:"],
  ])("is told that its %s may not: %j %j", (denied, method, headers) => {
    const decision = preflight(own, method, headers);
    expect(decision).toMatchObject({ kind: "preflight", status: 403, denied, origin: "allowed" });
    expect(headersOf(decision)).toEqual({
      "access-control-allow-origin": ORIGIN,
      "access-control-allow-credentials": "true",
    });
  });

  test("needs no permission for GET, HEAD and POST", () => {
    for (const method of ["GET", "HEAD", "POST"])
      expect(preflight(echo, method)).toMatchObject({ status: 204 });
  });

  test("echoes what an allowed origin names, forbidden names aside", () => {
    const decision = preflight(echo, "POST", "chatkit-frame-instance-id,Content-Type");
    expect(headersOf(decision)["access-control-allow-headers"]).toBe(
      "chatkit-frame-instance-id, content-type",
    );
    for (const name of ["cookie", "Host", "proxy-x", "sec-fetch-site", "access-control-x"]) {
      expect(preflight(echo, "POST", `x-a, ${name}`)).toMatchObject({ status: 403, denied: "headers" });
    }
  });

  test("does not take * for Authorization, nor for forbidden methods", () => {
    expect(preflight(everybody, "PATCH", "x-any")).toMatchObject({ status: 204 });
    expect(preflight(everybody, "PATCH", "authorization")).toMatchObject({ status: 403, denied: "headers" });
    expect(preflight(everybody, "TRACE")).toMatchObject({ status: 403, denied: "method" });
  });
});

test("whatever bytes come, decides without throwing, on one origin at most, and on none that is not configured", () => {
  const bytes = fc.oneof(
    fc.string({ unit: "binary-ascii", maxLength: 100 }),
    fc.constantFrom(
      ORIGIN,
      "null",
      "*",
      "http://localhost:3000",
      "https://APP.example",
      "content-type",
      "PUT",
      "https://\u00fc.example",
      "x-\u2028",
    ),
    fc
      .tuple(fc.constant(ORIGIN), fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 9 }))
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(
      fc.constantFrom("GET", "POST", "OPTIONS"),
      fc.option(bytes, { nil: undefined }),
      fc.option(bytes, { nil: undefined }),
      fc.option(fc.oneof(bytes, fc.array(bytes, { maxLength: 4 })), { nil: undefined }),
      (method, origin, requestMethod, requestHeaders) => {
        for (const policy of [own, echo]) {
          const decision = policy.decide({ method, origin, requestMethod, requestHeaders });
          const allowed = decision.headers.filter(([name]) => name === "access-control-allow-origin");
          const known = origin === ORIGIN || (policy === own && origin === "http://localhost:3000");
          expect(allowed).toEqual(known ? [["access-control-allow-origin", origin]] : []);
          for (const [name, value] of decision.headers)
            expect(() => new Headers([[name, value]])).not.toThrow();
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

describe("applyCors", () => {
  const decision = own.decide({ method: "GET", origin: ORIGIN });
  const applied = (init: [string, string][], to: CorsDecision = decision) => {
    const headers = new Headers(init);
    applyCors(to, headers);
    return headers;
  };

  test("removes what others have said, in any case, and says it once", () => {
    const headers = applied([
      ["Access-Control-Allow-Origin", "*"],
      ["access-control-allow-origin", "https://evil.example"],
      ["Access-Control-Allow-Private-Network", "true"],
      ["Content-Type", "text/plain"],
    ]);
    expect(Object.fromEntries(headers)).toEqual({
      ...headersOf(decision),
      "content-type": "text/plain",
      vary: "Origin",
    });
  });

  test.each([
    [undefined, "Origin"],
    ["", "Origin"],
    ["Accept", "Accept, Origin"],
    ["Accept, origin", "Accept, origin"],
    ["*", "*"],
    ["Accept, *", "Accept, *"],
    ["Origin-Agent-Cluster", "Origin-Agent-Cluster, Origin"],
  ])("makes %j of Vary %j", (before, after) => {
    expect(applied(before === undefined ? [] : [["vary", before]]).get("vary")).toBe(after);
  });

  test("names Origin on denied and origin-less answers too, and not on public ones", () => {
    expect(applied([], own.decide({ method: "GET" })).get("vary")).toBe("Origin");
    expect(applied([], own.decide({ method: "GET", origin: "null" })).get("vary")).toBe("Origin");
    expect(applied([], everybody.decide({ method: "GET", origin: ORIGIN })).has("vary")).toBe(false);
  });

  test("tells caches of preflights what else the answer depends on", () => {
    expect(applied([], preflight(own, "PUT")).get("vary")).toBe(
      "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    );
  });

  test("changes nothing when it is applied twice", () => {
    const name = fc.constantFrom(
      "vary",
      "access-control-allow-origin",
      "Access-Control-Max-Age",
      "x-own",
      "set-cookie",
    );
    const value = fc.constantFrom("*", "Origin", "origin, Accept", "Accept,,Accept", ORIGIN, "");
    const any = fc.constantFrom(
      decision,
      own.decide({ method: "GET" }),
      preflight(own, "PUT", "x-own"),
      preflight(own, "PUT", "x-own", "null"),
      everybody.decide({ method: "GET" }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), any, (lines, to) => {
        const headers = applied(lines, to);
        const once = [...headers];
        applyCors(to, headers);
        expect([...headers]).toEqual(once);
      }),
    );
  });
});
