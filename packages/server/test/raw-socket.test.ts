import { createCorsPolicy } from "@waybill/policy";
import { type NodeApp, type NodeServer, type ServeOptions, serve } from "@waybill/server/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOWED_ORIGIN, startChatServer, type TestServer, textInput } from "./support/chat-server.ts";
import { openRaw, type RawResponse, rawRequest, requestBytes } from "./support/raw-http.ts";

const DENIED_ORIGIN = "https://evil.example";
const JSON_TYPE = { "Content-Type": "application/json" };
const turn = JSON.stringify({ type: "threads.create", params: { input: textInput("hi") } });
const list = JSON.stringify({ type: "threads.list", params: {} });

const compiled = createCorsPolicy({
  origins: [ALLOWED_ORIGIN],
  credentials: true,
  exposedHeaders: ["X-Request-Id", "Waybill"],
});
if (!compiled.ok) throw new Error("The policy does not compile.");
const { policy } = compiled;
const serveFault = (fetch: NodeApp["fetch"], options: Partial<ServeOptions> = {}) =>
  serve({ fetch, corsFor: () => policy }, { port: 0, ...options });

let chat: TestServer;
let nobody: TestServer;
const faults = new Map<string, NodeServer>();
beforeAll(async () => {
  chat = await startChatServer({ element: "export {};", maxRequestBytes: 10_000 });
  nobody = await startChatServer({ authenticate: () => null });
  const serving: Record<string, () => Promise<NodeServer>> = {
    throws: () =>
      serveFault(() => {
        throw new Error("inside");
      }),
    rejects: () => serveFault(() => Promise.reject(new Error("inside"))),
    hangs: () => serveFault(() => new Promise(() => {}), { deadlineMs: 5 }),
    foreign: () => serveFault(() => new Response("ok"), { allowedHosts: () => ["chat.example"] }),
    own: () =>
      serveFault(
        () =>
          new Response("ok", {
            headers: {
              "Access-Control-Allow-Origin": "*",
              "Access-Control-Allow-Credentials": "true",
              Vary: "*",
            },
          }),
      ),
    breaks: () =>
      serveFault(() => {
        let pulls = 0;
        const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
          pulls += 1;
          if (pulls === 1) controller.enqueue(new TextEncoder().encode("half"));
          else controller.error(new Error("inside"));
        };
        return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
      }),
  };
  for (const [name, start] of Object.entries(serving)) faults.set(name, await start());
});
afterAll(async () => {
  await Promise.all([chat, nobody].map((server) => server[Symbol.asyncDispose]()));
  await Promise.all([...faults.values()].map((server) => server.close({ drainTimeoutMs: 0 })));
});

type Headers = Readonly<Record<string, string | null>>;
interface Row {
  readonly name: string;
  /** Statuses for an allowed origin, a denied one, and none. */
  readonly statuses: readonly [number, number, number];
  readonly send: (origin: Headers) => Promise<RawResponse | null>;
  /** The policy of everybody's files: "*", with or without an origin, and no `Vary`. */
  readonly isPublic?: boolean;
  /** `Vary: *` says more than `Vary: Origin`. */
  readonly varyAll?: boolean;
  readonly breaks?: boolean;
  /** With an origin, it is a preflight: no body, and nothing exposed. */
  readonly isPreflight?: boolean;
}
const at = (base: () => string, method: string, target: string, headers: Headers = {}, body = "") => {
  return (origin: Headers) =>
    rawRequest(base(), requestBytes(base(), method, target, { ...headers, ...origin }, body));
};
const onChat = (method: string, target: string, headers: Headers = {}, body = "") =>
  at(() => chat.api, method, target, headers, body);
const onFault = (name: string) => at(() => faults.get(name)?.url ?? "", "GET", "/");
const text = (build: (origin: string) => string) => (origin: Headers) => {
  const line = Object.entries(origin)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  return rawRequest(chat.api, build(line));
};
const host = () => new URL(chat.api).host;
const ask = (method: string | null, headers: string | null, target = "/chatkit") =>
  onChat("OPTIONS", target, {
    "Access-Control-Request-Method": method,
    "Access-Control-Request-Headers": headers,
  });

/** A request that arrives on an open connection after the server has begun to close. */
async function whileShuttingDown(origin: Headers): Promise<RawResponse | null> {
  const entered = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let requests = 0;
  const server = await serveFault(
    async () => {
      entered.resolve();
      await held.promise;
      return new Response("late");
    },
    {
      allowedHosts: () => {
        requests += 1;
        if (requests === 2) held.resolve();
        return undefined;
      },
    },
  );
  const connection = openRaw(server.url);
  connection.write(requestBytes(server.url, "GET", "/"));
  await entered.promise;
  const closed = server.close({ drainTimeoutMs: 60_000 });
  connection.write(requestBytes(server.url, "GET", "/", origin));
  expect((await connection.response())?.body.toString()).toBe("late");
  const refused = await connection.response();
  await closed;
  return refused;
}

const ROWS: readonly Row[] = [
  { name: "capabilities", statuses: [200, 200, 200], send: onChat("GET", "/v1") },
  { name: "capabilities, HEAD", statuses: [200, 200, 200], send: onChat("HEAD", "/v1") },
  { name: "health", statuses: [200, 200, 200], send: onChat("GET", "/healthz") },
  { name: "a list", statuses: [200, 403, 200], send: onChat("POST", "/chatkit", JSON_TYPE, list) },
  { name: "a turn", statuses: [200, 403, 200], send: onChat("POST", "/chatkit", JSON_TYPE, turn) },
  { name: "no such path", statuses: [404, 404, 404], send: onChat("GET", "/nowhere") },
  { name: "a bad escape", statuses: [404, 404, 404], send: onChat("GET", "/%E0%A4%A") },
  {
    name: "a method that the path does not take",
    statuses: [405, 405, 405],
    send: onChat("GET", "/chatkit"),
  },
  { name: "a method that no path takes", statuses: [405, 403, 405], send: onChat("PROPFIND", "/v1") },
  { name: "not JSON", statuses: [400, 403, 400], send: onChat("POST", "/chatkit", JSON_TYPE, "{") },
  { name: "not an object", statuses: [400, 403, 400], send: onChat("POST", "/chatkit", JSON_TYPE, "[]") },
  {
    name: "another content type",
    statuses: [415, 403, 415],
    send: onChat("POST", "/chatkit", { "Content-Type": "text/plain" }, list),
  },
  { name: "no content type", statuses: [415, 403, 415], send: onChat("POST", "/chatkit", {}, list) },
  {
    name: "a body too large",
    statuses: [413, 403, 413],
    send: onChat("POST", "/chatkit", JSON_TYPE, "x".repeat(20_000)),
  },
  {
    name: "a chunked body too large",
    statuses: [413, 403, 413],
    send: onChat(
      "POST",
      "/chatkit",
      { ...JSON_TYPE, "Content-Length": null, "Transfer-Encoding": "chunked" },
      `4e20\r\n${"x".repeat(20_000)}\r\n0\r\n\r\n`,
    ),
  },
  {
    name: "a broken chunk",
    statuses: [400, 400, 400],
    send: onChat(
      "POST",
      "/chatkit",
      { ...JSON_TYPE, "Content-Length": null, "Transfer-Encoding": "chunked" },
      "zz\r\n",
    ),
  },
  {
    name: "a head too large",
    statuses: [431, 431, 431],
    send: onChat("GET", "/v1", { "X-Large": "x".repeat(20_000) }),
  },
  {
    name: "a header that cannot be parsed",
    statuses: [400, 400, 400],
    send: text((origin) => `GET /v1 HTTP/1.1\r\n${origin}Bad Header: x\r\n\r\n`),
  },
  {
    name: "a method that the parser does not know",
    statuses: [400, 400, 400],
    send: text((origin) => `FOO /v1 HTTP/1.1\r\n${origin}\r\n`),
  },
  { name: "HTTP/0.9", statuses: [400, 400, 400], send: text((origin) => `GET /v1\r\n${origin}\r\n`) },
  { name: "no Host", statuses: [400, 400, 400], send: onChat("GET", "/v1", { Host: null }) },
  { name: "an empty Host", statuses: [400, 400, 400], send: onChat("GET", "/v1", { Host: "" }) },
  {
    name: "two Hosts",
    statuses: [400, 400, 400],
    send: text((origin) => `GET /v1 HTTP/1.1\r\nHost: ${host()}\r\nHost: evil.example\r\n${origin}\r\n`),
  },
  { name: "a malformed Host", statuses: [400, 400, 400], send: onChat("GET", "/v1", { Host: "a b/c" }) },
  {
    name: "a port that is none",
    statuses: [400, 400, 400],
    send: onChat("GET", "/v1", { Host: "localhost:99999" }),
  },
  { name: "a foreign Host", statuses: [400, 400, 400], send: onFault("foreign") },
  {
    name: "an absolute target",
    statuses: [200, 200, 200],
    send: (origin) => onChat("GET", `${chat.api}/v1`)(origin),
  },
  {
    name: "an absolute target elsewhere",
    statuses: [400, 400, 400],
    send: onChat("GET", "http://evil.example/v1"),
  },
  { name: "two slashes", statuses: [404, 404, 404], send: onChat("GET", "//evil.example/v1") },
  {
    name: "Expect: 100-continue",
    statuses: [200, 403, 200],
    send: onChat("POST", "/chatkit", { ...JSON_TYPE, Expect: "100-continue" }, list),
  },
  {
    name: "another expectation",
    statuses: [417, 417, 417],
    send: onChat("GET", "/v1", { Expect: "the-unexpected" }),
  },
  {
    name: "Upgrade",
    statuses: [200, 200, 200],
    send: onChat("GET", "/v1", { Connection: "Upgrade", Upgrade: "websocket" }),
  },
  { name: "TRACE", statuses: [405, 405, 405], send: onChat("TRACE", "/v1") },
  { name: "CONNECT", statuses: [405, 405, 405], send: onChat("CONNECT", "evil.example:443") },
  { name: "OPTIONS without a question", statuses: [204, 403, 204], send: onChat("OPTIONS", "/chatkit") },
  { name: "OPTIONS *", statuses: [404, 403, 404], send: onChat("OPTIONS", "*") },
  {
    name: "a preflight",
    statuses: [204, 403, 204],
    send: ask("POST", "chatkit-frame-instance-id, content-type"),
    isPreflight: true,
  },
  {
    name: "a preflight of a path that is not there",
    statuses: [204, 403, 404],
    send: ask("POST", null, "/nowhere"),
    isPreflight: true,
  },
  {
    name: "a preflight for a header that no page can set",
    statuses: [403, 403, 204],
    send: ask("POST", "cookie"),
    isPreflight: true,
  },
  {
    name: "a preflight for an unknown method",
    statuses: [403, 403, 204],
    send: ask("PROPFIND", null),
    isPreflight: true,
  },
  {
    name: "a preflight before authentication",
    statuses: [204, 403, 204],
    send: at(() => nobody.api, "OPTIONS", "/chatkit", { "Access-Control-Request-Method": "POST" }),
    isPreflight: true,
  },
  {
    name: "nobody",
    statuses: [401, 403, 401],
    send: at(() => nobody.api, "POST", "/chatkit", JSON_TYPE, turn),
  },
  { name: "an application that throws", statuses: [500, 500, 500], send: onFault("throws") },
  { name: "an application that rejects", statuses: [500, 500, 500], send: onFault("rejects") },
  { name: "an application that hangs", statuses: [504, 504, 504], send: onFault("hangs") },
  {
    name: "an application with headers of its own",
    statuses: [200, 200, 200],
    send: onFault("own"),
    varyAll: true,
  },
  {
    name: "a stream that fails in its middle",
    statuses: [200, 200, 200],
    send: onFault("breaks"),
    breaks: true,
  },
  { name: "a server that is shutting down", statuses: [503, 503, 503], send: whileShuttingDown },
  { name: "the element", statuses: [200, 200, 200], send: onChat("GET", "/chatkit.js"), isPublic: true },
  {
    name: "a file's forged address",
    statuses: [403, 403, 403],
    send: at(() => chat.files, "GET", "/f/atc_1/orig?s=x"),
    isPublic: true,
  },
];

const ORIGINS = [
  { who: "an allowed origin", headers: { Origin: ALLOWED_ORIGIN } },
  { who: "a denied origin", headers: { Origin: DENIED_ORIGIN } },
  { who: "no origin", headers: {} },
] as const;
const CELLS = ROWS.flatMap((row) => ORIGINS.map((origin, column) => ({ ...row, ...origin, column })));

describe(`every response carries the policy's headers (${CELLS.length} cells)`, () => {
  test.each(CELLS)("$name, $who", async (cell) => {
    const { column, headers, statuses, isPublic = false } = cell;
    const response = await cell.send(headers);
    expect(response, "an answer").not.toBeNull();
    if (response === null) return;
    const { status, values } = response;
    const isAllowed = column === 0;
    const isPreflight = cell.isPreflight === true && column < 2;
    expect(status).toBe(statuses[column]);
    expect(values("access-control-allow-origin")).toEqual(
      isPublic ? ["*"] : isAllowed ? [ALLOWED_ORIGIN] : [],
    );
    expect(values("access-control-allow-credentials")).toEqual(isAllowed && !isPublic ? ["true"] : []);
    const exposed = values("access-control-expose-headers");
    if ((isAllowed || isPublic) && !isPreflight)
      expect(exposed.join()).toMatch(/\bX-Request-Id\b.*\bWaybill\b/);
    else expect(exposed).toEqual([]);
    const vary = values("vary")
      .join(",")
      .split(",")
      .map((name) => name.trim().toLowerCase());
    if (cell.varyAll) expect(vary).toEqual(["*"]);
    else expect(vary.filter((name) => name === "origin")).toEqual(isPublic ? [] : ["origin"]);
    expect(values("waybill")).toHaveLength(1);
    expect(values("x-request-id")).toEqual([expect.stringMatching(/^req_/)]);
    expect(response.complete).toBe(cell.breaks !== true);
    if (status < 400 || isPreflight) return;
    expect(values("content-type")).toEqual([expect.stringMatching(/^application\/json/)]);
    expect(JSON.parse(response.body.toString())).toEqual({
      error: expect.objectContaining({
        code: expect.stringMatching(/^[a-z_]+$/),
        request_id: values("x-request-id")[0],
      }),
      message: expect.stringMatching(/\S/),
    });
  });
});

describe("a page that is not allowed changes nothing", () => {
  const boundary = "----x";
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhi\r\n--${boundary}--\r\n`;
  const source = JSON.stringify({ source_url: "https://picture.example/a.png" });
  test.each([
    ["JSON", "/chatkit", "application/json", turn],
    ["JSON as plain text", "/chatkit", "text/plain", turn],
    ["a form", "/chatkit", "application/x-www-form-urlencoded", turn],
    ["an upload", "/v1/files", `multipart/form-data; boundary=${boundary}`, part],
    ["an import", "/v1/files", "text/plain", source],
    ["an import as JSON", "/v1/files", "application/json", source],
  ])("with %s", async (_name, target, type, body) => {
    const asked: string[] = [];
    await using server = await startChatServer({
      authenticate: (request) => {
        asked.push(request.method);
        return { tenant: "default", user: "local" };
      },
    });
    for (const Origin of [DENIED_ORIGIN, "null"]) {
      const bytes = requestBytes(
        server.api,
        "POST",
        target,
        { "Content-Type": type, Origin, "Sec-Fetch-Mode": "no-cors" },
        body,
      );
      const response = await rawRequest(server.api, bytes);
      expect(response?.status).toBe(403);
      expect(JSON.parse(response?.body.toString() ?? "")).toMatchObject({
        error: { code: "origin_not_allowed" },
      });
    }
    expect(asked).toEqual([]);
    expect(await (await server.send({ type: "threads.list", params: {} })).json()).toEqual({
      data: [],
      has_more: false,
    });
  });
});
