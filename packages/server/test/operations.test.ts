import { afterEach, describe, expect, test } from "vitest";
import { headerUser, jwtUser, type RequestFacts } from "../src/index.ts";
import {
  ALLOWED_ORIGIN,
  eventsOf,
  startChatServer,
  type TestServer,
  textInput,
} from "./support/chat-server.ts";
import { pictureServer } from "./support/picture-server.ts";
import { inSeconds, TOKEN_SECRET, token } from "./support/tokens.ts";

let server: TestServer;
afterEach(() => server[Symbol.asyncDispose]());

const create = { type: "threads.create", params: { input: textInput("hi") } };
const importFrom = (source_url: string) =>
  fetch(`${server.api}/v1/files`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source_url }),
  });

/** The values of the metrics, by name and labels. */
async function metrics(): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${server.api}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=/);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const blank = line.lastIndexOf(" ");
      return [line.slice(0, blank), Number(line.slice(blank + 1))];
    }),
  );
}

describe("/metrics", () => {
  test("counts requests, answers, imports and the journal's appends", async () => {
    await using pictures = await pictureServer();
    server = await startChatServer({ importAllow: [pictures.host] });
    await eventsOf(await server.send(create));
    await importFrom(pictures.url);
    await importFrom("http://10.0.0.1/x.png");
    await fetch(`${server.api}/nowhere`);
    const values = await metrics();
    expect(values.get('waybill_requests_total{route="/chatkit",method="POST",status="200"}')).toBe(1);
    expect(values.get('waybill_requests_total{route="other",method="GET",status="404"}')).toBe(1);
    expect(values.get('waybill_runs_total{state="completed"}')).toBe(1);
    expect(values.get("waybill_runs_active")).toBe(0);
    expect(values.get("waybill_run_first_event_seconds_count")).toBe(1);
    expect(values.get("waybill_journal_append_seconds_count")).toBeGreaterThan(0);
    expect(values.get('waybill_imports_total{outcome="ok"}')).toBe(1);
    expect(values.get('waybill_imports_total{outcome="import_refused_address"}')).toBe(1);
  });

  test("tells of answers that are being written, and how they ended", async () => {
    const streaming = Promise.withResolvers<void>();
    server = await startChatServer({
      async *respond({ thread, signal }) {
        yield* thread.streamText(["so far"]);
        streaming.resolve();
        await new Promise((resolve) => void signal.addEventListener("abort", resolve));
      },
    });
    const response = await server.send(create);
    await streaming.promise;
    expect((await metrics()).get("waybill_runs_active")).toBe(1);
    const list = (await (await server.send({ type: "threads.list", params: {} })).json()) as {
      data: { id: string }[];
    };
    await server.send({ type: "threads.delete", params: { thread_id: list.data[0]?.id } });
    await response.text();
    const values = await metrics();
    expect(values.get("waybill_runs_active")).toBe(0);
    expect(values.get('waybill_runs_total{state="stopped"}')).toBe(1);
  });

  test("is told to this machine alone, in whatever way users are named", async () => {
    server = await startChatServer({ authenticate: headerUser("x-user") });
    for (const headers of [{ "x-forwarded-for": "203.0.113.7" }, { forwarded: "for=203.0.113.7" }]) {
      const response = await fetch(`${server.api}/metrics`, { headers: { ...headers, "x-user": "ann" } });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "forbidden" } });
    }
    const request = () => new Request("http://localhost/metrics");
    const elsewhere = { incoming: { socket: { remoteAddress: "203.0.113.7" } } };
    expect((await server.chat.fetch(request(), elsewhere)).status).toBe(403);
    // Mounted in something that does not say who its peer is.
    expect((await server.chat.fetch(request())).status).toBe(403);
    expect((await fetch(`${server.api}/metrics`)).status).toBe(200);
  });

  test("has no label that names a user, an id or an address", async () => {
    server = await startChatServer();
    await eventsOf(await server.send(create));
    await fetch(`${server.api}/f/atc_1234/orig?token=secret`);
    await fetch(`${server.api}/some/path`);
    const names = [...(await metrics()).keys()].join("\n");
    expect(names).not.toMatch(/atc_|thr_|run_[0-9a-z]{29}|local|secret|some/);
  });
});

describe("/readyz", () => {
  test("says ok while store and files answer, with the policy's headers, to anybody", async () => {
    server = await startChatServer({ authenticate: () => null });
    const response = await fetch(`${server.api}/readyz`, { headers: { origin: ALLOWED_ORIGIN } });
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
  });

  test("is 503, names what does not answer, and logs why", async () => {
    server = await startChatServer();
    await server.store.close();
    const response = await fetch(`${server.api}/readyz`, { headers: { origin: ALLOWED_ORIGIN } });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { code: "shutting_down", details: { failed: ["store"] } },
    });
    expect(response.headers.get("access-control-allow-origin")).toBe(ALLOWED_ORIGIN);
    expect(server.logged).toMatchObject([{ level: "error", message: "GET /readyz failed" }]);
    expect((await fetch(`${server.api}/healthz`)).status).toBe(200);
  });
});

describe("onRequest", () => {
  test("is told of each answer: who asked, what for, and why it was refused; nothing of headers and queries", async () => {
    const told: RequestFacts[] = [];
    const bearer = token({ sub: "ann", tenant: "acme", exp: inSeconds(60) });
    server = await startChatServer({
      authenticate: jwtUser({ secret: TOKEN_SECRET }),
      onRequest: (facts) => told.push(facts),
    });
    const authorization = `Bearer ${bearer}`;
    const retry = {
      type: "threads.retry_after_item",
      params: { thread_id: "thr_unknown", item_id: "msg_unknown" },
    };
    await server.send(retry, { headers: { authorization } });
    await server.send(retry, { headers: { authorization, accept: "text/event-stream" } });
    await server.send(retry, { headers: { authorization: `${authorization}x` } });
    await fetch(`${server.files}/f/atc_1/orig?signature=secret`);
    await fetch(`${server.api}/chatkit`, { method: "POST", headers: { origin: "https://evil.example" } });
    await fetch(`${server.api}/chatkit`, {
      method: "OPTIONS",
      headers: { origin: ALLOWED_ORIGIN, "access-control-request-method": "POST" },
    });
    const principal = { tenant: "acme", user: "ann" };
    expect(
      told.map(({ method, path, route, status, code, principal }) => ({
        at: `${method} ${path}`,
        route,
        status,
        code,
        principal,
      })),
    ).toEqual([
      { at: "POST /chatkit", route: "/chatkit", status: 404, code: "not_found", principal },
      { at: "POST /chatkit", route: "/chatkit", status: 200, code: "not_found", principal },
      { at: "POST /chatkit", route: "/chatkit", status: 401, code: "unauthenticated", principal: undefined },
      {
        at: "GET /f/atc_1/orig",
        route: "/f/:id/:variant",
        status: 403,
        code: "forbidden",
        principal: undefined,
      },
      { at: "POST /chatkit", route: "other", status: 403, code: "origin_not_allowed", principal: undefined },
      { at: "OPTIONS /chatkit", route: "other", status: 204, code: undefined, principal: undefined },
    ]);
    const everything = JSON.stringify([told, server.logged]);
    for (const secret of [bearer, TOKEN_SECRET, "signature=secret"]) expect(everything).not.toContain(secret);
    expect(
      told.every(({ duration_ms, request_id }) => duration_ms >= 0 && request_id.startsWith("req_")),
    ).toBe(true);
  });
});

describe("a sign-in that is not accepted", () => {
  test.each([
    [undefined, "missing", "Bearer"],
    [token({ sub: "ann", exp: inSeconds(-60) }), "expired", 'Bearer error="invalid_token"'],
    [
      token({ sub: "ann", exp: inSeconds(60) }, { secret: "x".repeat(32) }),
      "not_accepted",
      'Bearer error="invalid_token"',
    ],
  ])("is told why in general terms, %#", async (bearer, reason, challenge) => {
    server = await startChatServer({ authenticate: jwtUser({ secret: TOKEN_SECRET }) });
    const headers = {
      origin: ALLOWED_ORIGIN,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    };
    const response = await server.send(create, { headers });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, challenge]);
    expect(response.headers.get("access-control-expose-headers")).toMatch(/WWW-Authenticate/i);
    expect(await response.json()).toMatchObject({ error: { code: "unauthenticated", details: { reason } } });
  });
});
