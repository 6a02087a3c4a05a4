import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { NodeApp } from "@waybill/server/node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openRaw, rawRequest, requestBytes } from "./support/raw-http.ts";
import { codeOf, smallServers } from "./support/small-server.ts";

const MIB = 1024 * 1024;
const { start, told, close } = smallServers();
afterEach(close);

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

  test("whose body is cancelled may go on arriving before the answer", async () => {
    const server = await start(async (request, { incoming }) => {
      await request.body?.cancel();
      incoming.resume();
      await once(incoming, "end");
      return new Response("cancelled");
    });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "POST", "/", { "Content-Length": String(4 * MIB) }));
    connection.write(Buffer.alloc(4 * MIB));
    expect((await connection.response())?.body.toString()).toBe("cancelled");
    connection.socket.destroy();
  });

  test("with a head too large for us is answered readably, in however many pieces it comes", async () => {
    const server = await start(() => new Response("first"));
    const connection = openRaw(server.url);
    const first = requestBytes(server.url, "GET", "/");
    const second = requestBytes(server.url, "GET", "/", {
      Origin: "https://app.example",
      "X-Large": "x".repeat(40_000),
    });
    // The first answer shows that the first piece has been read.
    connection.write(first + second.slice(0, 1_000));
    await connection.response();
    connection.write(second.slice(1_000));
    const response = await connection.response();
    expect(response?.status).toBe(431);
    expect(response?.values("access-control-allow-origin")).toEqual(["https://app.example"]);
    connection.socket.destroy();
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
    outgoing.setHeader("Content-Encoding", "gzip");
    outgoing.setHeader("Cache-Control", "public, max-age=600");
    outgoing.statusMessage = "bad\nreason";
    throw new Error("inside");
  });
  const response = await rawRequest(server.url, requestBytes(server.url, "GET", "/"));
  expect(response?.status).toBe(500);
  expect(response?.values("content-encoding")).toEqual([]);
  expect(response?.values("cache-control")).toEqual([]);
});
