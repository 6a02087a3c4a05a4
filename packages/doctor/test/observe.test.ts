import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { chromium, predict, standard } from "@waybill/policy/browser";
import { afterAll, describe, expect, test } from "vitest";
import { placeOrigins } from "../../../conformance/differential/case.ts";
import { generateCase } from "../../../conformance/differential/generate.ts";
import { ScriptedServers } from "../../../conformance/differential/scripted-servers.ts";
import { observe } from "../src/observe.ts";
import type { Question } from "../src/question.ts";
import { send } from "../src/send.ts";
import { RawServer } from "./support/raw-server.ts";

const open = new AsyncDisposableStack();
const seen: string[] = [];

/** A server on this machine, and what it was asked. */
async function serve(respond: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  seen.length = 0;
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => {
      seen.push([request.method, request.url, Buffer.concat(body)].join(" ").trim());
      respond(request, response);
    });
  });
  open.defer(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const allow = (response: ServerResponse): ServerResponse =>
  response
    .setHeader("Access-Control-Allow-Origin", "*")
    .setHeader("Access-Control-Allow-Methods", "*")
    .setHeader("Access-Control-Allow-Headers", "*");

// A page of plain http: what it may not do for other reasons is not asked here.
const asked = (
  url: string,
  request: Partial<Question["request"]> = {},
  more: Partial<Question> = {},
): Question => ({
  origin: "http://app.example",
  request: { url, ...request },
  ...more,
});

afterAll(() => open.disposeAsync());

describe("what is sent", () => {
  test("a request that changes things is sent once, with its body, after its preflight", async () => {
    const url = await serve((_request, response) => void allow(response).end("done"));
    const question = asked(
      `${url}/things`,
      { method: "PUT", body: { kind: "text" } },
      { content: Buffer.from("one") },
    );
    const { prediction, byStandard, exchanges, withheld } = await observe(question);
    expect(seen).toEqual(["OPTIONS /things", "PUT /things one"]);
    expect(prediction).toMatchObject({ verdict: "ok", readable: { status: 200, body: "done" } });
    expect(exchanges.map(({ purpose, why }) => [purpose, why])).toEqual([
      ["preflight", ""],
      ["request", ""],
    ]);
    expect([byStandard, withheld]).toEqual([null, null]);
  });

  test("it is sent again, body and all, where a redirect says so", async () => {
    const url = await serve((request, response) => {
      const isOld = request.url === "/old";
      allow(response)
        .writeHead(isOld ? 307 : 200, isOld ? { Location: "/new" } : {})
        .end();
    });
    const question = asked(
      `${url}/old`,
      { method: "POST", body: { kind: "text" } },
      { content: Buffer.from("one") },
    );
    expect((await observe(question)).prediction).toMatchObject({ verdict: "ok", at: 1 });
    expect(seen).toEqual(["POST /old one", "POST /new one"]);
  });

  test("a redirect is followed twenty times", async () => {
    const url = await serve((request, response) => {
      allow(response)
        .writeHead(302, { Location: `/${Number(request.url?.slice(1)) + 1}` })
        .end();
    });
    const { prediction, exchanges } = await observe(asked(`${url}/0`));
    expect(prediction).toMatchObject({ verdict: "RedirectLoop", at: 20 });
    expect([exchanges.length, seen.at(-1)]).toEqual([21, "GET /20"]);
  });

  test("a Location's bytes are escaped, not taken for characters", async () => {
    const url = await serve((_request, response) => {
      allow(response)
        .writeHead(seen.length === 1 ? 302 : 200, { Location: Buffer.from("/é").toString("latin1") })
        .end();
    });
    await observe(asked(url));
    expect(seen).toEqual(["GET /", "GET /%C3%A9"]);
  });

  test("every hop's address goes through the resolver", async () => {
    const url = await serve((_request, response) => {
      allow(response).writeHead(302, { Location: "http://inside.example/" }).end();
    });
    const names: string[] = [];
    const lookup: LookupFunction = (name, _options, done) => {
      names.push(name);
      if (name === "127.0.0.1") done(null, name, 4);
      else done(new Error("private address"), "");
    };
    const { prediction, exchanges } = await observe(asked(url), { lookup });
    expect(names).toEqual(["127.0.0.1", "inside.example"]);
    expect(prediction).toMatchObject({ verdict: "ConnectionFailed", at: 1 });
    expect(exchanges[1]?.outcome).toMatchObject({ fault: "address-refused" });
  });

  test("nothing, where the page itself cannot send it", async () => {
    const request = { url: "http://127.0.0.1:9/", method: "TRACE" };
    const { prediction, exchanges } = await observe({ origin: "https://app.example", request });
    expect([prediction.verdict, exchanges]).toEqual(["ForbiddenMethod", []]);
  });

  test("nothing after a preflight that is never answered", async () => {
    await using server = await RawServer.start({});
    const { prediction, byStandard, exchanges } = await observe(asked(server.url, { method: "PUT" }), {
      timeoutMs: 200,
    });
    expect(prediction).toMatchObject({ verdict: "ConnectionFailed", requests: [] });
    expect(exchanges).toMatchObject([{ purpose: "preflight", outcome: { fault: "timeout" } }]);
    expect(byStandard).toBeNull();
  });
});

describe("the standard", () => {
  test("says something else where Chromium is more generous", async () => {
    const url = await serve((_request, response) => void allow(response).end());
    const { prediction, byStandard } = await observe(
      asked(url, { headers: [["Authorization", "Bearer x"]] }),
    );
    expect([prediction.verdict, byStandard?.verdict]).toEqual(["ok", "HeaderDisallowedByPreflightResponse"]);
  });

  test("may ask first where Chromium does not: as a probe", async () => {
    const url = await serve((request, response) => {
      (request.method === "OPTIONS" ? response : allow(response)).end();
    });
    const { prediction, byStandard, exchanges } = await observe(asked(url, { headers: [["DPR", "2"]] }));
    expect([prediction.verdict, byStandard?.verdict]).toEqual(["ok", "PreflightMissingAllowOriginHeader"]);
    expect(exchanges.map(({ purpose, method, why }) => [purpose, method, why])).toEqual([
      ["request", "GET", ""],
      ["probe", "OPTIONS", "what a browser that keeps to the standard asks first"],
    ]);
  });
});

describe("with dryRun", () => {
  test("a request that changes things is kept back, after the preflight", async () => {
    const url = await serve((_request, response) => void allow(response).end());
    const { exchanges, withheld } = await observe(asked(url, { method: "DELETE" }), { dryRun: true });
    expect(seen).toEqual(["OPTIONS /"]);
    expect(exchanges).toHaveLength(1);
    expect(withheld).toMatchObject({ method: "DELETE", url: `${url}/`, hop: 0 });
  });

  test("a preflight that is refused is verdict enough", async () => {
    const url = await serve((_request, response) => void response.end());
    const { prediction, withheld } = await observe(asked(url, { method: "DELETE" }), { dryRun: true });
    expect(prediction.verdict).toBe("PreflightMissingAllowOriginHeader");
    expect(withheld).toBeNull();
  });

  test("a GET is sent, a POST that needs no preflight is not", async () => {
    const url = await serve((_request, response) => void allow(response).end());
    expect((await observe(asked(url), { dryRun: true })).prediction.verdict).toBe("ok");
    expect((await observe(asked(url, { method: "POST" }), { dryRun: true })).withheld).toMatchObject({
      method: "POST",
    });
    expect(seen).toEqual(["GET /"]);
  });

  test("nobody else sends one by mistake", async () => {
    const outgoing = {
      purpose: "probe",
      why: "",
      via: null,
      url: "http://127.0.0.1:9/",
      headers: [],
    } as const;
    await expect(send({ ...outgoing, method: "POST" }, { dryRun: true })).rejects.toMatchObject({
      name: "QuestionError",
      field: "options.dryRun",
    });
  });
});

describe("over real sockets", () => {
  const CASES = 1_500;
  const SEED = 7;

  test("exchanges drawn by chance come to what the model says that knows all answers", async () => {
    await using servers = await ScriptedServers.start();
    let otherwise = 0;
    for (let id = 0; id < CASES; id += 1) {
      const { exchange } = placeOrigins(generateCase(SEED, id), servers.origins);
      const { page, request, hops } = exchange;
      servers.script(id, hops);
      const content = request.body ? { content: Buffer.from("hello") } : {};
      const { prediction, byStandard } = await observe({ origin: page.origin, request, ...content });
      servers.take(id);
      expect(prediction).toEqual(predict({ ...exchange, profile: chromium }));
      if (byStandard === null) continue;
      otherwise += 1;
      expect(byStandard).toEqual(predict({ ...exchange, profile: standard }));
    }
    expect(otherwise).toBeGreaterThan(CASES / 50);
  });
});
