import { describe, expect, test } from "vitest";
import { applyCors, type CorsPolicy, createCorsPolicy } from "./index.ts";

// Facts of the web-platform test cors/origin.htm (3-clause BSD licence): the 58 values of
// Access-Control-Allow-Origin that it sends to a page, and which of them a browser takes.
const SCHEME = "http:";
const HOST = "www.web-platform.test:8000";
const PARENT = "web-platform.test:8000";
const PAGE = `${SCHEME}//${HOST}`;
const OTHER = "http://www1.web-platform.test:8000";

const TAKEN = ["*", " *  ", "\t*", PAGE, ` ${PAGE}`, ` ${PAGE}   \t `, `\t${PAGE}`];
const NOT_TAKEN = [
  `${SCHEME}//www2.${HOST}`,
  `//${HOST}`,
  `://${HOST}`,
  `ftp://${HOST}`,
  `http:://${HOST}`,
  `http:/${HOST}`,
  `http:${HOST}`,
  HOST,
  `${PAGE}?`,
  `${PAGE}/`,
  `${PAGE} /`,
  `${PAGE}#`,
  `${PAGE}%23`,
  `${PAGE}:80`,
  `${PAGE}, *`,
  `${PAGE}\0`,
  PAGE.toUpperCase(),
  `${SCHEME.toUpperCase()}//${HOST}`,
  "-",
  "**",
  "\0*",
  "*\0",
  "'*'",
  '"*"',
  "* *",
  "* null",
  `*${SCHEME}//*`,
  `*${PAGE}`,
  `* ${PAGE}`,
  `*, ${PAGE}`,
  `\0${PAGE}`,
  `null ${PAGE}`,
  "http://example.net",
  "null",
  "null *",
  "",
  `${PAGE}/cors/origin.htm`,
  `${PAGE}/cors/`,
  `${OTHER}/cors/`,
  PARENT,
  `.${PARENT}`,
  `*.${PARENT}`,
  `http://${PARENT}`,
  `http://.${PARENT}`,
  `http://*.${PARENT}`,
];
const TWICE = [
  ["", "*"],
  ["*", ""],
  ["*", "*"],
  ["", PAGE],
  ["*", PAGE],
  [PAGE, PAGE],
] as const;
/** Of those that browsers do not take, origins and patterns of their own. */
const OTHERS = new Set([
  `${SCHEME}//www2.${HOST}`,
  "http://example.net",
  `http://${PARENT}`,
  `http://*.${PARENT}`,
]);

const policyOf = (origins: readonly string[]): CorsPolicy | undefined => {
  const result = createCorsPolicy({ origins });
  return result.ok ? result.policy : undefined;
};
const answerTo = (policy: CorsPolicy, origin: string, before: readonly string[] = []) => {
  const headers = new Headers(
    before.map((value): [string, string] => ["Access-Control-Allow-Origin", value]),
  );
  applyCors(policy.decide({ method: "GET", origin }), headers);
  return headers.get("access-control-allow-origin");
};

describe("the web-platform test of Access-Control-Allow-Origin", () => {
  test("has 58 values", () => {
    expect(TAKEN.length + NOT_TAKEN.length + TWICE.length).toBe(58);
  });

  test.each(TAKEN)("%j, as configured, gives what browsers take, or does not compile", (value) => {
    const policy = policyOf([value]);
    expect(policy === undefined).toBe(value !== value.trim());
    if (policy !== undefined) expect(["*", PAGE]).toContain(answerTo(policy, PAGE));
  });

  test.each(NOT_TAKEN)("%j, as configured, gives the page nothing", (value) => {
    const policy = policyOf([value]);
    expect(policy !== undefined).toBe(OTHERS.has(value));
    // The pattern of names below the parent stands for the page.
    const expected = value === `http://*.${PARENT}` ? PAGE : null;
    if (policy !== undefined) expect(answerTo(policy, PAGE)).toBe(expected);
  });

  test.each([...TAKEN, ...NOT_TAKEN].filter((value) => value !== PAGE))(
    "%j, as Origin, is denied",
    (value) => {
      for (const origins of [[PAGE], ["https://*.web-platform.test:*", PAGE]]) {
        const decision = policyOf(origins)?.decide({ method: "GET", origin: value });
        expect(decision).toMatchObject({ origin: "denied", headers: [] });
      }
    },
  );

  test.each(TWICE)("%j and %j of a handler are one line of the policy's", (first, second) => {
    const policy = policyOf([PAGE]);
    if (policy === undefined) throw new Error("The policy does not compile.");
    expect(answerTo(policy, PAGE, [first, second])).toBe(PAGE);
    expect(answerTo(policy, OTHER, [first, second])).toBeNull();
  });

  test.each([...TAKEN, ...NOT_TAKEN].filter((value) => !value.includes("\0")))(
    "%j of a handler is replaced by the policy's",
    (value) => {
      const policy = policyOf([PAGE]);
      if (policy === undefined) throw new Error("The policy does not compile.");
      expect(answerTo(policy, PAGE, [value])).toBe(PAGE);
      expect(answerTo(policy, OTHER, [value])).toBeNull();
    },
  );
});
