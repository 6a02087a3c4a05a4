import type { AllowOrigin } from "@waybill/policy";
import { describe, expect, test } from "vitest";
import { startChatServer } from "./support/chat-server.ts";

const CREATE = {
  type: "threads.create",
  params: {
    input: { content: [{ type: "input_text", text: "hello" }], attachments: [], inference_options: {} },
  },
};
const NAMES = {
  type: "threads.list",
  params: { limit: 10, order: "desc" },
};

async function seenFrom(server: Awaited<ReturnType<typeof startChatServer>>, origin: string) {
  const answer = await server.send(NAMES, { headers: { origin } });
  await answer.arrayBuffer();
  const preflight = await fetch(`${server.api}/chatkit`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });
  return {
    status: answer.status,
    allowed: answer.headers.get("access-control-allow-origin"),
    vary: answer.headers.get("vary"),
    preflight: preflight.status,
    preflightAllowed: preflight.headers.get("access-control-allow-origin"),
  };
}
const welcome = (origin: string) => ({
  status: 200,
  allowed: origin,
  vary: "Origin",
  preflight: 204,
  preflightAllowed: origin,
});
const refused = { status: 403, allowed: null, vary: "Origin", preflight: 403, preflightAllowed: null };

describe("pages of origins that a pattern stands for", () => {
  test("use the server, and others do not", async () => {
    const origins = ["https://*.tenants.example", "http://localhost:*"];
    await using server = await startChatServer({ cors: { origins, credentials: true } });
    for (const origin of [
      "https://one.tenants.example",
      "https://a.b.tenants.example",
      "http://localhost:4321",
    ])
      expect(await seenFrom(server, origin)).toEqual(welcome(origin));
    for (const origin of [
      "https://tenants.example",
      "https://one.tenants.example.evil.com",
      "https://eviltenants.example",
      "http://one.tenants.example",
      "http://localhost.evil.com:4321",
      "null",
    ])
      expect(await seenFrom(server, origin)).toEqual(refused);
  });
});

describe("pages of origins that a function allows", () => {
  test("use the server from the moment they are known, and a failure shuts them out and is logged", async () => {
    const known = new Set<string>();
    let failure: Error | undefined;
    const origins: AllowOrigin = (origin) => {
      if (failure !== undefined) throw failure;
      return known.has(origin) ? origin : undefined;
    };
    await using server = await startChatServer({ cors: { origins, credentials: true } });
    const origin = "https://tenant.example";
    expect(await seenFrom(server, origin)).toEqual(refused);
    known.add(origin);
    expect(await seenFrom(server, origin)).toEqual(welcome(origin));
    failure = new Error("gone");
    expect(await seenFrom(server, origin)).toEqual(refused);
    expect(server.logged).toContainEqual(
      expect.objectContaining({ level: "error", error: failure, message: expect.stringContaining(origin) }),
    );
  });

  test("are asked about before anything is done", async () => {
    await using server = await startChatServer({ cors: { origins: () => undefined } });
    const answer = await server.send(CREATE, { headers: { origin: "https://tenant.example" } });
    expect(answer.status).toBe(403);
    const list = await server.send(NAMES);
    expect(await list.json()).toMatchObject({ data: [] });
  });
});

test("a refused preflight of a server in debug mode is told by its headers", async () => {
  const cors = { origins: ["https://app.example"], debug: true };
  await using server = await startChatServer({ cors });
  const preflight = await fetch(`${server.api}/chatkit`, {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-method": "TRACE" },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, HEAD, POST, PUT, PATCH, DELETE");
});
