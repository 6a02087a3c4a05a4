import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Answer,
  type BrowserProfile,
  chromium,
  DEPARTURES,
  type Hop,
  type PageRequest,
  predict,
  standard,
} from "./index.ts";

const page = { origin: "https://app.example", secure: true };
const API = "https://api.example/chatkit";

const ask = (
  request: Partial<PageRequest>,
  hops: readonly Hop[],
  profile: BrowserProfile = standard,
  asking = page,
) => predict({ page: asking, request: { url: API, ...request }, hops, profile });

const answer = (status: number, ...headers: Answer["headers"]): Answer => ({
  status,
  headers,
  body: "hello",
});
const allow = ["Access-Control-Allow-Origin", page.origin] as const;
const location = (url: string) => ["Location", url] as const;
const json = {
  method: "POST",
  headers: [["Content-Type", "application/json"]],
  body: { kind: "text" },
} as const satisfies Partial<PageRequest>;

describe("what is thrown before anything is sent", () => {
  test.each<[string, Partial<PageRequest>, string]>([
    ["a relative URL", { url: "/chatkit" }, "InvalidUrl"],
    ["a user in the URL", { url: "https://user@api.example/" }, "UrlWithCredentials"],
    ["a method that is no token", { method: "GET IT" }, "InvalidMethod"],
    ["a method that no page may use", { method: "trace" }, "ForbiddenMethod"],
    ["a method that needs CORS", { method: "PUT", mode: "no-cors" }, "MethodNotAllowedInNoCors"],
    ["a line break in a value", { headers: [["X-A", "a\nb"]] }, "InvalidHeader"],
    ["a GET with a body", { body: { kind: "text" } }, "BodyWithGetOrHead"],
    [
      "a stream without CORS",
      { method: "POST", mode: "no-cors", body: { kind: "stream" } },
      "StreamNotAllowedInNoCors",
    ],
  ])("%s", (_name, request, verdict) => {
    expect(ask(request, [])).toMatchObject({ verdict, preflights: [], requests: [], readable: null });
  });
});

describe("the page's own lines", () => {
  const sentOf = (request: Partial<PageRequest>) => ask(request, [{ preflight: answer(204) }]);

  test("those that no page may set are dropped without a word", () => {
    const headers = [
      ["Cookie", "a=b"],
      ["Sec-Mine", "1"],
      ["X-HTTP-Method-Override", "TRACE"],
      ["X-Method", "TRACE"],
    ] as const;
    expect(sentOf({ headers }).preflights[0]?.requestHeaders).toBe("x-method");
  });

  test.each<[string, string, string | null]>([
    ["Accept", "a".repeat(128), null],
    ["Accept", "a".repeat(129), "accept"],
    ["Accept", 'a"b', "accept"],
    ["Accept-Language", "de_DE", "accept-language"],
    ["Content-Type", "TEXT/plain;charset=x", null],
    ["Content-Type", "text/plain x", "content-type"],
    ["Content-Type", "application/json", "content-type"],
    ["Range", "bytes=5-", null],
    ["Range", "bytes=-5", "range"],
    ["Range", "bytes=10-5", "range"],
    ["Authorization", "Bearer x", "authorization"],
  ])("%s: %s", (name, value, requestHeaders) => {
    const { preflights } = sentOf({ headers: [[name, value]] });
    expect(preflights[0]?.requestHeaders ?? null).toBe(requestHeaders);
  });

  test("safelisted ones are asked about when they are more than 1,024 bytes together", () => {
    const headers = Array.from({ length: 9 }, () => ["Accept", "a".repeat(120)] as const);
    expect(sentOf({ headers: [...headers, ["x-b", "1"]] }).preflights[0]?.requestHeaders).toBe("accept,x-b");
    expect(ask({ headers: headers.slice(1) }, [{ answer: answer(200, allow) }]).preflights).toEqual([]);
  });
});

describe("the verdict on a preflight", () => {
  test.each<[string, Answer, string]>([
    ["a redirect", answer(302, allow, location("/login")), "PreflightDisallowedRedirect"],
    ["no header comes before the status", answer(500), "PreflightMissingAllowOriginHeader"],
    [
      "several values",
      answer(204, allow, ["access-control-allow-origin", "*"]),
      "PreflightMultipleAllowOriginValues",
    ],
    ["a status that is not ok", answer(405, allow), "PreflightInvalidStatus"],
    [
      "a list of methods that is none",
      answer(204, allow, ["Access-Control-Allow-Methods", "POST; PUT"]),
      "InvalidAllowMethodsPreflightResponse",
    ],
    [
      "a list of names that is none",
      answer(204, allow, ["Access-Control-Allow-Headers", "content type"]),
      "InvalidAllowHeadersPreflightResponse",
    ],
    ["a name that is not listed", answer(204, allow), "HeaderDisallowedByPreflightResponse"],
    ["all allowed", answer(204, allow, ["Access-Control-Allow-Headers", "*"]), "ok"],
  ])("%s", (_name, preflight, verdict) => {
    expect(ask(json, [{ preflight, answer: answer(200, allow) }])).toMatchObject({
      verdict,
      preflights: [{ hop: 0, origin: page.origin, requestMethod: "POST", requestHeaders: "content-type" }],
    });
  });

  test("methods are compared byte for byte: `patch` is not PATCH", () => {
    const preflight = answer(204, allow, ["Access-Control-Allow-Methods", "PATCH"]);
    const verdictOf = (method: string) =>
      ask({ method }, [{ preflight, answer: answer(200, allow) }]).verdict;
    expect(verdictOf("PATCH")).toBe("ok");
    expect(verdictOf("patch")).toBe("MethodDisallowedByPreflightResponse");
  });
});

describe("the verdict on an answer", () => {
  test.each<[string, Answer["headers"], string]>([
    ["none", [], "MissingAllowOriginHeader"],
    ["any, with credentials", [["access-control-allow-origin", "*"]], "WildcardOriginNotAllowed"],
    ["another", [["access-control-allow-origin", "https://x.example"]], "AllowOriginMismatch"],
    ["no origin at all", [["access-control-allow-origin", "app.example"]], "InvalidAllowOriginValue"],
    ["no credentials", [allow, ["access-control-allow-credentials", "TRUE"]], "InvalidAllowCredentials"],
    ["both", [allow, ["access-control-allow-credentials", "true"]], "ok"],
  ])("%s", (_name, headers, verdict) => {
    const prediction = ask({ credentials: "include" }, [{ answer: answer(500, ...headers) }]);
    expect(prediction).toMatchObject({ verdict, at: 0, requests: [{ credentials: true }] });
  });

  test.each<[string, Partial<PageRequest>, string]>([
    ["another origin", { mode: "same-origin" }, "DisallowedByMode"],
    ["a port that is closed to pages", { url: "https://api.example:6000/" }, "BadPort"],
    ["a scheme without CORS", { url: "ftp://api.example/" }, "CorsDisabledScheme"],
    ["http from a secure page", { url: "http://api.example/" }, "MixedContent"],
    ["nothing that answers", {}, "ConnectionFailed"],
    ["redirect: manual without CORS", { mode: "no-cors", redirect: "manual" }, "NoCorsRedirectModeNotFollow"],
  ])("%s", (_name, request, verdict) => {
    expect(ask(request, []).verdict).toBe(verdict);
  });

  test("without CORS it is opaque, unless the resource's policy forbids that", () => {
    const policy = ["Cross-Origin-Resource-Policy", "same-site"] as const;
    const verdictOf = (url: string) =>
      ask({ url, mode: "no-cors" }, [{ answer: answer(200, policy) }]).verdict;
    expect(verdictOf(API)).toBe("CrossOriginResourcePolicy");
    expect(verdictOf("https://files.app.example/")).toBe("opaque");
    expect(ask({ mode: "no-cors" }, [{ answer: answer(200) }]).verdict).toBe("opaque");
  });
});

describe("redirects", () => {
  const free = ["Access-Control-Allow-Origin", "*"] as const;

  test("from one foreign origin to another, Origin is null and Authorization is gone", () => {
    const preflight = answer(204, free, ["Access-Control-Allow-Headers", "authorization, x-a"]);
    const { verdict, requests, preflights } = ask(
      {
        headers: [
          ["Authorization", "Bearer x"],
          ["X-A", "1"],
        ],
      },
      [
        { preflight, answer: answer(302, free, location("https://cdn.example/")) },
        { preflight, answer: answer(200, free) },
      ],
    );
    expect(verdict).toBe("ok");
    expect(preflights.map(({ url, origin, requestHeaders }) => [url, origin, requestHeaders])).toEqual([
      [requests[0]?.url, page.origin, "authorization,x-a"],
      ["https://cdn.example/", "null", "x-a"],
    ]);
    expect(requests[1]).toMatchObject({ origin: "null", headers: [["x-a", "1"]] });
  });

  test("a fragment stays until a redirect has one of its own", () => {
    const to = (path: string) => ({ answer: answer(302, free, location(path)) });
    const { requests } = ask({}, [to("/a#part"), to("/b"), to("/c#other"), { answer: answer(200, free) }]);
    expect(requests.map(({ url }) => new URL(url).hash)).toEqual(["", "#part", "#part", "#other"]);
  });

  test.each([
    [301, "GET"],
    [302, "GET"],
    [303, "GET"],
    [307, "POST"],
    [308, "POST"],
  ])("%d makes %s of a POST", (status, method) => {
    const hops = [{ answer: answer(status, free, location("/next")) }, { answer: answer(200, free) }];
    const { requests } = ask({ method: "POST", body: { kind: "text" } }, hops);
    expect(requests[1]).toMatchObject({
      method,
      hasBody: method === "POST",
      headers: method === "POST" ? [["content-type", "text/plain;charset=UTF-8"]] : [],
    });
  });

  test.each<[string, string, string]>([
    ["a user in the URL", "https://user@cdn.example/", "RedirectContainsCredentials"],
    ["a data: URL", "data:,x", "RedirectToOtherScheme"],
    ["no URL", "https://[", "InvalidLocation"],
  ])("to %s", (_name, url, verdict) => {
    expect(ask({}, [{ answer: answer(302, free, location(url)) }])).toMatchObject({ verdict, at: 0 });
  });

  test("the twenty-first is one too many", () => {
    const hop = { answer: answer(302, free, location("/again")) };
    const many = (count: number) => [
      ...Array.from({ length: count }, () => hop),
      { answer: answer(200, free) },
    ];
    expect(ask({}, many(20)).verdict).toBe("ok");
    expect(ask({}, many(21))).toMatchObject({ verdict: "RedirectLoop", at: 20 });
  });
});

test("a page reads what is safelisted or exposed, and Set-Cookie never", () => {
  const { readable } = ask({}, [
    {
      answer: answer(
        200,
        allow,
        ["Content-Type", "text/plain"],
        ["X-Request-Id", "1"],
        ["X-Other", "2"],
        ["Set-Cookie", "a=b"],
        ["Access-Control-Expose-Headers", "x-request-id, set-cookie"],
      ),
    },
  ]);
  expect(readable).toEqual({
    status: 200,
    headers: [
      ["content-type", "text/plain"],
      ["x-request-id", "1"],
    ],
    body: "hello",
  });
});

describe("where Chromium leaves the standard", () => {
  test("`*` covers Authorization", () => {
    const preflight = answer(204, allow, ["Access-Control-Allow-Headers", "*"]);
    const hops = [{ preflight, answer: answer(200, allow) }];
    const headers = [["Authorization", "Bearer x"]] as const;
    expect(ask({ headers }, hops).verdict).toBe("HeaderDisallowedByPreflightResponse");
    expect(ask({ headers }, hops, chromium)).toMatchObject({
      verdict: "ok",
      departures: ["list-wildcard-covers-authorization"],
    });
  });

  test("an empty Location is none", () => {
    const hops = [{ answer: answer(302, allow, location("")) }];
    expect(ask({}, hops).verdict).toBe("ConnectionFailed");
    expect(ask({}, hops, chromium)).toMatchObject({ verdict: "ok", departures: ["empty-location-is-none"] });
  });

  test("Save-Data skips the preflight", () => {
    const headers = [["Save-Data", "on"]] as const;
    const hops = [{ answer: answer(200, allow) }];
    expect(ask({ headers }, hops)).toMatchObject({ verdict: "ConnectionFailed", departures: [] });
    expect(ask({ headers }, hops, chromium)).toMatchObject({ verdict: "ok", preflights: [] });
  });

  test("a preflight is kept for two hours at most", () => {
    const preflight = answer(
      204,
      allow,
      ["Access-Control-Allow-Methods", "PUT"],
      ["Access-Control-Max-Age", "86400"],
    );
    const hops = [{ preflight, answer: answer(200, allow) }];
    const ageOf = (profile: BrowserProfile) =>
      ask({ method: "PUT" }, hops, profile).preflights[0]?.maxAgeSeconds;
    expect([ageOf(standard), ageOf(chromium)]).toEqual([86_400, 7_200]);
  });

  test("every departure is explained, here and in the documentation, and all of them are Chromium's", () => {
    const page = readFileSync(new URL("../../../../docs/browser-model.md", import.meta.url), "utf8");
    expect([...chromium.departures].sort()).toEqual(Object.keys(DEPARTURES).sort());
    for (const [name, { standard: rule, engine }] of Object.entries(DEPARTURES)) {
      expect(page).toContain(`| \`${name}\`: ${engine} | ${rule} |`);
    }
  });
});
