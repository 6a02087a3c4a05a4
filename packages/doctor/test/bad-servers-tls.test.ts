import { once } from "node:events";
import { createSecureServer, type Http2SecureServer } from "node:http2";
import { createServer, type Server } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exchange } from "../src/exchange.ts";
import { observe } from "../src/observe.ts";
import type { AskOptions } from "../src/question.ts";
import { send } from "../src/send.ts";
import { Authority, type Certificate } from "./support/certificates.ts";
import { RawServer } from "./support/raw-server.ts";

const HERE = "DNS:localhost,DNS:api.example,IP:127.0.0.1,IP:::1";
const open = new AsyncDisposableStack();
const certificates: Record<"good" | "expired" | "other" | "own", Certificate> = Object.create(null);
const seen: { url: string | undefined; headers: Record<string, unknown>; version: string }[] = [];

beforeAll(() => {
  const authority = open.use(new Authority());
  authority.trust();
  certificates.good = authority.issue(HERE, 1);
  certificates.expired = authority.issue(HERE, -1);
  certificates.other = authority.issue("DNS:other.example", 1);
  certificates.own = authority.selfSigned(HERE);
});
afterAll(() => open.disposeAsync());

async function portOf(server: Server | Http2SecureServer, host = "127.0.0.1"): Promise<number> {
  open.defer(() => void server.close());
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const start = (certificate: Certificate): Promise<number> =>
  portOf(
    createServer({ ...certificate }, ({ url, headers, httpVersion }, response) => {
      seen.push({ url, headers, version: httpVersion });
      response.setHeader("Access-Control-Allow-Origin", "*").end("hi");
    }),
  );

const startHttp2 = (certificate: Certificate): Promise<number> =>
  portOf(
    createSecureServer(
      { ...certificate, allowHTTP1: false },
      ({ url, headers, httpVersion, method }, response) => {
        seen.push({ url, headers, version: httpVersion });
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("X-Many", ["a", "b"]);
        response.setHeader("X-Byte", "\xe9");
        if (method === "OPTIONS") response.setHeader("Access-Control-Allow-Headers", "*");
        response.end("hi");
      },
    ),
  );

const ask = (
  url: string,
  more: { method?: string; via?: string } = {},
  options: AskOptions = {},
): Promise<Exchange> =>
  send(
    {
      purpose: "probe",
      why: "",
      via: null,
      method: "GET",
      headers: [["Authorization", "Bearer s3cret"]],
      url,
      ...more,
    },
    options,
  );

describe("a certificate", () => {
  test("that browsers accept is not spoken of", async () => {
    const { outcome, sent } = await ask(`https://localhost:${await start(certificates.good)}/`);
    expect(outcome).toMatchObject({ kind: "received", status: 200, body: "hi" });
    expect(outcome).not.toHaveProperty("certificate");
    expect(sent).toContainEqual(["Authorization", "Bearer s3cret"]);
  });

  test.each([
    [
      "that has expired",
      "expired",
      "certificate-expired",
      /expired, or is not valid yet \(CERT_HAS_EXPIRED\)/,
    ],
    ["for another name", "other", "certificate-name", /for another name \(ERR_TLS_CERT_ALTNAME_INVALID\)/],
    [
      "that is signed by itself",
      "own",
      "certificate-untrusted",
      /whom browsers trust \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
  ] as const)(
    "%s is named, and the answer behind it is read, without the page's secrets",
    async (_name, which, fault, message) => {
      const url = `https://localhost:${await start(certificates[which])}/`;
      seen.length = 0;
      const { outcome, sent } = await ask(url);
      expect(outcome).toMatchObject({
        kind: "received",
        status: 200,
        body: "hi",
        certificate: { kind: "failed", fault, message: expect.stringMatching(message) },
      });
      expect(sent).toEqual([
        ["Host", new URL(url).host],
        ["Connection", "keep-alive"],
      ]);
      expect(seen.map(({ headers }) => headers["authorization"])).toEqual([undefined]);

      expect((await ask(url, { method: "DELETE" })).outcome).toMatchObject({ kind: "failed", fault });
      expect(seen).toHaveLength(1);
    },
  );

  test("that browsers refuse is a connection that failed, and nothing follows it", async () => {
    const url = `https://localhost:${await start(certificates.expired)}/`;
    seen.length = 0;
    const question = { origin: "https://app.example", request: { url, method: "PUT" } };
    const { prediction, exchanges } = await observe(question);
    expect(prediction).toMatchObject({ verdict: "ConnectionFailed", requests: [] });
    expect(exchanges).toMatchObject([
      { purpose: "preflight", outcome: { status: 200, certificate: { fault: "certificate-expired" } } },
    ]);
  });

  test("is that of the URL's name, past a proxy, too, and of an address as of a name", async () => {
    const port = await start(certificates.good);
    const via = `https://127.0.0.1:${port}`;
    expect((await ask("https://api.example/a", { via })).outcome).not.toHaveProperty("certificate");
    expect((await ask("https://far.example/a", { via })).outcome).toMatchObject({
      certificate: { fault: "certificate-name" },
    });
    expect((await ask(`https://127.0.0.1:${port}/`)).outcome).not.toHaveProperty("certificate");
  });
});

describe("HTTP/2", () => {
  test("is spoken with a server that speaks nothing else", async () => {
    const port = await startHttp2(certificates.good);
    seen.length = 0;
    const { outcome, sent } = await ask(`https://localhost:${port}/a?b`);
    expect(outcome).toMatchObject({ httpVersion: "2", status: 200, body: "hi", bodyEnd: "complete" });
    expect(outcome.kind === "received" && outcome.headers.filter(([name]) => name.startsWith("x-"))).toEqual([
      ["x-many", "a"],
      ["x-many", "b"],
      ["x-byte", "\xe9"],
    ]);
    expect(sent).toEqual([["authorization", "Bearer s3cret"]]);
    expect(seen).toMatchObject([
      { url: "/a?b", version: "2.0", headers: { ":authority": `localhost:${port}` } },
    ]);
  });

  test("lets a stream be sent, which over HTTP/1.1 fails", async () => {
    const request = { method: "POST", body: { kind: "stream" } } as const;
    const verdictAt = async (port: number) => {
      const url = `https://localhost:${port}/`;
      const question = {
        origin: "https://app.example",
        request: { ...request, url },
        content: Buffer.from("hi"),
      };
      const { prediction, exchanges } = await observe(question);
      return [prediction.verdict, ...exchanges.map(({ method }) => method)];
    };
    expect(await verdictAt(await startHttp2(certificates.good))).toEqual(["ok", "OPTIONS", "POST"]);
    expect(await verdictAt(await start(certificates.good))).toEqual(["StreamNeedsHttp2", "OPTIONS"]);
  });

  test("of a server that ends the session", async () => {
    const server = createSecureServer({ ...certificates.good });
    server.on("session", (session) => session.on("stream", () => session.destroy()));
    const { outcome } = await ask(`https://localhost:${await portOf(server)}/`);
    expect(outcome).toMatchObject({ kind: "failed", fault: "reset" });
  });
});

describe("no TLS", () => {
  test("at a port that speaks plain HTTP", async () => {
    await using server = await RawServer.start({
      greet: (socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    });
    const { outcome } = await ask(`https://127.0.0.1:${server.port}/`);
    expect(outcome).toMatchObject({ fault: "tls", message: expect.stringContaining("wrong version number") });
    await server.isLeft();
  });

  test("where the connection is closed at once, or a handshake never ends", async () => {
    await using closing = await RawServer.start({ greet: (socket) => void socket.end() });
    expect((await ask(`https://127.0.0.1:${closing.port}/`)).outcome).toMatchObject({ fault: "reset" });
    await using silent = await RawServer.start({});
    const options = { timeoutMs: 300 };
    expect((await ask(`https://127.0.0.1:${silent.port}/`, {}, options)).outcome).toMatchObject({
      fault: "timeout",
      message: "There was no connection within 300 ms.",
    });
    await silent.isLeft();
  });

  test("with an address that must not be asked: no socket is opened", async () => {
    const guard: LookupFunction = (_name, _options, done) => done(new Error("private"), "");
    const port = await start(certificates.good);
    expect((await ask(`https://127.0.0.1:${port}/`, {}, { lookup: guard })).outcome).toMatchObject({
      fault: "address-refused",
    });
    expect(
      (await ask("https://api.example/", { via: `https://127.0.0.1:${port}` }, { lookup: guard })).outcome,
    ).toMatchObject({ fault: "address-refused" });
  });
});
