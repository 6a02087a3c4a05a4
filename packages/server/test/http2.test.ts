import { once } from "node:events";
import { createServer } from "node:http2";
import { Agent, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { guardCors, type NodeServer, serve, toNodeHandler } from "@waybill/server/node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ALLOWED_ORIGIN, textInput } from "./support/chat-server.ts";
import { type Http2Connection, openHttp2, responseOf } from "./support/http2-client.ts";
import { SELF_SIGNED } from "./support/self-signed.ts";
import { codeOf, smallServers } from "./support/small-server.ts";
import { formOf, startUploadServer, type UploadServer } from "./support/upload-server.ts";

const tls = SELF_SIGNED;
const small = smallServers();
const connections: Http2Connection[] = [];
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await small.close();
});
const connectTo = (base: string) => {
  const connection = openHttp2(base);
  connections.push(connection);
  return connection;
};
const start: typeof small.start = (fetch, options) => small.start(fetch, { tls, ...options });
const origin = "https://app.example";

describe("serve with a key and a certificate", () => {
  test("speaks HTTP/2, and HTTP/1.1 to those who do not; both are guarded", async () => {
    const server = await start((request) =>
      Response.json({ url: request.url, host: request.headers.get("host") }),
    );
    // The name that the certificate is for, which a client of HTTP/2 sends as its authority.
    const host = `pictures.test:${server.port}`;
    const expected = { url: `https://${host}/a?b=1`, host };
    const answer = await connectTo(server.url).ask("GET", "/a?b=1", { origin });
    expect(JSON.parse(answer?.body.toString() ?? "")).toEqual(expected);
    expect(answer?.values("access-control-allow-origin")).toEqual([origin]);
    const agent = new Agent({ ca: tls.cert, servername: "pictures.test" });
    const asked = httpsRequest(`${server.url}/a?b=1`, { agent, headers: { host, origin } }).end();
    const [old] = await once(asked, "response");
    expect(JSON.parse(Buffer.concat(await old.toArray()).toString())).toEqual(expected);
    expect(old.headers).toMatchObject({ "access-control-allow-origin": origin, waybill: expect.any(String) });
    agent.destroy();
  });

  test("joins cookies that came in several lines", async () => {
    const server = await start((request) => new Response(request.headers.get("cookie")));
    const answer = await connectTo(server.url).ask("GET", "/", { cookie: ["a=1", "b=2"] });
    expect(answer?.body.toString()).toBe("a=1; b=2");
  });

  test.each<[string, Record<string, string>, number]>([
    ["a head too large", { "x-large": "x".repeat(20_000) }, 431],
    ["a head too large for Node's defaults", { "x-large": "x".repeat(70_000) }, 431],
    [
      "more headers than Node's default",
      Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-${n}`, "1"])),
      200,
    ],
    ["a Host that contradicts the authority", { ":authority": "a.example", host: "evil.example" }, 400],
    ["an authority that is no host", { ":authority": "a.example:99999999" }, 400],
    ["TRACE", { ":method": "TRACE" }, 405],
    ["an unknown method", { ":method": "BREW" }, 200],
    ["a bad escape", { ":path": "/%E0%A4%A" }, 200],
    ["an expectation", { expect: "the-unexpected" }, 417],
  ])("answers %s", async (_name, headers, status) => {
    const server = await start(() => new Response("ok"));
    const answer = await connectTo(server.url).ask("GET", "/", { origin, ...headers });
    expect(answer?.status).toBe(status);
    expect(answer?.values("access-control-allow-origin")).toEqual([origin]);
    expect(answer?.values("vary")).toEqual(["Origin"]);
    if (status >= 400) expect(codeOf(answer?.body)).toMatch(/^[a-z_]+$/);
  });

  test("answers for an application that throws, hangs, or has headers of another connection", async () => {
    const server = await start(
      ({ url }) => {
        if (url.endsWith("/hangs")) return new Promise(() => {});
        if (url.endsWith("/throws")) throw new Error("inside");
        return new Response("ok", { headers: { connection: "keep-alive", "keep-alive": "timeout=5" } });
      },
      { deadlineMs: 20 },
    );
    const connection = connectTo(server.url);
    const statuses = ["/throws", "/hangs", "/"].map(
      async (path) => (await connection.ask("GET", path))?.status,
    );
    expect(await Promise.all(statuses)).toEqual([500, 504, 200]);
    expect(small.told).toMatchObject([{ message: "inside" }, { code: "deadline_exceeded" }]);
  });

  test("a body that fails in its middle is reset, so that its reader sees it", async () => {
    let pulls = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      pulls += 1;
      if (pulls === 1) controller.enqueue(new TextEncoder().encode("half"));
      else controller.error(new Error("inside"));
    };
    const server = await start(() => new Response(new ReadableStream({ pull }, { highWaterMark: 0 })));
    const answer = await connectTo(server.url).ask("GET", "/");
    expect(answer).toMatchObject({ status: 200, complete: false });
  });

  test.each(["GET", "HEAD", "POST"])(
    "a reset of %s aborts the request's signal, and no other",
    async (method) => {
      const signals = new Map<string, AbortSignal>();
      const entered = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const held = Promise.withResolvers<void>();
      const server = await start(async ({ url, signal }) => {
        signals.set(new URL(url).pathname, signal);
        entered[signals.size - 1]?.resolve();
        await held.promise;
        return new Response("kept");
      });
      const connection = connectTo(server.url);
      const left = connection.open(method, "/left", {}, method !== "POST");
      await entered[0]?.promise;
      const kept = connection.ask("GET", "/kept");
      await entered[1]?.promise;
      const signal = signals.get("/left");
      if (signal === undefined) throw new Error("It was not asked.");
      const aborted = once(signal, "abort");
      left.close(8);
      await aborted;
      expect(signals.get("/kept")?.aborted).toBe(false);
      held.resolve();
      expect((await kept)?.body.toString()).toBe("kept");
    },
  );

  test("a request that stops in its middle is answered 408, beside another that goes on", async () => {
    const server = await start(async (request) => new Response(await request.text()), { idleTimeoutMs: 60 });
    const connection = connectTo(server.url);
    const lively = connection.open("POST", "/", {}, false);
    const ended = responseOf(lively);
    const more = setInterval(() => lively.write("x"), 10);
    const stalled = connection.open("POST", "/", { origin }, false);
    stalled.write("half");
    const answer = await responseOf(stalled);
    expect(answer?.status).toBe(408);
    expect(answer?.values("access-control-allow-origin")).toEqual([origin]);
    clearInterval(more);
    lively.end();
    expect((await ended)?.status).toBe(200);
  });

  test("a client that does not read its answer is left, and the body cancelled", async () => {
    const cancelled = Promise.withResolvers<void>();
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
      controller.enqueue(new Uint8Array(100_000));
    const endless = () =>
      new ReadableStream({ pull, cancel: () => cancelled.resolve() }, { highWaterMark: 0 });
    const server = await start(() => new Response(endless()), { idleTimeoutMs: 50 });
    const stream = connectTo(server.url).open("GET", "/");
    stream.on("error", () => {});
    stream.pause();
    await cancelled.promise;
  });

  test("a connection that says nothing is closed", async () => {
    const server = await start(() => new Response("ok"), { idleTimeoutMs: 50 });
    await once(connectTo(server.url).session, "close");
  });
});

describe("closing", () => {
  /** A server with one answer under way, and a second connection that is idle. */
  async function busy(): Promise<{
    server: NodeServer;
    own: Http2Connection;
    idle: Http2Connection;
    finish(): void;
    first: ReturnType<Http2Connection["ask"]>;
  }> {
    const entered = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const server = await start(async ({ url }) => {
      if (url.endsWith("/held")) {
        entered.resolve();
        await held.promise;
      }
      return new Response("done");
    });
    const [own, idle] = [connectTo(server.url), connectTo(server.url)];
    await idle.ask("GET", "/");
    const first = own.ask("GET", "/held");
    await entered.promise;
    return { server, own, idle, first, finish: held.resolve };
  }

  test("answers 503 on every open connection until what is under way has ended", {
    timeout: 5_000,
  }, async () => {
    const { server, own, idle, first, finish } = await busy();
    const closed = server.close({ drainTimeoutMs: 60_000 });
    for (const connection of [own, idle]) {
      const refused = await connection.ask("POST", "/", { origin }, "{}");
      expect([refused?.status, codeOf(refused?.body)]).toEqual([503, "shutting_down"]);
      expect(refused?.values("retry-after")).toEqual(["1"]);
      expect(refused?.values("access-control-allow-origin")).toEqual([origin]);
    }
    finish();
    expect((await first)?.body.toString()).toBe("done");
    await closed;
  });

  test("ends an answer that takes longer than the time given", async () => {
    const { server, first } = await busy();
    await server.close({ drainTimeoutMs: 1 });
    expect(await first).toBeNull();
  });
});

describe("a chat over HTTP/2", () => {
  let api: UploadServer;
  let served: NodeServer;
  let connection: Http2Connection;
  const turn = (text: string) =>
    JSON.stringify({ type: "threads.create", params: { input: textInput(text) } });
  const headers = { origin: ALLOWED_ORIGIN, "x-user": "me" };
  const json = { ...headers, "content-type": "application/json" };
  const left = Promise.withResolvers<void>();
  beforeEach(async () => {
    api = await startUploadServer({
      async *respond({ signal, thread }, message) {
        const text = JSON.stringify(message);
        if (text.includes("for ever")) {
          yield* thread.streamText("begun");
          signal.addEventListener("abort", () => left.resolve());
          await new Promise(() => {});
        }
        yield* thread.streamText("an answer");
      },
    });
    served = await serve(api.chat, { port: 0, tls });
    connection = connectTo(served.url);
  });
  afterEach(async () => {
    await served.close({ drainTimeoutMs: 0 });
    await api[Symbol.asyncDispose]();
  });

  test("streams the events of a turn", async () => {
    const answer = await connection.ask("POST", "/chatkit", json, turn("hi"));
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer?.values("content-type")).toEqual([expect.stringMatching(/^text\/event-stream/)]);
    expect(answer?.values("access-control-allow-origin")).toEqual([ALLOWED_ORIGIN]);
    expect(answer?.body.toString()).toContain("an answer");
  });

  test("stops a turn whose stream the client resets", async () => {
    const stream = connection.open("POST", "/chatkit", json, false);
    stream.on("error", () => {});
    stream.end(turn("for ever"));
    await once(stream, "data");
    stream.close(8);
    await left.promise;
  });

  test("takes uploads", async () => {
    const upload = async (bytes: Uint8Array) => {
      const form = new Response(formOf(bytes, "a.txt", "text/plain"));
      const type = form.headers.get("content-type") ?? "";
      const body = Buffer.from(await form.arrayBuffer());
      return connection.ask("POST", "/v1/files", { ...headers, "content-type": type }, body);
    };
    const answer = await upload(Buffer.alloc(300_000, "x"));
    expect(answer?.status).toBe(200);
    expect(JSON.parse(answer?.body.toString() ?? "")).toMatchObject({ name: "a.txt" });
  });

  test("is mounted into somebody's own server in clear", async () => {
    const guard = guardCors(api.chat.corsFor);
    const server = createServer({ Http2ServerResponse: guard.Http2ServerResponse }, toNodeHandler(api.chat));
    guard.attach(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const mounted = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const answer = await mounted.ask("POST", "/chatkit", json, turn("hi"));
    expect(answer?.body.toString()).toContain("an answer");
    const malformed = await mounted.ask("POST", "/chatkit", json, "{");
    expect([malformed?.status, codeOf(malformed?.body)]).toEqual([400, "invalid_request"]);
    server.close();
  });
});
