import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CorsConfig, type CorsIssueCode, createCorsPolicy } from "./index.ts";

/** One fault of a configuration: what it adds to it, and what must be said of that. */
interface Fault {
  readonly name: string;
  readonly origins?: readonly string[];
  readonly option?: readonly [name: string, value: unknown];
  readonly code: CorsIssueCode;
}

const origin = (text: string, code: CorsIssueCode): Fault => ({ name: text, origins: [text], code });
const option = (name: string, value: unknown, code: CorsIssueCode): Fault => ({
  name: `${name}: ${JSON.stringify(value)}`,
  option: [name, value],
  code,
});

const HELPFUL = ["X-Request-Id", "Retry-After", "WWW-Authenticate"];

// With credentials, and with a list of public suffixes that has com and github.io.
const FAULTS: readonly Fault[] = [
  origin("null", "origin_null"),
  origin("*", "wildcard_beside_origins"),
  origin("file://", "origin_scheme"),
  origin("app.example", "origin_not_a_url"),
  origin("https://xn--f.example", "origin_not_a_url"),
  origin("https://app.example/", "origin_has_more"),
  origin("https://app.example:443", "origin_not_canonical"),
  origin("https://www.*.example", "origin_pattern"),
  origin("https://203.0.113.7:*", "origin_pattern"),
  origin("http://plain.example", "insecure_with_credentials"),
  origin("http://*.wild.example", "insecure_with_credentials"),
  origin("http://ports.example:*", "insecure_with_credentials"),
  origin("https://*.com", "public_suffix_with_credentials"),
  origin("https://*.github.io:*", "public_suffix_with_credentials"),
  origin("https://ok.example", "origin_repeated"),
  origin("https://a.covered.example", "origin_covered"),
  origin("https://a.covered.example:8443", "origin_covered"),
  option("methods", ["A B"], "method_not_a_token"),
  option("methods", ["CONNECT"], "method_forbidden"),
  option("methods", ["delete"], "method_never_sent"),
  option("methods", ["patch"], "method_case"),
  option("methods", ["*"], "wildcard_with_credentials"),
  option("methods", "PUT", "option_type"),
  option("allowedHeaders", ["x y"], "header_not_a_token"),
  option("allowedHeaders", ["Sec-Own"], "header_forbidden"),
  option("allowedHeaders", ["*", "Authorization"], "wildcard_with_credentials"),
  option("allowedHeaders", "*", "option_type"),
  option("exposedHeaders", [...HELPFUL, "x:y"], "header_not_a_token"),
  option("exposedHeaders", [...HELPFUL, "Set-Cookie"], "header_not_exposable"),
  option("exposedHeaders", ["*"], "wildcard_with_credentials"),
  option("exposedHeaders", ["Retry-After", "WWW-Authenticate"], "header_not_exposed"),
  option("exposedHeaders", ["X-Request-Id", "WWW-Authenticate"], "header_not_exposed"),
  option("exposedHeaders", ["X-Request-Id", "retry-after"], "header_not_exposed"),
  option("maxAgeSeconds", -2, "max_age_out_of_range"),
  option("maxAgeSeconds", 86_401, "max_age_out_of_range"),
  option("maxAgeSeconds", 7_201, "max_age_capped"),
  option("maxAgeSeconds", 601, "max_age_capped"),
  option("timingAllowOrigins", "*", "timing_not_allowed"),
  option("timingAllowOrigins", ["https://other.example"], "timing_not_allowed"),
  option("timingAllowOrigins", ["https://covered.example"], "timing_not_allowed"),
  option("timingAllowOrigins", ["null"], "origin_null"),
  option("timingAllowOrigins", ["https://*.covered.example"], "origin_pattern"),
  option("resourcePolicy", "same-origin", "resource_policy_too_narrow"),
  option("resourcePolicy", "none", "option_type"),
  option("debug", "true", "option_type"),
  option("onOriginError", true, "option_type"),
  option("origin", "https://app.example", "option_unknown"),
  option("allowPrivateNetwork", true, "option_obsolete"),
];

const BASE = ["https://ok.example", "https://*.covered.example:*"];

/** A configuration with faults; undefined if two of them are of one option. */
function configOf(faults: readonly Fault[]): CorsConfig | undefined {
  const options = faults.flatMap((fault) => (fault.option === undefined ? [] : [fault.option]));
  if (new Set(options.map(([name]) => name)).size < options.length) return undefined;
  if (new Set(faults).size < faults.length) return undefined;
  return {
    exposedHeaders: HELPFUL,
    credentials: true,
    isPublicSuffix: (host) => ["com", "github.io"].includes(host),
    ...Object.fromEntries(options),
    origins: [...BASE, ...faults.flatMap((fault) => fault.origins ?? [])],
  };
}

function codesOf(config: CorsConfig): readonly string[] {
  const result = createCorsPolicy(config);
  return (result.ok ? result.policy.warnings : result.issues).map((issue) => issue.code).sort();
}
const codes = (faults: readonly Fault[]) => faults.map((fault) => fault.code).sort();

describe("each fault", () => {
  test("is none without it", () => expect(codesOf(configOf([]) ?? { origins: [] })).toEqual([]));

  test.each(FAULTS)("$name gives $code, and nothing else", (fault) => {
    const config = configOf([fault]);
    expect(config && codesOf(config)).toEqual([fault.code]);
  });
});

const pairs = FAULTS.flatMap((first, index) =>
  FAULTS.slice(index + 1).flatMap((second) => {
    const config = configOf([first, second]);
    return config === undefined ? [] : [{ first, second, config }];
  }),
);

test("the table has several hundred configurations", () => expect(pairs.length).toBeGreaterThan(900));

describe("two faults are both told", () => {
  test.each(FAULTS)("$name beside each of the others", (fault) => {
    for (const { first, second, config } of pairs.filter((pair) => pair.first === fault))
      expect(codesOf(config), `${first.name} beside ${second.name}`).toEqual(codes([first, second]));
  });
});

test("any number of faults are told all at once, in places that exist, with words", () => {
  fc.assert(
    fc.property(fc.subarray([...FAULTS]), (faults) => {
      const config = configOf(faults);
      if (config === undefined) return;
      expect(codesOf(config)).toEqual(codes(faults));
      const result = createCorsPolicy(config);
      for (const issue of result.ok ? result.policy.warnings : result.issues) {
        expect(Object.keys(config)).toContain(/^\w+/.exec(issue.path)?.[0]);
        expect(issue.message).toMatch(/\.$/);
        expect(issue.fix).toMatch(/\.$/);
      }
    }),
    { numRuns: 1_000 },
  );
});

describe("patterns together with credentials", () => {
  const codesWith = (config: CorsConfig) => codesOf({ exposedHeaders: ["*"], ...config });
  const names = ["https://*.app.example"];
  const exposedHeaders = HELPFUL;

  test.each<[string, Partial<CorsConfig> & Pick<CorsConfig, "origins">, CorsIssueCode[]]>([
    ["need somebody who knows public suffixes", { origins: names }, ["public_suffix_unknown"]],
    ["of ports need nobody", { origins: ["https://app.example:*"] }, []],
    ["below localhost need nobody", { origins: ["http://*.localhost:*", "http://localhost:*"] }, []],
    ["can be had at one's own risk", { origins: names, dangerouslyAllowPublicSuffixes: true }, []],
    [
      "below a public suffix, too",
      { origins: ["https://*.com"], isPublicSuffix: () => true, dangerouslyAllowPublicSuffixes: true },
      [],
    ],
    [
      "are told that they are insecure, and below a public suffix",
      { origins: ["http://*.com"], isPublicSuffix: () => true },
      ["insecure_with_credentials", "public_suffix_with_credentials"],
    ],
    [
      "at one risk are still told of the other",
      { origins: ["http://*.com"], isPublicSuffix: () => true, dangerouslyAllowInsecureOrigins: true },
      ["public_suffix_with_credentials"],
    ],
    [
      "at the other risk are still told of the first",
      { origins: ["http://*.com"], dangerouslyAllowPublicSuffixes: true },
      ["insecure_with_credentials"],
    ],
  ])("%s", (_name, config, expected) => {
    expect(codesWith({ ...config, exposedHeaders, credentials: true })).toEqual(expected);
  });

  test("no risk is taken for another: neither allows *, null or what is no origin", () => {
    const risks = { dangerouslyAllowInsecureOrigins: true, dangerouslyAllowPublicSuffixes: true };
    const config = { ...risks, exposedHeaders, credentials: true };
    expect(codesWith({ ...config, origins: "*" })).toEqual(["wildcard_with_credentials"]);
    expect(codesWith({ ...config, origins: ["null"] })).toEqual(["origin_null"]);
    expect(codesWith({ ...config, origins: ["http://*.127.0.0.1"] })).toEqual(["origin_pattern"]);
  });

  test("without credentials, strangers' names and http are as good as any", () => {
    expect(codesWith({ origins: ["https://*.com", "http://app.example"] })).toEqual([]);
  });
});

test("a configuration that is not even an object is told", () => {
  for (const config of [undefined, null, "https://app.example", 1])
    expect(codesOf(config as unknown as CorsConfig)).toEqual(["option_type"]);
});
