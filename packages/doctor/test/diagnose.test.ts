import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Diagnosis, diagnose, type Layer, type Question, type RootCause } from "@waybill/doctor";
import { describe, expect, test } from "vitest";

const ORIGIN = "http://localhost:5173";

/** A server on the loopback that is asked, and what it was asked. */
async function serve(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The server's answer: a status, lines, a body. */
type Reply = readonly [status: number, headers?: Readonly<Record<string, string | string[]>>, body?: string];
type Replies = (request: IncomingMessage) => Reply;

const answering =
  (replies: Replies): RequestListener =>
  (request: IncomingMessage, response: ServerResponse) => {
    const [status, headers = {}, body = ""] = replies(request);
    request.resume();
    response.writeHead(status, headers).end(body);
  };

type Asked = Omit<Question["request"], "url">;

async function diagnosisOf(
  replies: Replies,
  request: Asked = {},
  question: Partial<Question> = {},
): Promise<Diagnosis> {
  await using server = await serve(answering(replies));
  return await diagnose({
    origin: ORIGIN,
    request: { url: `${server.url}/api/chat`, ...request },
    ...question,
  });
}

const JSON_POST: Asked = {
  method: "POST",
  headers: [["Content-Type", "application/json"]],
  body: { kind: "text" },
};
const allow = { "Access-Control-Allow-Origin": ORIGIN };
const preflight = { ...allow, "Access-Control-Allow-Headers": "content-type" };
const isPreflight = ({ method }: IncomingMessage) => method === "OPTIONS";
const isPost = ({ method }: IncomingMessage) => method === "POST";

const CAUSES: readonly (readonly [name: string, cause: RootCause, replies: Replies, request?: Asked])[] = [
  ["every rule kept", "none", () => [200, allow]],
  ["nothing has a CORS header", "no-cors", () => [200]],
  [
    "nothing has one, and the preflight is 404",
    "no-cors",
    (q) => (isPreflight(q) ? [404] : [200]),
    JSON_POST,
  ],
  [
    "the preflight passes, the failure has none",
    "failure-without-cors",
    (q) => (isPreflight(q) ? [204, preflight] : [500]),
    JSON_POST,
  ],
  [
    "a 404 has none, another path has",
    "failure-without-cors",
    ({ url }) => (url === "/api/chat" ? [404] : [200, allow]),
  ],
  ["everything fails, the preflight too", "failure-without-cors", () => [502], JSON_POST],
  ["everything fails, with headers", "failure-without-cors", () => [503, preflight], JSON_POST],
  [
    "the preflight is asked who it is",
    "preflight-not-handled",
    (q) => (isPreflight(q) ? [401] : [200, allow]),
    JSON_POST,
  ],
  [
    "OPTIONS has headers and 405",
    "preflight-not-handled",
    (q) => (isPreflight(q) ? [405, preflight] : [200, allow]),
    JSON_POST,
  ],
  [
    "the answer has none, the preflight passes",
    "preflight-only",
    (q) => (isPreflight(q) ? [204, preflight] : [200]),
    JSON_POST,
  ],
  ["the preflight is redirected", "redirect", () => [308, { ...allow, Location: "/api/chat/" }], JSON_POST],
  [
    "a redirect has none",
    "redirect",
    ({ url }) => (url === "/api/chat" ? [307, { Location: "/api/chat/" }] : [200, allow]),
  ],
  [
    "another origin is named",
    "origin-not-listed",
    () => [200, { "Access-Control-Allow-Origin": "https://app.example" }],
  ],
  ["Vary says that the origin was looked at", "origin-not-listed", () => [200, { Vary: "Accept, Origin" }]],
  [
    "words say it",
    "origin-not-listed",
    (q) => (isPreflight(q) ? [400, {}, "Disallowed CORS origin"] : [200]),
    JSON_POST,
  ],
  [
    "the same machine by another name is allowed",
    "origin-not-listed",
    ({ headers }) =>
      headers.origin === "http://127.0.0.1:5173"
        ? [200, { "Access-Control-Allow-Origin": headers.origin }]
        : [200],
  ],
  ["two lines", "added-twice", () => [200, { "Access-Control-Allow-Origin": [ORIGIN, "*"] }]],
  [
    "one line that was two",
    "added-twice",
    () => [200, { "Access-Control-Allow-Origin": `${ORIGIN}, ${ORIGIN}` }],
  ],
  [
    "a list of origins",
    "malformed-header",
    () => [200, { "Access-Control-Allow-Origin": `${ORIGIN}, https://app.example` }],
  ],
  ["a slash at the end", "malformed-header", () => [200, { "Access-Control-Allow-Origin": `${ORIGIN}/` }]],
  ["no origin at all", "malformed-header", () => [200, { "Access-Control-Allow-Origin": "localhost" }]],
  [
    "True for true",
    "malformed-header",
    () => [200, { ...allow, "Access-Control-Allow-Credentials": "True" }],
    { credentials: "include" },
  ],
  [
    "* with credentials",
    "wildcard-with-credentials",
    () => [200, { "Access-Control-Allow-Origin": "*" }],
    { credentials: "include" },
  ],
  [
    "* for headers with credentials",
    "wildcard-with-credentials",
    () => [
      200,
      { ...preflight, "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Headers": "*" },
    ],
    { ...JSON_POST, credentials: "include" },
  ],
  ["no word of credentials", "credentials-not-allowed", () => [200, allow], { credentials: "include" }],
  [
    "the method is not listed",
    "method-not-listed",
    () => [200, { ...allow, "Access-Control-Allow-Methods": "GET, POST" }],
    { method: "DELETE" },
  ],
  [
    "the header is not listed",
    "header-not-listed",
    () => [200, { ...allow, "Access-Control-Allow-Headers": "x-a" }],
    JSON_POST,
  ],
  [
    "400 for the header, in words",
    "header-not-listed",
    (q) => (isPreflight(q) ? [400, allow, "Disallowed CORS headers"] : [200, allow]),
    JSON_POST,
  ],
  [
    "a resource policy without CORS",
    "resource-policy",
    () => [200, { "Cross-Origin-Resource-Policy": "same-origin" }],
    { mode: "no-cors" },
  ],
  ["a method that is never sent", "request-impossible", () => [200, allow], { method: "TRACE" }],
];

describe("the cause", () => {
  for (const [name, cause, replies, request] of CAUSES) {
    test(`${name}: ${cause}`, async () => {
      const diagnosis = await diagnosisOf(replies, request);
      expect({ cause: diagnosis.cause, because: diagnosis.explanation }).toMatchObject({ cause });
      expect(diagnosis.outcome).toBe(cause === "none" ? "fine" : "broken");
      expect(diagnosis.fixes.length > 0).toBe(cause !== "none");
      expect(diagnosis.explanation).toMatch(/\.$/);
      expect(diagnosis.summary).toMatch(/\.$/);
    });
  }

  test("a dead port, a name that does not exist and silence are three things", async () => {
    const ask = async (url: string) => {
      const { outcome, cause, layer } = await diagnose(
        { origin: ORIGIN, request: { url } },
        { timeoutMs: 300 },
      );
      return [outcome, cause, layer];
    };
    const silent = await serve(() => {});
    const dead = await serve(() => {});
    await dead[Symbol.asyncDispose]();
    expect(await ask(dead.url)).toEqual(["broken", "unreachable", "network"]);
    expect(await ask("http://nobody.invalid/")).toEqual(["unknown", "unreachable", "network"]);
    expect(await ask(silent.url)).toEqual(["broken", "no-answer", "application"]);
    await silent[Symbol.asyncDispose]();
  });
});

test("what changes something is sent once, and the questions besides change nothing and are six at most", async () => {
  for (const reply of [[500], [200], [200, preflight], [403, { Vary: "Origin" }]] satisfies Reply[]) {
    await using server = await serve(
      answering((request) => (isPreflight(request) ? [204, preflight] : reply)),
    );
    const { exchanges } = await diagnose({
      origin: ORIGIN,
      request: { url: `${server.url}/api/chat`, ...JSON_POST },
    });
    expect(server.asked.filter((line) => line.startsWith("POST"))).toHaveLength(1);
    const probes = exchanges.filter(({ purpose }) => purpose === "probe");
    expect(probes.length).toBeLessThanOrEqual(6);
    expect(probes.map(({ method }) => method)).not.toContain("POST");
    expect(probes.every(({ why }) => why !== "")).toBe(true);
  }
});

test("a server without a word of CORS is asked six questions besides, and no more", async () => {
  const { exchanges } = await diagnosisOf((q) => (isPreflight(q) ? [403] : [200]), JSON_POST);
  expect(exchanges.filter(({ purpose }) => purpose === "probe")).toHaveLength(6);
});

test("who is redirected to never gets the page's Authorization", async () => {
  const seen: (string | undefined)[] = [];
  await using elsewhere = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end();
  });
  const free = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization" };
  const { cause } = await diagnosisOf(
    (q) => (isPreflight(q) ? [204, free] : [307, { ...free, Location: `${elsewhere.url}/` }]),
    { headers: [["Authorization", "Bearer token"]] },
  );
  expect(cause).toBe("redirect");
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

test("the failure that is hidden is shown with its body", async () => {
  const diagnosis = await diagnosisOf(
    (q) => (isPost(q) ? [500, {}, "no such model"] : [204, preflight]),
    JSON_POST,
  );
  expect(diagnosis.hidden).toEqual({
    status: 500,
    body: "no such model",
    exchange: diagnosis.exchanges.findIndex(({ method }) => method === "POST"),
  });
});

describe("the layer", () => {
  const way = async (front: Replies, behind: Replies): Promise<Layer> => {
    await using backend = await serve(answering(behind));
    return (await diagnosisOf(front, {}, { via: [backend.url] })).layer;
  };

  test("is what stands in front, where the way behind it has what the URL lacks", async () => {
    expect(
      await way(
        () => [200],
        () => [200, allow],
      ),
    ).toBe("proxy");
  });

  test("is what stands in front, where the URL has a header twice, and the way behind it once", async () => {
    expect(
      await way(
        () => [200, { "Access-Control-Allow-Origin": [ORIGIN, ORIGIN] }],
        () => [200, allow],
      ),
    ).toBe("proxy");
  });

  test("is the application, where both ways lack it", async () => {
    expect(
      await way(
        () => [200],
        () => [200],
      ),
    ).toBe("application");
  });

  test("is what stands in front, where the failure's page is its own", async () => {
    const page =
      "<html><body><center><h1>413 Request Entity Too Large</h1></center><hr><center>nginx</center></body></html>";
    const { layer, servers } = await diagnosisOf(
      (q) =>
        isPost(q)
          ? [413, { Server: "nginx" }, page]
          : [204, { ...preflight, Server: "nginx", "X-Powered-By": "Express" }],
      JSON_POST,
    );
    expect({ layer, servers }).toEqual({ layer: "proxy", servers: ["nginx", "express"] });
  });
});

describe("findings", () => {
  const codesOf = ({ findings }: Diagnosis) => findings.map(({ severity, code }) => `${severity} ${code}`);

  test("an origin that is repeated, with credentials, is a hole", async () => {
    const diagnosis = await diagnosisOf(
      ({ headers }) => [
        200,
        {
          "Access-Control-Allow-Origin": headers.origin ?? "*",
          "Access-Control-Allow-Credentials": "true",
          Vary: "Origin",
        },
      ],
      { credentials: "include" },
    );
    expect(codesOf(diagnosis)).toEqual(["error reflects-any-origin"]);
  });

  test("what depends on who asks needs Vary", async () => {
    const diagnosis = await diagnosisOf(({ headers }) => [200, headers.origin === ORIGIN ? allow : {}]);
    expect(codesOf(diagnosis)).toEqual(["warning vary-missing"]);
  });

  test("null is everybody", async () => {
    const diagnosis = await diagnosisOf(({ headers: { origin = "" } }) => [
      200,
      {
        Vary: "Origin",
        ...([ORIGIN, "null"].includes(origin) ? { "Access-Control-Allow-Origin": origin } : {}),
      },
    ]);
    expect(codesOf(diagnosis)).toEqual(["warning null-allowed"]);
  });

  test("what works in Chromium and violates the standard is said", async () => {
    const diagnosis = await diagnosisOf(
      () => [
        200,
        {
          "Access-Control-Allow-Origin": "*",
          "Access-Control-Allow-Headers": "*",
          "Access-Control-Max-Age": "600",
        },
      ],
      { headers: [["Authorization", "Bearer token-of-somebody"]] },
    );
    expect(diagnosis.outcome).toBe("fine");
    expect(codesOf(diagnosis)).toEqual(["warning departs-from-standard"]);
    expect(JSON.stringify(diagnosis)).not.toContain("token-of-somebody");
  });

  test("a header that pages want and cannot read, and a preflight that nobody keeps, are noted", async () => {
    const diagnosis = await diagnosisOf(
      () => [
        200,
        {
          "Access-Control-Allow-Origin": "*",
          "Access-Control-Allow-Headers": "content-type",
          "Retry-After": "3",
        },
      ],
      JSON_POST,
    );
    expect(codesOf(diagnosis)).toEqual(["note not-exposed", "note preflight-not-cached"]);
  });

  test("a fixed answer in good order leaves nothing to say", async () => {
    expect(codesOf(await diagnosisOf(() => [200, { "Access-Control-Allow-Origin": "*" }]))).toEqual([]);
  });
});
