import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CorsConfig, createCorsPolicy, isOriginProblem, parseOrigin } from "./index.ts";
import { parseOriginPattern } from "./origin.ts";

function allowing(origins: readonly string[], more: Partial<CorsConfig> = {}): (origin: string) => boolean {
  const result = createCorsPolicy({ origins, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return (origin) => result.policy.decide({ method: "GET", origin }).origin === "allowed";
}

describe("a pattern of names", () => {
  const allows = allowing(["https://*.example.com"]);

  test.each([
    ["https://a.example.com"],
    ["https://a.b.example.com"],
    ["https://a_b.example.com"],
    ["https://1.example.com"],
    ["https://xn--mnchen-3ya.example.com"],
    [`https://${"a".repeat(63)}.example.com`],
    [`https://${"abcdefg.".repeat(30)}example.com`],
  ])("stands for %s", (origin) => expect(allows(origin)).toBe(true));

  test.each([
    ["the name itself", "https://example.com"],
    ["an empty label", "https://.example.com"],
    ["two dots", "https://a..example.com"],
    ["the pattern", "https://*.example.com"],
    ["a star below", "https://*.a.example.com"],
    ["another scheme", "http://a.example.com"],
    ["the scheme in capitals", "HTTPS://a.example.com"],
    ["a port", "https://a.example.com:8443"],
    ["the default port", "https://a.example.com:443"],
    ["no port behind a colon", "https://a.example.com:"],
    ["a name that ends like it", "https://aexample.com"],
    ["a name that begins like it", "https://a.example.com.evil.com"],
    ["a dot at the end", "https://a.example.com."],
    ["capitals", "https://A.example.com"],
    ["a path", "https://a.example.com/"],
    ["user info", "https://evil.com@a.example.com"],
    ["user info that ends in a colon", "https://a.b:@c.example.com"],
    ["a query", "https://evil.com?.example.com"],
    ["a fragment", "https://evil.com#.example.com"],
    ["a path before it", "https://evil.com/.example.com"],
    ["a backslash", "https://evil.com\\.example.com"],
    ["a tab, which URLs drop", "https://a\t.example.com"],
    ["a line feed", "https://a\n.example.com"],
    ["a null byte", "https://a\u0000.example.com"],
    ["a space", "https://a .example.com"],
    ["a percent sign", "https://a%2e.example.com"],
    ["a hyphen in front", "https://-a.example.com"],
    ["a hyphen behind", "https://a-.example.com"],
    ["what is no ASCII", "https://ü.example.com"],
    ["a full stop of another script", "https://a。example.com"],
    ["Punycode that says nothing", "https://xn--f.example.com"],
    ["a label that is too long", `https://${"a".repeat(64)}.example.com`],
    ["a host that is too long", `https://${"abcdefg.".repeat(31)}example.com`],
    ["two schemes", "https://https://a.example.com"],
    ["no scheme", "a.example.com"],
    ["an empty scheme", "://a.example.com"],
    ["a bracket", "https://[a.example.com]"],
    ["two origins", "https://a.example.com, https://b.example.com"],
    ["a comma", "https://evil.com,a.example.com"],
  ])("does not stand for %s", (_name, origin) => expect(allows(origin)).toBe(false));

  test("is found at any depth among many, each at its own", () => {
    const many = allowing(["https://*.a.b.c.d.example", "https://*.io", "https://*.b.c.d.example:8443"]);
    expect(many("https://x.a.b.c.d.example")).toBe(true);
    expect(many("https://x.y.io")).toBe(true);
    expect(many("https://x.b.c.d.example:8443")).toBe(true);
    expect(many("https://x.b.c.d.example")).toBe(false);
    expect(many("https://a.b.c.d.example")).toBe(false);
    expect(many("https://io")).toBe(false);
  });
});

describe("a pattern of ports", () => {
  const allows = allowing(["http://localhost:*", "https://*.example.com:*"]);

  test.each([
    ["http://localhost"],
    ["http://localhost:1"],
    ["http://localhost:443"],
    ["http://localhost:65535"],
    ["https://a.example.com"],
    ["https://a.example.com:80"],
  ])("stands for %s", (origin) => expect(allows(origin)).toBe(true));

  test.each([
    ["http://localhost:"],
    ["http://localhost:0"],
    ["http://localhost:80"],
    ["http://localhost:080"],
    ["http://localhost:65536"],
    ["http://localhost:99999"],
    ["http://localhost:1e3"],
    ["http://localhost:+1"],
    ["http://localhost:-1"],
    ["http://localhost:*"],
    ["http://localhost:3000:3000"],
    ["http://localhost:3000/"],
    ["http://localhost:3000@evil.com"],
    ["http://a.localhost:3000"],
    ["https://localhost:3000"],
    ["https://example.com:8443"],
    ["https://a.example.com:443"],
    ["https://*.example.com"],
    ["https://*.example.com:8443"],
  ])("does not stand for %s", (origin) => expect(allows(origin)).toBe(false));
});

// Facts of the tables in jub0bs/cors, internal/origins/pattern_test.go and radix_test.go (MIT licence).
describe("patterns as jub0bs/cors reads them", () => {
  const HOST_OF_251 = `${`a${"234567890".padEnd(59, "1234567890")}.`.repeat(4)}a234567`;

  test.each([
    [`https://*.${HOST_OF_251}`],
    [`${"a".repeat(64)}://*.${HOST_OF_251}:65535`],
    ["connector://foo"],
    ["a://example.com"],
    ["https://127.0.0.1:90"],
    ["http://69.254.169.254"],
    ["https://[::1]:90"],
    ["http://[2001:db8:aaaa:1111::100]:9090"],
    ["http://ex_am-ple.com:3999"],
    ["http://*.example.com:3999"],
    ["http://*.example.com:*"],
    ["https://*.com"],
    ["https://*.github.io"],
    ["http://*.localhost"],
  ])("takes %s", (text) => expect(parseOriginPattern(text)).toMatchObject({ text }));

  test.each([
    [`https://*.a${HOST_OF_251}`],
    ["null"],
    ["https://user:password@example.com:6060"],
    ["https://example.com:6060/foo"],
    ["https://example.com:6060?"],
    ["https://example.com:6060?foo=bar"],
    ["https://example.com:6060#nav"],
    ["ab"],
    ["ab:"],
    [" http://example.com:6060 "],
    ["file:///foo"],
    ["file://example.com"],
    ["42-chrome-extension://foo"],
    ["chrome-extension*://foo"],
    ["http://foo:80"],
    ["https://foo:443"],
    ["https://^foo"],
    ["http://1:6060"],
    ["https://résumé.com"],
    ["https://foo.^bar"],
    ["https://foo:"],
    ["https://foo:-1"],
    ["https://foo:0"],
    ["https://foo:abc"],
    ["https://foo:06060"],
    ["https://foo:12345foo"],
    ["https://foo:123456"],
    ["https://foo:65536"],
    ["http://foo.bar.255:6060"],
    ["http://foo.bar.baz.012345678901234567890123456789:6060"],
    ["http://[::1]1:6060"],
    ["http://127.0.0.1:"],
    ["http://127.0.0.1:0"],
    ["https://127.0.0.1.:90"],
    ["http://127.0.0.1.1"],
    ["http://[example]:90"],
    ["https://::1:90"],
    ["http://[::1:90"],
    ["https://::1]:90"],
    ["https://abc[::1]:90"],
    ["https://[::1]abc:90"],
    ["http://127.1:3999"],
    ["http://[::::::::::::::::1]:90"],
    ["http://[2001:4860:4860:0000:0000:0000:0000:8888]:90"],
    ["http://[fe80::1ff:fe23:4567:890a%eth2]:90"],
    ["http://[::ffff:7f7f:7f7f]:90"],
    ["http://exAmplE.coM:3999"],
    ["http://example.com..:3999"],
    ["http://example..com:3999"],
    ["http://xn--f"],
    ["http://**.example.com:3999"],
    ["http://fooo.*.example.com:3999"],
    ["http://*example.com:3999"],
    ["http://*.[::1]:3999"],
    ["http://*.127.0.0.1:3999"],
    // Taken there: here, a name with the root's dot is another origin than people mean.
    ["http://example.com.:3999"],
  ])("refuses %s", (text) => expect(parseOriginPattern(text)).toHaveProperty("code"));

  test("matches as its tree does", () => {
    const plain = ["https://cat", "https://concat", "https://kin", "https://pin"];
    const allows = allowing(plain);
    expect(plain.every(allows)).toBe(true);
    const others = ["http://cat", "https://cat:1", "https://ca", "https://at", "https://copycat"];
    const siblings = [
      "https://stringconcat",
      "https://akin",
      "https://bespin",
      "https://pkin",
      "https://kpin",
    ];
    expect([...others, ...siblings].some(allows)).toBe(false);
    const wild = allowing([
      "https://cat",
      "https://*.kin",
      "https://a.kin",
      "https://*.kin:1",
      "https://cat:*",
    ]);
    for (const text of [
      "https://cat",
      "https://cat:1",
      "https://a.kin",
      "https://nap.kin",
      "https://nap.kin:1",
    ])
      expect(wild(text)).toBe(true);
    for (const text of ["http://cat", "https://kin", "https://nap.kin:2", "http://nap.kin", "https://nap.ki"])
      expect(wild(text)).toBe(false);
  });
});

// What the scanners Corsy (core/tests.py) and CORScanner (common/corscheck.py) send, for a server of api.example.com.
describe("a scanner's probe", () => {
  const credentials = { credentials: true, isPublicSuffix: (host: string) => !host.includes(".") };
  const policies = [
    allowing(["https://api.example.com"], credentials),
    allowing(["https://*.example.com"], credentials),
    allowing(["https://*.example.com:*", "https://api.example.com"], credentials),
  ];

  test.each([
    ["any origin reflected", "https://evil.com"],
    ["the name as a prefix", "https://api.example.com.evil.com"],
    ["the name as a suffix", "https://evilexample.com"],
    ["the host as a suffix", "https://evilapi.example.com.evil.com"],
    ["null", "null"],
    ["part of the name", "https://example.co"],
    ["a dot that means any character", "https://api.examplexcom"],
    ["the last dot replaced", "https://api.exampleacom"],
    ["an underscore behind", "https://api.example.com_.evil.com"],
    ["an encoded backtick", "https://api.example.com%60.evil.com"],
    ...[..."`!$&'()*+,;=^{|}~\"<>"].map((char) => [
      `the character ${char}`,
      `https://api.example.com${char}.evil.com`,
    ]),
    ["http", "http://api.example.com"],
    ["user info", "https://api.example.com@evil.com"],
    ["the name as a path", "https://evil.com/api.example.com"],
  ])("with %s is denied", (_name, origin) => {
    expect(policies.map((allows) => allows(origin))).toEqual([false, false, false]);
  });

  test("with any subdomain is denied where the origin is named, and a parent where a pattern is", () => {
    expect(policies[0]?.("https://evil.api.example.com")).toBe(false);
    expect(policies[1]?.("https://example.com")).toBe(false);
  });
});

describe("whatever comes", () => {
  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,6}[a-z0-9_])?$/),
    fc.constantFrom("xn--mnchen-3ya", "xn--f", "", "*", "A", "a`b", "ü", "xn--0ca", "-a", "1"),
  );
  const host = fc.oneof(
    fc.array(label, { maxLength: 4 }).map((labels) => [...labels, "example", "com"].join(".")),
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
    fc.domain(),
  );
  const port = fc.oneof(
    fc.constantFrom("", ":", ":*", ":443", ":80", ":0", ":00001", ":65536", ":8443"),
    fc.nat(70_000).map((number) => `:${number}`),
  );
  const scheme = fc.constantFrom("https", "http", "HTTP", "capacitor", "file", "");
  const likely = fc.tuple(scheme, host, port, fc.constantFrom("", "", "", "/", "?", "#", " ", "@evil.com"));
  const text = fc.oneof(
    likely.map(([left, middle, right, more]) => `${left}://${middle}${right}${more}`),
    fc.string({ unit: "binary-ascii", maxLength: 60 }),
    fc.webUrl().map((url) => URL.parse(url)?.origin ?? url),
  );

  test("an origin that is taken is written as URLs write it", () => {
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseOrigin(given);
        if (isOriginProblem(parsed)) return;
        expect(parsed).toBe(given);
        if (/^https?:/.test(given)) expect(URL.parse(given)?.origin).toBe(given);
      }),
      { numRuns: 5_000 },
    );
  });

  test("the fix of an origin that is almost one is an origin", () => {
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseOriginPattern(given);
        if (!isOriginProblem(parsed) || parsed.code !== "origin_not_canonical") return;
        const fixed = /^Write (.+), as they do\.$/.exec(parsed.fix)?.[1] ?? "";
        expect(parseOriginPattern(fixed)).toMatchObject({ text: fixed });
      }),
      { numRuns: 5_000 },
    );
  });

  test("a pattern allows only what is an origin, and URLs see below its host", () => {
    const allows = allowing(["https://*.example.com:*", "http://*.com:8443", "capacitor://*.example.com"]);
    fc.assert(
      fc.property(text, (given) => {
        if (!allows(given)) return;
        expect(parseOrigin(given)).toBe(given);
        if (given.startsWith("capacitor:")) return;
        const url = new URL(given);
        expect(url.origin).toBe(given);
        expect(url.hostname).toMatch(/.\.com$/);
        if (url.protocol === "https:") expect(url.hostname).toMatch(/.\.example\.com$/);
        else expect(url.port).toBe("8443");
      }),
      { numRuns: 10_000 },
    );
  });

  test("a pattern allows every origin below it", () => {
    const allows = allowing(["https://*.example.com:*"]);
    fc.assert(
      fc.property(likely, ([, middle, right]) => {
        const given = `https://${middle}${right}`;
        if (isOriginProblem(parseOrigin(given)) || !/.\.example\.com(?::\d+)?$/.test(given)) return;
        expect(allows(given)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
