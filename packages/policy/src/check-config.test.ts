import { describe, expect, test } from "vitest";
import { type CorsConfig, createCorsPolicy } from "./index.ts";

const errorsOf = (config: CorsConfig): string[] => {
  const result = createCorsPolicy(config);
  return result.ok
    ? []
    : result.issues.filter((issue) => issue.severity === "error").map((issue) => issue.code);
};
const issuesOf = (config: CorsConfig) => {
  const result = createCorsPolicy(config);
  return result.ok ? result.policy.warnings : result.issues;
};
const origins = ["https://app.example"];
const HOST_OF_251 = `${`${"a".repeat(60)}.`.repeat(4)}example`;
const HELPFUL = ["Retry-After", "WWW-Authenticate", "X-Request-Id"];
/** Configurations come from JavaScript too: what the types would not let through must be told, not crash. */
const untyped = (config: Record<string, unknown>) => config as unknown as CorsConfig;

describe("an origin that no browser sends", () => {
  test.each([
    ["null", "origin_null"],
    ["**", "origin_pattern"],
    ["*:*", "origin_pattern"],
    ["*.app.example", "origin_pattern"],
    ["*://app.example", "origin_pattern"],
    ["https*://app.example", "origin_pattern"],
    ["https://*", "origin_pattern"],
    ["https://*:*", "origin_pattern"],
    ["https://*app.example", "origin_pattern"],
    ["https://**.app.example", "origin_pattern"],
    ["https://*.*.app.example", "origin_pattern"],
    ["https://www.*.app.example", "origin_pattern"],
    ["https://app.example:8*", "origin_pattern"],
    ["https://app.example:**", "origin_pattern"],
    ["https://app.example:8443:*", "origin_pattern"],
    ["https://*.127.0.0.1", "origin_pattern"],
    ["https://127.0.0.1:*", "origin_pattern"],
    ["https://*.[::1]", "origin_pattern"],
    ["https://[::1]:*", "origin_pattern"],
    ["https://*.", "origin_not_a_url"],
    ["https://*..app.example", "origin_not_a_url"],
    ["https://:*", "origin_not_a_url"],
    ["https://*.app.example/", "origin_has_more"],
    ["https://*.app.example/*", "origin_has_more"],
    ["https://me@*.app.example", "origin_has_more"],
    ["https://*.App.example", "origin_not_canonical"],
    ["https://*.app.example:443", "origin_not_canonical"],
    ["https://*.münchen.example", "origin_not_canonical"],
    ["https://app.example::*", "origin_not_canonical"],
    [`https://*.a${HOST_OF_251}`, "origin_not_a_url"],
    ["https://xn--f", "origin_not_a_url"],
    ["https://xn--", "origin_not_a_url"],
    ["https://xn--a", "origin_not_a_url"],
    ["https://xn--app-.example", "origin_not_a_url"],
    ["https://app.xn--zzzzzzzzzzzz.example", "origin_not_a_url"],
    ["https://xn--a-ecp.example", "origin_not_a_url"],
    ["https://xn--0ca.xn--99999", "origin_not_a_url"],
    ["https://*.xn--f.example", "origin_not_a_url"],
    ["https://app.*", "origin_pattern"],
    ["", "origin_not_a_url"],
    ["app.example", "origin_not_a_url"],
    ["localhost:3000", "origin_not_a_url"],
    ["//app.example", "origin_not_a_url"],
    ["https:app.example", "origin_not_a_url"],
    ["https:/app.example", "origin_not_a_url"],
    ["://app.example", "origin_not_a_url"],
    ["1https://app.example", "origin_not_a_url"],
    ["ht tps://app.example", "origin_not_a_url"],
    [`${"a".repeat(65)}://app.example`, "origin_not_a_url"],
    ["file://", "origin_scheme"],
    ["file:///home/page.html", "origin_scheme"],
    ["FILE://host", "origin_scheme"],
    ["data://text", "origin_scheme"],
    ["blob://app.example", "origin_scheme"],
    ["javascript://app.example", "origin_scheme"],
    ["about://blank", "origin_scheme"],
    ["wss://app.example", "origin_scheme"],
    ["ftp://app.example", "origin_scheme"],
    ["https://", "origin_not_a_url"],
    ["https:///app.example", "origin_has_more"],
    ["https://app.example/", "origin_has_more"],
    ["https://app.example/path", "origin_has_more"],
    ["https://app.example?query", "origin_has_more"],
    ["https://app.example#fragment", "origin_has_more"],
    ["https://app.example\\", "origin_has_more"],
    ["https://user@app.example", "origin_has_more"],
    ["https://user:secret@app.example", "origin_has_more"],
    [" https://app.example", "origin_not_a_url"],
    ["https://app.example ", "origin_has_more"],
    ["https://app.\texample", "origin_has_more"],
    ["https://app.example\r\nX-Evil: 1", "origin_has_more"],
    ["https://app.example, https://b.example", "origin_has_more"],
    ["https://app.example,https://b.example", "origin_has_more"],
    ["HTTPS://app.example", "origin_not_canonical"],
    ["https://App.example", "origin_not_canonical"],
    ["https://app.example:443", "origin_not_canonical"],
    ["http://app.example:80", "origin_not_canonical"],
    ["https://app.example:", "origin_not_canonical"],
    ["https://app.example:08443", "origin_not_canonical"],
    ["https://münchen.example", "origin_not_canonical"],
    ["https://ａpp.example", "origin_not_canonical"],
    ["https://a\u00ADpp.example", "origin_not_canonical"],
    ["https://app%2eexample", "origin_not_canonical"],
    ["http://127.1", "origin_not_canonical"],
    ["http://0x7f000001", "origin_not_canonical"],
    ["http://2130706433", "origin_not_canonical"],
    ["http://0177.0.0.1", "origin_not_canonical"],
    ["http://[0:0:0:0:0:0:0:1]", "origin_not_canonical"],
    ["http://[FE80::1]", "origin_not_canonical"],
    ["http://[2001:db8:0:0:1:0:0:1]", "origin_not_canonical"],
    ["http://[fe80::1%25eth0]", "origin_not_a_url"],
    ["http://[fe80::1%eth0]", "origin_not_a_url"],
    ["http://[::ffff:127.0.0.1]", "origin_not_a_url"],
    ["http://[::ffff:7f00:1]", "origin_not_a_url"],
    ["http://[::1", "origin_not_a_url"],
    ["http://::1", "origin_not_a_url"],
    ["http://256.1.1.1", "origin_not_a_url"],
    ["http://1.2.3.4.5", "origin_not_a_url"],
    ["https://app.example:0", "origin_not_a_url"],
    ["https://app.example:65536", "origin_not_a_url"],
    ["https://app.example:-1", "origin_not_a_url"],
    ["https://app.example:http", "origin_not_a_url"],
    ["https://app.example.", "origin_not_a_url"],
    ["https://.app.example", "origin_not_a_url"],
    ["https://app..example", "origin_not_a_url"],
    ["https://-app.example", "origin_not_a_url"],
    ["https://app-.example", "origin_not_a_url"],
    ["https://app`.example", "origin_not_a_url"],
    ["https://app{.example", "origin_not_a_url"],
    ["https://app!.example", "origin_not_a_url"],
    ["https://app^.example", "origin_not_a_url"],
    [`https://${"a".repeat(64)}.example`, "origin_not_a_url"],
    [`https://${"abcdefg.".repeat(32)}example`, "origin_not_a_url"],
    ["https://\u0000app.example", "origin_not_a_url"],
  ])("%j is refused as %s", (text, code) => {
    expect(errorsOf({ origins: [text] })).toEqual([code]);
    expect(issuesOf({ origins: [...origins, text] })).toContainEqual(
      expect.objectContaining({ code, path: "origins[1]", severity: "error" }),
    );
  });
});

describe("a configuration that cannot be meant", () => {
  test.each<[Record<string, unknown>, string[]]>([
    [{ origins: [] }, ["origins_empty"]],
    [{}, ["option_type"]],
    [{ origins: undefined }, ["option_type"]],
    [{ origins: null }, ["option_type"]],
    [{ origins: "https://app.example" }, ["option_type"]],
    [{ origins: [null] }, ["option_type"]],
    [{ origins: [/app/] }, ["option_type"]],
    [{ origins, credentials: "yes" }, ["option_type"]],
    [{ origins: "*", credentials: "include" }, ["option_type"]],
    [{ origins, maxAgeSeconds: "600" }, ["option_type"]],
    [{ origins, methods: "PUT" }, ["option_type"]],
    [{ origins, exposedHeaders: "*" }, ["option_type"]],
    [{ origins, allowedHeaders: "*" }, ["option_type"]],
    [{ origins, allowedHeaders: [1] }, ["option_type"]],
    [{ origins, dangerouslyAllowInsecureOrigins: 1 }, ["option_type"]],
    [{ origins, origin: "*" }, ["option_unknown"]],
    [{ origins, privateNetworkAccess: true }, ["option_obsolete"]],
    [{ origins, allowPrivateNetwork: true }, ["option_obsolete"]],
    [{ origins, private_network: false }, ["option_obsolete"]],
    [{ origins, dangerouslyAllowLocalNetworkAccess: 1 }, ["option_obsolete"]],
    [{ origins: Array.from({ length: 1 }) }, ["option_type"]],
    [{ origins: async () => undefined }, ["option_type"]],
    [{ origins: () => undefined, debug: "on" }, ["option_type"]],
    [{ origins, isPublicSuffix: ["com"] }, ["option_type"]],
    [{ origins, onOriginError: "log" }, ["option_type"]],
    [{ origins, timingAllowOrigins: true }, ["option_type"]],
    [{ origins, resourcePolicy: "none" }, ["option_type"]],
    [{ origins, dangerouslyAllowPublicSuffixes: 1 }, ["option_type"]],
    [{ origins: ["*", ...origins] }, ["wildcard_beside_origins"]],
    [{ origins: ["*", "*"] }, ["wildcard_beside_origins", "wildcard_beside_origins"]],
    [{ origins: ["*"], credentials: true }, ["wildcard_with_credentials"]],
    [{ origins, toString: 1 }, ["option_unknown"]],
    [{ origins: "*", credentials: true }, ["wildcard_with_credentials"]],
    [{ origins: ["http://app.example"], credentials: true }, ["insecure_with_credentials"]],
    [{ origins: ["http://192.168.1.7"], credentials: true }, ["insecure_with_credentials"]],
    [{ origins: ["http://localhost.example"], credentials: true }, ["insecure_with_credentials"]],
    [{ origins: ["http://127.0.0.1.example"], credentials: true }, ["insecure_with_credentials"]],
    [{ origins, methods: [""] }, ["method_not_a_token"]],
    [{ origins, methods: ["PUT, DELETE"] }, ["method_not_a_token"]],
    [{ origins, methods: ["PUT\r\n"] }, ["method_not_a_token"]],
    [{ origins, methods: ["CONNECT"] }, ["method_forbidden"]],
    [{ origins, methods: ["trace"] }, ["method_forbidden"]],
    [{ origins, methods: ["Track"] }, ["method_forbidden"]],
    [{ origins, methods: ["put"] }, ["method_never_sent"]],
    [{ origins, methods: ["Delete"] }, ["method_never_sent"]],
    [{ origins, methods: ["*"], credentials: true }, ["wildcard_with_credentials"]],
    [{ origins, allowedHeaders: [""] }, ["header_not_a_token"]],
    [{ origins, allowedHeaders: ["x y"] }, ["header_not_a_token"]],
    [{ origins, allowedHeaders: ["x:y"] }, ["header_not_a_token"]],
    [{ origins, allowedHeaders: ["ü"] }, ["header_not_a_token"]],
    [{ origins, allowedHeaders: ["Cookie"] }, ["header_forbidden"]],
    [{ origins, allowedHeaders: ["HOST"] }, ["header_forbidden"]],
    [{ origins, allowedHeaders: ["Proxy-Authorization"] }, ["header_forbidden"]],
    [{ origins, allowedHeaders: ["Sec-Fetch-Mode"] }, ["header_forbidden"]],
    [{ origins, allowedHeaders: ["Access-Control-Allow-Origin"] }, ["header_forbidden"]],
    [{ origins, allowedHeaders: ["*"], credentials: true }, ["wildcard_with_credentials"]],
    [{ origins, exposedHeaders: ["Set-Cookie"] }, ["header_not_exposable"]],
    [{ origins, exposedHeaders: ["set-cookie2"] }, ["header_not_exposable"]],
    [{ origins, exposedHeaders: ["Access-Control-Max-Age"] }, ["header_not_exposable"]],
    [{ origins, exposedHeaders: ["Access-Control-Request-Method"] }, ["header_not_exposable"]],
    [{ origins, exposedHeaders: ["Authorization"] }, ["header_not_exposable"]],
    [{ origins, exposedHeaders: ["x,y"] }, ["header_not_a_token"]],
    [{ origins, exposedHeaders: ["*"], credentials: true }, ["wildcard_with_credentials"]],
    [{ origins, maxAgeSeconds: -2 }, ["max_age_out_of_range"]],
    [{ origins, maxAgeSeconds: 86_401 }, ["max_age_out_of_range"]],
    [{ origins, maxAgeSeconds: 1.5 }, ["max_age_out_of_range"]],
    [{ origins, maxAgeSeconds: Number.NaN }, ["max_age_out_of_range"]],
    [{ origins, maxAgeSeconds: Number.POSITIVE_INFINITY }, ["max_age_out_of_range"]],
  ])("%j gives %j", (config, codes) => {
    expect(errorsOf(untyped(config))).toEqual(codes);
  });

  test("is told in full, each issue with its place and a fix", () => {
    const issues = issuesOf({
      origins: ["null", "https://app.example/"],
      credentials: true,
      methods: ["TRACE"],
      allowedHeaders: ["Cookie"],
      exposedHeaders: ["Set-Cookie", ...HELPFUL],
      maxAgeSeconds: -7,
    });
    expect(issues.map((issue) => issue.path)).toEqual([
      "origins[0]",
      "origins[1]",
      "methods[0]",
      "allowedHeaders[0]",
      "exposedHeaders[0]",
      "maxAgeSeconds",
    ]);
    expect(issues.every((issue) => issue.message !== "" && issue.fix !== "")).toBe(true);
  });

  test("is told with the origin as it should be written", () => {
    expect(issuesOf({ origins: ["https://App.example:443"] })[0]?.fix).toContain("https://app.example,");
    expect(issuesOf({ origins: ["https://me@app.example/x"] })[0]?.fix).toContain("https://app.example,");
  });
});

describe("a configuration that is right", () => {
  test.each<[CorsConfig]>([
    [{ origins: ["https://app.example"] }],
    [{ origins: ["https://app.example:8443"] }],
    [{ origins: ["https://app.example:80"] }],
    [{ origins: ["http://app.example:443"] }],
    [{ origins: ["https://app.example:1"] }],
    [{ origins: ["https://app.example:65535"] }],
    [{ origins: ["https://xn--mnchen-3ya.example"] }],
    [{ origins: ["https://a_b.example"] }],
    [{ origins: ["https://r3---sn.example"] }],
    [{ origins: ["https://intranet"] }],
    [{ origins: ["https://203.0.113.7"] }],
    [{ origins: ["http://[::1]:3000"] }],
    [{ origins: ["https://[2001:db8::1:0:0:1]"] }],
    [{ origins: ["http://[::ffff:0:1:2]"] }],
    [{ origins: [`https://${"a".repeat(63)}.example`] }],
    [{ origins: [`${"a".repeat(64)}://app`] }],
    [{ origins: ["chrome-extension://abcdefghijklmnop"] }],
    [{ origins: ["capacitor://localhost"] }],
    [{ origins: ["https://a.example", "https://b.example", "http://localhost:3000"] }],
    [{ origins: ["http://localhost:3000"], credentials: true }],
    [{ origins: ["http://demo.localhost"], credentials: true }],
    [{ origins: ["http://127.9.9.9:1"], credentials: true }],
    [{ origins: ["http://[::1]"], credentials: true }],
    [{ origins: ["http://app.example"], credentials: true, dangerouslyAllowInsecureOrigins: true }],
    [{ origins: "*" }],
    [{ origins: "*", methods: ["*"], allowedHeaders: ["*", "Authorization"] }],
    [{ origins, methods: ["PUT", "PATCH", "DELETE", "QUERY"] }],
    [{ origins, allowedHeaders: ["X-Own", "Content-Type", "Authorization"], credentials: true }],
    [{ origins, allowedHeaders: "echo", credentials: true }],
    [{ origins, maxAgeSeconds: -1 }],
    [{ origins, maxAgeSeconds: 0 }],
    [{ origins, maxAgeSeconds: 600 }],
  ])("%j compiles without a word", (config) => {
    const exposedHeaders = [...HELPFUL, ...(config.exposedHeaders ?? [])];
    const result = createCorsPolicy({ ...config, exposedHeaders });
    expect(result).toMatchObject({
      ok: true,
      policy: { warnings: [], credentials: config.credentials ?? false },
    });
    expect(result.ok && Object.isFrozen(result.policy)).toBe(true);
  });
});

describe("a configuration that is probably not meant compiles with a warning", () => {
  test.each<[string, CorsConfig, string[]]>([
    ["an origin listed twice", { origins: [...origins, ...origins] }, ["origin_repeated"]],
    ["a method in lower case", { origins, methods: ["patch"] }, ["method_case"]],
    [
      "* that does not cover Authorization",
      { origins, allowedHeaders: ["*"] },
      ["wildcard_without_authorization"],
    ],
    ["an age above WebKit's cap", { origins, maxAgeSeconds: 601 }, ["max_age_capped"]],
    ["an age above Chromium's cap", { origins, maxAgeSeconds: 86_400 }, ["max_age_capped"]],
  ])("%s", (_name, config, codes) => {
    const result = createCorsPolicy({ ...config, exposedHeaders: HELPFUL });
    expect(result.ok && result.policy.warnings.map((issue) => issue.code)).toEqual(codes);
  });

  test.each(HELPFUL)("%s not exposed", (missing) => {
    const exposedHeaders = HELPFUL.filter((name) => name !== missing).map((name) => name.toLowerCase());
    expect(issuesOf({ origins, exposedHeaders })).toEqual([
      expect.objectContaining({ code: "header_not_exposed", severity: "warning", fix: `Expose ${missing}.` }),
    ]);
    expect(issuesOf({ origins, exposedHeaders: ["*"] })).toEqual([]);
  });
});
