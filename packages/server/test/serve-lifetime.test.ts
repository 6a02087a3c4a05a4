import { once } from "node:events";
import type { NodeServer } from "@waybill/server/node";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openRaw, type RawConnection, rawRequest, requestBytes } from "./support/raw-http.ts";
import { codeOf, smallServers } from "./support/small-server.ts";

const { start, told, close } = smallServers();
afterEach(close);

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

  test("an application that does not read is to blame itself: 504, not 408", async () => {
    const server = await start(() => new Promise(() => {}), { idleTimeoutMs: 30, deadlineMs: 200 });
    const connection = openRaw(server.url);
    connection.write(requestBytes(server.url, "POST", "/", { "Content-Length": "8000000" }));
    connection.write(Buffer.alloc(8_000_000));
    expect((await connection.response())?.status).toBe(504);
    connection.socket.destroy();
  });

  test("a client that does not read its answer is left, and the body cancelled", async () => {
    const cancelled = Promise.withResolvers<void>();
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
      controller.enqueue(new Uint8Array(1_000_000));
    const endless = () =>
      new ReadableStream({ pull, cancel: () => cancelled.resolve() }, { highWaterMark: 0 });
    const server = await start(() => new Response(endless()), { idleTimeoutMs: 50 });
    const connection = openRaw(server.url);
    connection.socket.pause();
    connection.write(requestBytes(server.url, "GET", "/"));
    await cancelled.promise;
    connection.socket.destroy();
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

  test("lets an answer end, takes no new connection, and does not wait for a kept one", {
    timeout: 3_000,
  }, async () => {
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
