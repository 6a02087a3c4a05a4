import { once } from "node:events";
import { open as openFile } from "node:fs/promises";
import {
  constants,
  createServer,
  type Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { createCorsPolicy } from "@waybill/policy";
import { type GuardOptions, guardCors } from "@waybill/server/node";
import { afterEach, describe, expect, test } from "vitest";
import { type Http2Connection, openHttp2, responseOf } from "./support/http2-client.ts";
import { codeOf } from "./support/small-server.ts";

const ORIGIN = "https://app.example";
const FOREIGN = "https://evil.example";
const compiled = createCorsPolicy({ origins: [ORIGIN], credentials: true });
if (!compiled.ok) throw new Error("The policy does not compile.");
const { policy } = compiled;

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;
type StreamListener = (stream: ServerHttp2Stream) => void;

const started: { server: Http2Server; connection: Http2Connection }[] = [];
afterEach(() => {
  for (const { server, connection } of started.splice(0)) {
    connection.close();
    server.close();
  }
});

/** Somebody's own server on `node:http2`, guarded, and a connection to it. */
async function guarded(
  prepare: (server: Http2Server) => void,
  options: GuardOptions = {},
): Promise<Http2Connection> {
  const guard = guardCors(policy, options);
  const server = createServer({ Http2ServerResponse: guard.Http2ServerResponse });
  guard.attach(server);
  prepare(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = openHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  started.push({ server, connection });
  return connection;
}
const onRequest = (listener: Listener, options?: GuardOptions) =>
  guarded((server) => server.on("request", listener), options);
const onStream = (listener: StreamListener, options?: GuardOptions) =>
  guarded((server) => server.on("stream", listener), options);

async function answerOn(connection: Http2Connection, headers: Record<string, string> = {}, method = "GET") {
  const response = await connection.ask(method, "/", { origin: ORIGIN, ...headers });
  if (response === null) throw new Error("There is no answer.");
  expect(response.values("access-control-allow-origin")).toEqual([ORIGIN]);
  expect(response.values("access-control-allow-credentials")).toEqual(["true"]);
  expect(response.values("waybill")).toHaveLength(1);
  expect(response.values("x-request-id")).toHaveLength(1);
  return response;
}

describe("guardCors guards what the compatibility API writes over HTTP/2", () => {
  test.each<[string, Listener]>([
    ["end alone", (_, response) => void response.end("x")],
    ["write first", (_, response) => void (response.write("x") && response.end())],
    [
      "setHeader",
      (_, response) => {
        response.setHeader("Access-Control-Allow-Origin", FOREIGN);
        response.end("x");
      },
    ],
    [
      "an object",
      (_, response) => void response.writeHead(200, { "Access-Control-Allow-Origin": FOREIGN }).end("x"),
    ],
    [
      "a flat list with repeated lines",
      (_, response) =>
        void response
          .writeHead(200, [
            "access-control-allow-origin",
            "*",
            "Access-Control-Allow-Origin",
            ORIGIN,
          ] as never)
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
      "the headers of another connection",
      (_, response) => {
        response.setHeader("Transfer-Encoding", "chunked");
        response.setHeader("Keep-Alive", "timeout=5");
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
    [
      "early hints first",
      (_, response) => {
        response.writeEarlyHints({ link: "</a.css>; rel=preload" });
        response.end("x");
      },
    ],
  ])("%s", async (_name, listener) => {
    const response = await answerOn(await onRequest(listener));
    expect([response.status, response.body.toString()]).toEqual([200, "x"]);
    expect(response.values("vary")).toEqual(["Origin"]);
    expect(response.values("transfer-encoding")).toEqual([]);
  });

  test("keeps repeated Set-Cookie and the name that an application has given the request, appends Vary", async () => {
    const response = await answerOn(
      await onRequest((_, outgoing) => {
        outgoing.setHeader("X-Request-Id", "mine");
        outgoing.writeHead(201, { "Set-Cookie": ["a=1", "b=2"], Vary: "Accept" }).end();
      }),
    );
    expect(response.status).toBe(201);
    expect(response.values("set-cookie")).toEqual(["a=1", "b=2"]);
    expect(response.values("vary")).toEqual(["Accept, Origin"]);
    expect(response.values("x-request-id")).toEqual(["mine"]);
  });

  test("grants nothing to another origin, and says that it depends", async () => {
    const connection = await onRequest(
      (_, outgoing) => void outgoing.writeHead(200, { "access-control-allow-origin": "*" }).end(),
    );
    for (const headers of [{ origin: FOREIGN }, {}]) {
      const response = await connection.ask("GET", "/", headers);
      expect(response?.values("access-control-allow-origin")).toEqual([]);
      expect(response?.values("vary")).toEqual(["Origin"]);
    }
  });

  test("answers for Node: an expectation that is not met, CONNECT", async () => {
    const connection = await onRequest((_, outgoing) => void outgoing.end());
    const unmet = await answerOn(connection, { expect: "the-unexpected" });
    expect([unmet.status, codeOf(unmet.body)]).toEqual([417, "invalid_request"]);
    const stream = connection.session.request(
      { ":method": "CONNECT", ":authority": "evil.example:443", origin: ORIGIN },
      { endStream: true },
    );
    const refused = await responseOf(stream);
    expect(refused?.status).toBe(405);
    expect(refused?.values("access-control-allow-origin")).toEqual([ORIGIN]);
    expect(refused?.values("allow")).toHaveLength(1);
  });
});

describe("guardCors guards what a stream answers itself", () => {
  const file = import.meta.filename;
  test.each<[string, StreamListener]>([
    ["respond without headers", (stream) => (stream.respond(), stream.end("x"))],
    [
      "respond with an object",
      (stream) => (stream.respond({ ":status": 200, "Access-Control-Allow-Origin": "*" }), stream.end("x")),
    ],
    [
      "respond with a list",
      (stream) => (
        stream.respond([
          ":status",
          "200",
          "Access-Control-Allow-Origin",
          "*",
          "access-control-allow-origin",
          "*",
        ]),
        stream.end("x")
      ),
    ],
    [
      "respond after an informational head",
      (stream) => (stream.additionalHeaders({ ":status": 103 }), stream.respond(), stream.end("x")),
    ],
    [
      "respondWithFile",
      (stream) => stream.respondWithFile(file, { "access-control-allow-origin": "*" }, { length: 1 }),
    ],
    [
      "respondWithFile whose statCheck sets headers",
      (stream) =>
        stream.respondWithFile(
          file,
          {},
          {
            length: 1,
            statCheck: (_stats, headers) => void (headers["Access-Control-Allow-Origin"] = FOREIGN),
          },
        ),
    ],
    [
      "respondWithFD",
      async (stream) => {
        const handle = await openFile(file);
        stream.respondWithFD(handle, { "access-control-allow-origin": "*" }, { length: 1 });
        stream.once("close", () => void handle.close());
      },
    ],
  ])("%s", async (_name, listener) => {
    const response = await answerOn(await onStream(listener));
    expect(response.status).toBe(200);
    expect(response.body).toHaveLength(1);
    expect(response.values("vary")).toEqual(["Origin"]);
  });

  test("a file that is not there is a 500 that the page may read, unless the application answers", async () => {
    const missing = `${file}.none`;
    const response = await answerOn(await onStream((stream) => stream.respondWithFile(missing)));
    expect([response.status, codeOf(response.body)]).toEqual([500, "internal_error"]);
    const own = await onStream((stream) =>
      stream.respondWithFile(
        missing,
        {},
        { onError: () => (stream.respond({ ":status": 404 }), stream.end()) },
      ),
    );
    expect((await answerOn(own)).status).toBe(404);
  });

  test("also where a session's own listener answers", async () => {
    const connection = await guarded((server) =>
      server.on("session", (session) =>
        session.on("stream", (stream) => (stream.respond(), stream.end("x"))),
      ),
    );
    expect((await answerOn(connection)).body.toString()).toBe("x");
  });

  test("leaves values that must not be compressed marked, and errors of headers as Node makes them", async () => {
    let thrown: unknown;
    const response = await answerOn(
      await onStream((stream) => {
        try {
          stream.respond({ ":status": 100 });
        } catch (error) {
          thrown = error;
        }
        stream.respond({ "x-secret": "1", [constants.HTTP2_HEADER_VARY]: "*" });
        stream.end();
      }),
    );
    expect(thrown).toMatchObject({ code: "ERR_HTTP2_STATUS_INVALID" });
    expect(response.values("x-secret")).toEqual(["1"]);
    expect(response.values("vary")).toEqual(["*"]);
  });
});

describe("a guard with a deadline, over HTTP/2", () => {
  test("answers 504 for a handler that hangs; what it writes later is no error", async () => {
    const asked = Promise.withResolvers<Http2ServerResponse>();
    const connection = await onRequest((_, response) => asked.resolve(response), { deadlineMs: 5 });
    const response = await answerOn(connection);
    expect([response.status, codeOf(response.body)]).toEqual([504, "deadline_exceeded"]);
    const late = await asked.promise;
    late.setHeader("X-Late", "1");
    late.writeHead(200).end("late");
    expect((await answerOn(connection, {}, "HEAD")).status).toBe(504);
  });

  test("answers 504 for a stream that hangs; what it responds later is no error", async () => {
    const asked = Promise.withResolvers<ServerHttp2Stream>();
    const connection = await onStream((stream) => asked.resolve(stream), { deadlineMs: 5 });
    expect((await answerOn(connection)).status).toBe(504);
    const late = await asked.promise;
    late.respond({ ":status": 200 });
    late.write("late");
    late.end("late");
  });

  test("counts for each stream what arrives on it alone", async () => {
    const connection = await onRequest(() => {}, { deadlineMs: 40 });
    const busy = connection.open("POST", "/busy", {}, false);
    const more = setInterval(() => busy.write("x"), 10);
    const stalled = connection.open("POST", "/stalled", { origin: ORIGIN }, false);
    stalled.write("x");
    const first = await Promise.race([responseOf(stalled), responseOf(busy).then(() => "busy")]);
    clearInterval(more);
    expect(first).toMatchObject({ status: 504 });
  });
});

test("a request that is answered before its end is told to stop, and its connection stays", async () => {
  const connection = await onRequest((_, response) => void response.writeHead(413).end("too large"));
  const closed = Promise.withResolvers<number>();
  for (let round = 0; round < 3; round += 1) {
    const stream = connection.open("POST", "/", { origin: ORIGIN }, false);
    stream.on("close", () => closed.resolve(stream.rstCode));
    stream.write(Buffer.alloc(1_000_000));
    const response = await responseOf(stream);
    expect([response?.status, response?.body.toString()]).toEqual([413, "too large"]);
    expect(response?.values("access-control-allow-origin")).toEqual([ORIGIN]);
    stream.destroy();
  }
  expect(await closed.promise).toBe(constants.NGHTTP2_NO_ERROR);
});
