import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { createCorsPolicy } from "@waybill/policy";
import { type NodeApp, type NodeServer, type ServeOptions, serve } from "@waybill/server/node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openRaw, type RawConnection, rawRequest, requestBytes } from "./support/raw-http.ts";

const compiled = createCorsPolicy({ origins: ["https://app.example"] });
if (!compiled.ok) throw new Error("The policy does not compile.");
const { policy } = compiled;
const MIB = 1024 * 1024;

const servers: NodeServer[] = [];
const told: unknown[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close({ drainTimeoutMs: 0 })));
  told.length = 0;
});
async function start(fetch: NodeApp["fetch"], options: Partial<ServeOptions> = {}): Promise<NodeServer> {
  const server = await serve(
    { fetch, corsFor: () => policy },
    { port: 0, onError: (error) => told.push(error), ...options },
  );
  servers.push(server);
  return server;
}
const codeOf = (body: Buffer | undefined): unknown => JSON.parse(body?.toString() ?? "null")?.error?.code;
/** What a count comes to when it has begun and stands still. */
async function settled(count: () => number): Promise<number> {
  let before = 0;
  await vi.waitUntil(
    () => {
      const stands = count() === before && before > 0;
      before = count();
      return stands;
    },
    { interval: 100, timeout: 20_000 },
  );
  return before;
}
const chunked = { "Transfer-Encoding": "chunked" };

describe("an answer's body", () => {
  test.each([
    ["HEAD", 200, "text"],
    ["GET", 204, null],
    ["GET", 304, null],
  ])("is none for %s %d, and the connection stays usable", async (method, status, body) => {
    const server = await start(() => new Response(body, { status }));
    const connection = openRaw(server.url);
    for (let turn = 0; turn < 2; turn += 1) {
      connection.write(requestBytes(server.url, method, "/"));
      expect(await connection.response(method)).toMatchObject({ status, complete: true });
    }
    connection.socket.destroy();
  });

  test("is not chunked for HTTP/1.0, and the connection's end is its own", async () => {
    const server = await start(() => new Response("old"));
    const response = await rawRequest(
      server.url,
      requestBytes(server.url, "GET", "/").replace("HTTP/1.1", "HTTP/1.0"),
    );
    expect(response?.values("transfer-encoding")).toEqual([]);
    expect(response?.body.toString()).toBe("old");
  });

  test("breaks the connection if it is shorter or longer than the head says", async () => {
    for (const length of ["3", "5"]) {
      const server = await start(() => new Response("four", { headers: { "content-length": length } }));
      const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
      expect(response?.complete ?? false).toBe(false);
    }
    expect(told).toHaveLength(2);
  });

  test("of a fetched response is passed on as fetch has decoded it", async () => {
    const upstream = openUpstream();
    const server = await start(async () => fetch((await upstream).url));
    const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
    expect(response?.values("content-encoding")).toEqual([]);
    expect(response?.body.toString()).toBe("decoded");
  });

  const openUpstream = () =>
    start(
      () =>
        new Response(gzipSync("decoded"), {
          headers: { "content-encoding": "gzip", "content-length": String(gzipSync("decoded").byteLength) },
        }),
    );

  test("keeps repeated cookies apart", async () => {
    const server = await start(
      () =>
        new Response(null, {
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
          ],
        }),
    );
    const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
    expect(response?.values("set-cookie")).toEqual(["a=1", "b=2"]);
  });

  test("is made no faster than the client reads, and is cancelled when the client leaves", async () => {
    let made = 0;
    const cancelled = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const server = await start(({ signal }) => {
      signals.push(signal);
      const body = new ReadableStream<Uint8Array>(
        {
          // Asynchronously, as a real source: a full turn of the loop between chunks lets the socket take what it can.
          pull: (controller) =>
            new Promise((resolve) => {
              setImmediate(() => {
                made += MIB;
                controller.enqueue(new Uint8Array(MIB));
                resolve();
              });
            }),
          cancel: () => cancelled.resolve(),
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    });
    const connection = openRaw(server.url);
    connection.socket.pause();
    connection.write(requestBytes(server.url, "GET", "/"));
    expect(await settled(() => made)).toBeLessThan(32 * MIB);
    connection.socket.destroy();
    await cancelled.promise;
    expect(signals[0]?.aborted).toBe(true);
    expect(told).toEqual([]);
  });

  test("waits for many drains without piling up listeners", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    let left = 40;
    const server = await start(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              left -= 1;
              if (left < 0) controller.close();
              else controller.enqueue(new Uint8Array(MIB));
            },
          }),
        ),
    );
    expect((await (await fetch(server.url)).arrayBuffer()).byteLength).toBe(40 * MIB);
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });
});

describe("a request", () => {
  test("reaches the application with its body, its lines and its target", async () => {
    const server = await start(async (request) => {
      const { url, headers } = request;
      return Response.json({ url, many: headers.get("x-many"), text: await request.text() });
    });
    const bytes = requestBytes(server.url, "POST", "//a/b?c=%20#d", { "X-Many": "1\r\nX-Many: 2" }, "körper");
    const response = await rawRequest(server.url, bytes);
    expect(JSON.parse(response?.body.toString() ?? "")).toEqual({
      url: `${server.url}//a/b?c=%20#d`,
      many: "1, 2",
      text: "körper",
    });
  });

  test("is aborted, body and all, when the client leaves in its middle", async () => {
    const seen = Promise.withResolvers<{ reason: unknown; aborted: boolean }>();
    const reading = Promise.withResolvers<void>();
    const server = await start(async (request) => {
      reading.resolve();
      const reason: unknown = await request.text().catch((error: unknown) => error);
      seen.resolve({ reason, aborted: request.signal.aborted });
      throw reason;
    });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "POST", "/", { "Content-Length": "100" }, "half"));
    await reading.promise;
    connection.socket.destroy();
    expect(await seen.promise).toMatchObject({ reason: { name: "AbortError" } });
    expect(told).toEqual([]);
  });

  test("is not read faster than the application reads it", async () => {
    const proceed = Promise.withResolvers<void>();
    let socket: Socket | undefined;
    const server = await start(async (request, { incoming }) => {
      socket = incoming.socket;
      await proceed.promise;
      return new Response(String((await request.arrayBuffer()).byteLength));
    });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "POST", "/", { "Content-Length": String(48 * MIB) }));
    connection.write(Buffer.alloc(48 * MIB));
    expect(await settled(() => socket?.bytesRead ?? 0)).toBeLessThan(4 * MIB);
    proceed.resolve();
    expect((await connection.response())?.body.toString()).toBe(String(48 * MIB));
    connection.socket.destroy();
  });
});

describe("an early answer to a large upload is read, not reset", () => {
  const refuse: NodeApp["fetch"] = () => new Response("too large", { status: 413 });
  const refuseAfterALook: NodeApp["fetch"] = async (request) => {
    for await (const _ of request.body ?? []) break;
    return new Response("too large", { status: 413 });
  };
  test.each([
    ["kept connection", refuse, {}],
    ["closed connection", refuse, { Connection: "close" }],
    ["kept connection, body begun and cancelled", refuseAfterALook, {}],
    ["closed connection, body begun and cancelled", refuseAfterALook, { Connection: "close" }],
    ["kept connection, chunked", refuseAfterALook, chunked],
  ])("raw, %s", async (_name, fetch, headers) => {
    const server = await start(fetch);
    const connection = openRaw(server.url, { allowHalfOpen: true });
    const length = "Transfer-Encoding" in headers ? {} : { "Content-Length": String(50 * MIB) };
    connection.write(requestBytes(server.url, "POST", "/", { ...length, ...headers }));
    if ("Transfer-Encoding" in headers) connection.write(`${(50 * MIB).toString(16)}\r\n`);
    for (let sent = 0; sent < 50; sent += 1) {
      if (!connection.socket.write(Buffer.alloc(MIB))) await once(connection.socket, "drain");
    }
    if ("Transfer-Encoding" in headers) connection.write("\r\n0\r\n\r\n");
    expect(await connection.response()).toMatchObject({ status: 413, complete: true });
    if ("Connection" in headers) {
      connection.socket.end();
      expect(await connection.closed).toBeUndefined();
    } else {
      connection.write(requestBytes(server.url, "GET", "/"));
      expect(await connection.response()).toMatchObject({ status: 413 });
      connection.socket.destroy();
    }
    expect(told).toEqual([]);
  });

  test("by fetch", async () => {
    const server = await start(refuse);
    const response = await fetch(server.url, { method: "POST", body: Buffer.alloc(50 * MIB) });
    expect(await response.text()).toBe("too large");
  });

  test("a body that is read after the answer fails instead of looking complete", async () => {
    const read = Promise.withResolvers<unknown>();
    const server = await start((request) => {
      read.resolve(request.text().catch((error: unknown) => error));
      return new Response("early");
    });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "POST", "/", { "Content-Length": "8" }, "half"));
    await connection.response();
    connection.write("half");
    expect(await read.promise).toMatchObject({ name: "AbortError" });
    connection.socket.destroy();
  });
});

describe("time", () => {
  test("an application that hangs is answered 504, its signal aborts, and what it does later has no effect", async () => {
    const woken = Promise.withResolvers<void>();
    const server = await start(
      async ({ signal }, { outgoing }) => {
        await once(signal, "abort");
        outgoing.setHeader("X-Late", "1");
        outgoing.end("late");
        woken.resolve();
        return new Response("late");
      },
      { deadlineMs: 5 },
    );
    const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
    expect([response?.status, codeOf(response?.body)]).toEqual([504, "deadline_exceeded"]);
    await woken.promise;
    expect(told).toMatchObject([{ code: "deadline_exceeded" }]);
  });

  test("an upload that still arrives is not the application's delay", async () => {
    const server = await start(async (request) => new Response(await request.text()), { deadlineMs: 400 });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "POST", "/", { "Content-Length": "16" }));
    let sent = 0;
    await vi.waitUntil(
      () => {
        connection.write("x");
        sent += 1;
        return sent === 16;
      },
      { interval: 60, timeout: 20_000 },
    );
    expect(await connection.response()).toMatchObject({ status: 200 });
    connection.socket.destroy();
  });

  test("a request that stops in its middle is answered 408", async () => {
    const server = await start(async (request) => new Response(await request.text()), { idleTimeoutMs: 30 });
    const bytes = requestBytes(
      server.url,
      "POST",
      "/",
      { Origin: "https://app.example", "Content-Length": "9" },
      "half",
    );
    const response = await rawRequest(server.url, bytes);
    expect(response?.status).toBe(408);
    expect(response?.values("access-control-allow-origin")).toEqual(["https://app.example"]);
    expect(told).toEqual([]);
  });

  test("a connection that says nothing is closed", async () => {
    const server = await start(() => new Response("ok"), { idleTimeoutMs: 30 });
    expect(await openRaw(server.url).response()).toBeNull();
  });
});

describe("closing", () => {
  /** A server with one answer under way. */
  async function busy(): Promise<{ server: NodeServer; connection: RawConnection; finish: () => void }> {
    const entered = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const server = await start(async () => {
      entered.resolve();
      await held.promise;
      return new Response("done");
    });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "GET", "/"));
    await entered.promise;
    return { server, connection, finish: held.resolve };
  }

  test("lets an answer end, takes no new connection, and does not wait for a kept one", async () => {
    const { server, connection, finish } = await busy();
    const closed = server.close({ drainTimeoutMs: 60_000 });
    await expect(fetch(server.url)).rejects.toThrow("fetch failed");
    finish();
    expect((await connection.response())?.body.toString()).toBe("done");
    await closed;
    expect(server.close()).toBe(server.close());
  });

  test("ends an answer that takes longer than the time given", async () => {
    const { server, connection } = await busy();
    await server.close({ drainTimeoutMs: 1 });
    expect(await connection.response()).toBeNull();
  });
});

test("says what to do when the port is taken", async () => {
  const { port } = await start(() => new Response("ok"));
  await expect(start(() => new Response("ok"), { port })).rejects.toThrow(
    `Port ${port} is in use by another program.`,
  );
});

test("answers 500, once, for what is no response, and tells why", async () => {
  const used = new Response("x");
  await used.text();
  for (const wrong of [undefined, used, Response.error()]) {
    const server = await start(() => wrong as Response);
    const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
    expect([response?.status, codeOf(response?.body)]).toEqual([500, "internal_error"]);
  }
  expect(told).toHaveLength(3);
});

test("forgets what an application has set before it failed", async () => {
  const server = await start((_, { outgoing }) => {
    outgoing.setHeader("Content-Encoding", "gzip").setHeader("Cache-Control", "public, max-age=600");
    outgoing.statusMessage = "bad\nreason";
    throw new Error("inside");
  });
  const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
  expect(response?.status).toBe(500);
  expect(response?.values("content-encoding")).toEqual([]);
  expect(response?.values("cache-control")).toEqual([]);
});
