import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createCorsPolicy } from "@waybill/policy";
import { type GuardOptions, guardCors } from "@waybill/server/node";
import { afterEach, describe, expect, test } from "vitest";
import { openRaw, rawRequest, requestBytes } from "./support/raw-http.ts";

const ORIGIN = "https://app.example";
const compiled = createCorsPolicy({ origins: [ORIGIN], credentials: true });
const open = createCorsPolicy({ origins: "*" });
if (!compiled.ok || !open.ok) throw new Error("The policies do not compile.");
const { policy } = compiled;

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Somebody's own server on `node:http`, guarded. */
async function guarded(
  listener: RequestListener,
  policyFor: Parameters<typeof guardCors>[0] = policy,
  options: GuardOptions = {},
): Promise<string> {
  const guard = guardCors(policyFor, options);
  server = createServer({ ServerResponse: guard.ServerResponse }, listener);
  guard.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answerOf(listener: RequestListener, headers: Record<string, string> = {}) {
  const base = await guarded(listener);
  const response = await rawRequest(base, requestBytes(base, "GET", "/", { Origin: ORIGIN, ...headers }));
  if (response === null) throw new Error("There is no answer.");
  expect(response.values("access-control-allow-origin")).toEqual([ORIGIN]);
  expect(response.values("access-control-allow-credentials")).toEqual(["true"]);
  expect(response.values("waybill")).toHaveLength(1);
  return response;
}

describe("guardCors guards whatever way a head is written", () => {
  const foreign = "https://evil.example";
  test.each<[string, RequestListener]>([
    ["end alone", (_, response) => response.end("x")],
    ["write first", (_, response) => response.write("x") && response.end()],
    ["flushHeaders", (_, response) => (response.flushHeaders(), response.end("x"))],
    ["setHeader", (_, response) => response.setHeader("Access-Control-Allow-Origin", foreign).end("x")],
    [
      "an object",
      (_, response) => response.writeHead(200, { "Access-Control-Allow-Origin": foreign }).end("x"),
    ],
    [
      "a reason and an object",
      (_, response) => response.writeHead(200, "Fine", { "access-control-allow-origin": "*" }).end("x"),
    ],
    [
      "a flat list",
      (_, response) => response.writeHead(200, ["Access-Control-Allow-Origin", "*", "X-A", "1"]).end("x"),
    ],
    [
      "a list of pairs",
      (_, response) => response.writeHead(200, [["Access-Control-Allow-Origin", "*"]] as never).end("x"),
    ],
    [
      "repeated lines",
      (_, response) =>
        response
          .writeHead(200, ["access-control-allow-origin", "*", "Access-Control-Allow-Origin", ORIGIN])
          .end("x"),
    ],
    [
      "appendHeader",
      (_, response) =>
        response
          .appendHeader("access-control-allow-origin", "*")
          .appendHeader("access-control-allow-origin", foreign)
          .end("x"),
    ],
    [
      "headers cleared before sending",
      (_, response) => {
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        response.end("x");
      },
    ],
    [
      "another prototype",
      (_, response) => {
        Object.setPrototypeOf(
          response,
          Object.create(ServerResponse.prototype, {
            writeHead: { value: ServerResponse.prototype.writeHead },
          }) as object,
        );
        response.end("x");
      },
    ],
    [
      "a wrapper around writeHead",
      (_, response) => {
        const inner = response.writeHead.bind(response) as (status: number) => ServerResponse;
        response.writeHead = (status: number) => inner(status);
        response.end("x");
      },
    ],
    [
      "a request whose address and headers a framework has edited",
      (request, response) => {
        request.url = "/other";
        delete request.headers.origin;
        response.end("x");
      },
    ],
  ])("%s", async (_name, listener) => {
    const response = await answerOf(listener);
    expect(response.status).toBe(200);
    expect(response.body.toString()).toBe("x");
    expect(response.values("vary")).toEqual(["Origin"]);
  });

  test("keeps repeated Set-Cookie, numbers, list values and the reason; drops what is undefined", async () => {
    const cookies = ["a=1", "b=2"];
    const flat = await answerOf((_, response) =>
      response.writeHead(200, ["Set-Cookie", "a=1", "set-cookie", "b=2", "X-N", 7]).end(),
    );
    expect(flat.values("set-cookie")).toEqual(cookies);
    expect(flat.values("x-n")).toEqual(["7"]);
    const nested = await answerOf((_, response) =>
      response.writeHead(201, "Made", ["Set-Cookie", cookies, "Vary", "Accept"]).end(),
    );
    expect(nested.values("set-cookie")).toEqual(cookies);
    expect(nested.values("vary")).toEqual(["Accept, Origin"]);
    expect(nested.status).toBe(201);
    const object = await answerOf((_, response) =>
      response.writeHead(200, { "Set-Cookie": cookies, "X-None": undefined }).end(),
    );
    expect(object.values("set-cookie")).toEqual(cookies);
    expect(object.values("x-none")).toEqual([]);
  });

  test("does not touch 1xx, and leaves a second head the error that Node makes of it", async () => {
    let second: unknown;
    const response = await answerOf((_, outgoing) => {
      outgoing.writeEarlyHints({ link: "</a.css>; rel=preload" });
      outgoing.writeHead(200);
      try {
        outgoing.writeHead(500, { "access-control-allow-origin": "*" });
      } catch (error) {
        second = error;
      }
      outgoing.end();
    });
    expect(response.status).toBe(200);
    expect(second).toMatchObject({ code: "ERR_HTTP_HEADERS_SENT" });
  });

  test("chooses the policy by the path that came over the wire", async () => {
    const base = await guarded(
      (_, response) => response.end(),
      (path) => (path === "/public" ? open.policy : policy),
    );
    const allowed = async (target: string) =>
      (await rawRequest(base, requestBytes(base, "GET", target, { Origin: ORIGIN })))?.values(
        "access-control-allow-origin",
      );
    expect(await allowed("/public?x=/private")).toEqual(["*"]);
    expect(await allowed(`${base}/public`)).toEqual(["*"]);
    expect(await allowed("/private?x=/public")).toEqual([ORIGIN]);
  });
});

describe("guardCors answers what Node's parser refuses", () => {
  const late = () => {
    const asked = Promise.withResolvers<{ incoming: IncomingMessage; outgoing: ServerResponse }>();
    return {
      asked: asked.promise,
      listener: (incoming: IncomingMessage, outgoing: ServerResponse) =>
        asked.resolve({ incoming, outgoing }),
    };
  };

  test("a head too large, in one packet with its Origin", async () => {
    const base = await guarded((_, response) => response.end());
    const response = await rawRequest(
      base,
      requestBytes(base, "GET", "/", { Origin: ORIGIN, "X-Large": "x".repeat(20_000) }),
    );
    expect(response?.status).toBe(431);
    expect(response?.values("access-control-allow-origin")).toEqual([ORIGIN]);
  });

  test("once, and without a reset while the client still sends", async () => {
    const base = await guarded((_, response) => response.end());
    const connection = openRaw(base);
    connection.write(`GET / HTTP/1.1\r\nOrigin: ${ORIGIN}\r\nX-Large: `);
    connection.write("x".repeat(4_000_000));
    expect((await connection.response())?.status).toBe(431);
    expect(await connection.response()).toBeNull();
    connection.socket.end();
    expect(await connection.closed).toBeUndefined();
  });

  test("a fault in a body is the answer of its request, and what the application writes later is no error", async () => {
    const { asked, listener } = late();
    const base = await guarded(listener);
    const connection = openRaw(base, { allowHalfOpen: true });
    connection.write(requestBytes(base, "POST", "/", { Origin: ORIGIN, "Transfer-Encoding": "chunked" }));
    const { outgoing } = await asked;
    connection.write("zz\r\n");
    const response = await connection.response();
    expect(response?.status).toBe(400);
    expect(response?.values("access-control-allow-origin")).toEqual([ORIGIN]);
    outgoing.setHeader("X-Late", "1").writeHead(200);
    expect(outgoing.write("late")).toBe(true);
    outgoing.end("late");
    expect(await connection.response()).toBeNull();
    for (let sent = 0; sent < 4; sent += 1) {
      if (!connection.socket.write("x".repeat(1_000_000))) await once(connection.socket, "drain");
    }
    connection.socket.end();
    expect(await connection.closed).toBeUndefined();
  });

  test("a fault in a body whose answer has begun ends the connection: a second head would be read as a body", async () => {
    const { asked, listener } = late();
    const base = await guarded(listener);
    const connection = openRaw(base);
    connection.write(requestBytes(base, "POST", "/", { "Transfer-Encoding": "chunked" }));
    (await asked).outgoing.write("half");
    connection.write("zz\r\n");
    expect(await connection.response()).toMatchObject({ status: 200, complete: false });
    await connection.closed;
  });

  test("a fault in a body that is answered already gets no second answer", async () => {
    const base = await guarded((_, response) => response.end("early"));
    const connection = openRaw(base);
    connection.write(requestBytes(base, "POST", "/", { "Transfer-Encoding": "chunked" }));
    expect((await connection.response())?.body.toString()).toBe("early");
    connection.write("zz\r\n");
    expect(await connection.response()).toBeNull();
    await connection.closed;
  });

  test("a faulty request waits for the answer of the one before it", async () => {
    const { asked, listener } = late();
    const base = await guarded(listener);
    const connection = openRaw(base);
    connection.write(`${requestBytes(base, "GET", "/")}BAD\r\n\r\n`);
    (await asked).outgoing.end("first");
    expect((await connection.response())?.body.toString()).toBe("first");
    expect((await connection.response())?.status).toBe(400);
    expect(await connection.response()).toBeNull();
    connection.socket.destroy();
  });

  test("alone: a framework's listener neither answers a second time nor cuts the answer off", async () => {
    const base = await guarded((_, response) => response.end());
    // What hapi and Fastify do, the one before the guard is attached, the other behind it.
    const cutOff = (_: Error, socket: Duplex) => void socket.destroy();
    server?.on("clientError", cutOff);
    const bytes = `BREW / HTTP/1.1\r\nOrigin: ${ORIGIN}\r\n\r\n`;
    expect((await rawRequest(base, bytes))?.values("access-control-allow-origin")).toEqual([ORIGIN]);
    server?.removeAllListeners("clientError").on("clientError", cutOff);
    if (server) guardCors(policy).attach(server);
    expect((await rawRequest(base, bytes))?.status).toBe(400);
  });

  test("CONNECT, without a reset while the client still sends", async () => {
    const base = await guarded((_, response) => response.end("alive"));
    const connection = openRaw(base, { allowHalfOpen: true });
    connection.write(requestBytes(base, "CONNECT", "evil.example:443", { Origin: ORIGIN }));
    const response = await connection.response();
    expect(response?.status).toBe(405);
    expect(response?.values("allow")).toHaveLength(1);
    expect(response?.values("access-control-allow-origin")).toEqual([ORIGIN]);
    for (let sent = 0; sent < 16; sent += 1) {
      if (!connection.socket.write("x".repeat(1_000_000))) await once(connection.socket, "drain");
    }
    connection.socket.end();
    expect(await connection.closed).toBeUndefined();
  });

  test("CONNECT, and survives a reset of its connection", async () => {
    const base = await guarded((_, response) => response.end("alive"));
    const connection = openRaw(base);
    connection.write(requestBytes(base, "CONNECT", "evil.example:443"));
    await connection.response();
    connection.socket.resetAndDestroy();
    await connection.closed;
    expect((await rawRequest(base, requestBytes(base, "GET", "/")))?.body.toString()).toBe("alive");
  });
});

describe("a guard with a deadline", () => {
  test("answers 504 for a handler that hangs; what it writes later is no error", async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    const base = await guarded((_, response) => asked.resolve(response), policy, { deadlineMs: 5 });
    const response = await rawRequest(base, requestBytes(base, "GET", "/", { Origin: ORIGIN }));
    expect(response?.status).toBe(504);
    expect(response?.values("access-control-allow-origin")).toEqual([ORIGIN]);
    expect(JSON.parse(response?.body.toString() ?? "")).toMatchObject({
      error: { code: "deadline_exceeded" },
    });
    (await asked.promise).writeHead(200).end("late");
  });

  test("leaves an answer alone whose head is out", async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    const base = await guarded(
      (request, response) => {
        if (request.url === "/hangs") return;
        response.write("begun, ");
        begun.resolve(response);
      },
      policy,
      { deadlineMs: 5 },
    );
    const answer = rawRequest(base, requestBytes(base, "GET", "/"));
    const outgoing = await begun.promise;
    expect((await rawRequest(base, requestBytes(base, "GET", "/hangs")))?.status).toBe(504);
    outgoing.end("ended");
    const response = await answer;
    expect(response).toMatchObject({ status: 200, complete: true });
    expect(response?.body.toString()).toBe("begun, ended");
  });
});
