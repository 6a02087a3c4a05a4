import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createCorsPolicy } from "@waybill/policy";
import { ConfigurationError, createChatKitServer } from "@waybill/server";
import { guardCors, type MountedApp, type NodeHandler, toNodeHandler } from "@waybill/server/node";
import { describe as describing } from "@waybill/server/responders/describe";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { startChatServer } from "./support/chat-server.ts";

const ORIGIN = "https://app.example";
const compiled = createCorsPolicy({ origins: [ORIGIN], credentials: true });
if (!compiled.ok) throw new Error("The policy does not compile.");
const { policy } = compiled;

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function listening(made: Server): Promise<string> {
  server = made;
  made.listen(0, "127.0.0.1");
  await once(made, "listening");
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

/** Answers with the URL that it sees, in the folder `/chat`. */
const echo: MountedApp = {
  path: "/chat",
  corsFor: () => policy,
  fetch: async (request) => new Response(`${new URL(request.url).pathname} ${await request.text()}`),
};
const withOrigin = { headers: { origin: ORIGIN } };

describe("toNodeHandler", () => {
  test("answers below its path, and leaves everything else to what comes next", async () => {
    const handler = toNodeHandler(echo);
    const base = await listening(
      createServer((request, response) => handler(request, response, () => response.end("next"))),
    );
    const answers = ["/chat", "/chat/chatkit?x=/", "/chats", "/", "/x/chat"].map(async (path) =>
      (await fetch(`${base}${path}`)).text(),
    );
    expect(await Promise.all(answers)).toEqual(["/chat ", "/chat/chatkit ", "next", "next", "next"]);
  });

  test("sees the whole address where a framework has cut off the folder", async () => {
    const handler = toNodeHandler(echo);
    const base = await listening(
      createServer((request, response) => {
        const cut = Object.assign(request, { originalUrl: request.url, url: request.url?.slice(5) });
        handler(cut, response, () => response.end("next"));
      }),
    );
    expect(await (await fetch(`${base}/chat/v1`)).text()).toBe("/chat/v1 ");
  });

  test("its answers carry the policy's headers on a server without a guard, once on one with it", async () => {
    const handler = toNodeHandler(echo);
    for (const guard of [{}, { ServerResponse: guardCors(policy).ServerResponse }]) {
      const base = await listening(createServer(guard, handler));
      const { headers } = await fetch(`${base}/chat`, withOrigin);
      expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(headers.get("vary")).toBe("Origin");
      expect(headers.get("x-request-id")).toMatch(/^req_\w+$/);
      server?.close();
    }
  });

  test.each<[string, (told: unknown[]) => NodeHandler, number]>([
    ["an application that throws", (told) => failing(told, {}), 500],
    ["an application that hangs", (told) => failing(told, { deadlineMs: 5 }), 504],
  ])("%s is answered for, readable, and told", async (_, handlerOf, status) => {
    const told: unknown[] = [];
    const response = await fetch(await listening(createServer(handlerOf(told))), withOrigin);
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(told).toHaveLength(1);
  });

  const failing = (told: unknown[], options: { readonly deadlineMs?: number }) =>
    toNodeHandler(
      {
        corsFor: () => policy,
        fetch: () => {
          if (options.deadlineMs === undefined) throw new Error("broken");
          return new Promise<Response>(() => {});
        },
      },
      { ...options, onError: (error) => told.push(error) },
    );

  test("a body that somebody has read is no endless wait: 500, and why is told", async () => {
    const told: unknown[] = [];
    const handler = toNodeHandler(echo, { onError: (error) => told.push(error) });
    const base = await listening(
      createServer(async (request: IncomingMessage, response) => {
        await text(request);
        handler(request, response);
      }),
    );
    const response = await fetch(`${base}/chat/chatkit`, { method: "POST", body: "{}", ...withOrigin });
    expect(response.status).toBe(500);
    expect(String(told[0])).toContain("in front of body parsers");
    expect((await fetch(`${base}/chat`, { method: "POST" })).status).toBe(200);
  });

  test("the guard keeps the name that an application has given a request", async () => {
    const { ServerResponse } = guardCors(policy);
    const base = await listening(
      createServer({ ServerResponse }, (_, response) => response.setHeader("X-Request-Id", "own").end()),
    );
    expect((await fetch(base)).headers.get("x-request-id")).toBe("own");
  });
});

describe("a chat in a folder", () => {
  const chatIn = (path: string) =>
    createChatKitServer({
      cors: { origins: [ORIGIN] },
      path,
      store: sqlite(":memory:"),
      files: disk("unused"),
      respond: describing(),
    });

  test.each(["chat", "/", "/chat/", "/a//b", "/a?b"])("does not take %s for a folder", (path) => {
    expect(() => chatIn(path)).toThrow(ConfigurationError);
  });

  test("has nothing outside of it", async () => {
    await using chat = await startChatServer({ path: "/my/chat" });
    const statusOf = async (path: string) => (await fetch(`${chat.api}${path}`)).status;
    expect(await statusOf("/my/chat/v1")).toBe(200);
    expect(await statusOf("/my/chat/healthz")).toBe(200);
    expect(await statusOf("/v1")).toBe(404);
    expect(await statusOf("/chatkit.js")).toBe(404);
  });
});
