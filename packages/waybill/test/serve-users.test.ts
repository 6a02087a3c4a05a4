import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWaybill, startWaybill } from "./support/waybill-process.ts";

const SECRET = "a secret of more than thirty-two bytes";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waybill-users-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FREE_PORTS = { PORT: "0", WAYBILL_FILES_PORT: "0", WAYBILL_DEMO_PORT: "0" };

function token(sub: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${encode({ alg: "HS256" })}.${encode({ sub, exp: Math.floor(Date.now() / 1000) + 600 })}`;
  return `${body}.${createHmac("sha256", SECRET).update(body).digest("base64url")}`;
}

function send(api: string, headers: Record<string, string>, body: object): Promise<Response> {
  return fetch(`${api}/chatkit?key=in-the-query`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}
const create = {
  type: "threads.create",
  params: {
    input: { content: [{ type: "input_text", text: "hi" }], attachments: [], inference_options: {} },
  },
};
async function threadsOf(api: string, headers: Record<string, string>): Promise<number> {
  const response = await send(api, headers, { type: "threads.list", params: {} });
  return ((await response.json()) as { data: unknown[] }).data.length;
}

describe("waybill serve", () => {
  test("tells users apart by their tokens, and logs requests without them", async () => {
    await using waybill = await startWaybill({
      WAYBILL_AUTH: "jwt",
      WAYBILL_JWT_SECRET: SECRET,
      LOG_LEVEL: "debug",
    });
    expect(waybill.output()).toMatch(/Users +by bearer token/);
    const of = (sub: string) => ({ authorization: `Bearer ${token(sub)}` });
    expect((await send(waybill.api, {}, create)).status).toBe(401);
    await (await send(waybill.api, of("ann"), create)).text();
    expect(await threadsOf(waybill.api, of("ann"))).toBe(1);
    expect(await threadsOf(waybill.api, of("bob"))).toBe(0);
    expect((await fetch(`${waybill.api}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${waybill.api}/metrics`)).text()).toContain('route="/chatkit"');
    expect(await waybill.end("SIGTERM")).toBe(0);
    const lines = waybill
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === "request");
    expect(lines.map(({ method, path, status, code }) => [method, path, status, code])).toEqual([
      ["POST", "/chatkit", 401, "unauthenticated"],
      ["POST", "/chatkit", 200, undefined],
      ["POST", "/chatkit", 200, undefined],
      ["POST", "/chatkit", 200, undefined],
      ["GET", "/readyz", 200, undefined],
      ["GET", "/metrics", 200, undefined],
    ]);
    const users = lines.map(({ user }) => user);
    expect(users[0]).toBeUndefined();
    expect(users[1]).toBe(users[2]);
    expect(users[3]).not.toBe(users[1]);
    expect(waybill.output()).not.toMatch(/Bearer |eyJ|in-the-query|"ann"|"bob"/);
    expect(waybill.output()).not.toContain(SECRET);
  });

  test("takes users from the header that a proxy sets", async () => {
    await using waybill = await startWaybill({ WAYBILL_AUTH: "header:X-User" });
    expect((await send(waybill.api, {}, create)).status).toBe(401);
    await (await send(waybill.api, { "x-user": "ann" }, create)).text();
    expect(await threadsOf(waybill.api, { "x-user": "ann" })).toBe(1);
    expect(await threadsOf(waybill.api, { "x-user": "bob" })).toBe(0);
    expect((await send(waybill.api, { "x-user": "ann, bob" }, create)).status).toBe(401);
  });

  test("listens beyond the loopback where it is told who people are, and which address pages use", async () => {
    const jwt = { HOST: "0.0.0.0", WAYBILL_AUTH: "jwt", WAYBILL_JWT_SECRET: SECRET };
    const nameless = runWaybill(
      ["serve"],
      { ...FREE_PORTS, ...jwt, WAYBILL_DATA_DIR: join(folder, "a") },
      folder,
    );
    expect(await nameless.end()).toBe(1);
    expect(nameless.output()).toContain("2 things need mending");
    expect(nameless.output()).toContain("Set WAYBILL_PUBLIC_BASE_URL");
    expect(nameless.output()).toContain("Set WAYBILL_FILES_BASE_URL");
    await using named = await startWaybill({
      ...jwt,
      WAYBILL_PUBLIC_BASE_URL: "https://chat.example",
      WAYBILL_FILES_BASE_URL: "https://files.example",
    });
    expect(named.api).toBe("https://chat.example");
  });

  test("tells all that is wrong with its users at once", async () => {
    const outputOf = async (env: Record<string, string>, cwd = folder) => {
      const run = runWaybill(["serve"], { ...FREE_PORTS, WAYBILL_DATA_DIR: join(folder, "b"), ...env }, cwd);
      expect(await run.end()).toBe(1);
      return run.output();
    };
    const short = await outputOf({ WAYBILL_AUTH: "jwt", WAYBILL_JWT_SECRET: "short", LOG_LEVEL: "loud" });
    expect(short).toMatch(/2 things need mending[^]*LOG_LEVEL[^]*WAYBILL_JWT_SECRET[^]*at least 32/);
    expect(short).not.toContain("short");
    expect(await outputOf({ WAYBILL_AUTH: "jwt" })).toMatch(/WAYBILL_JWT_SECRET\n.*without a key/);
    expect(await outputOf({ WAYBILL_AUTH: "jwt", WAYBILL_JWKS_URL: "http://id.example/keys" })).toMatch(
      /WAYBILL_JWKS_URL\n.*https URL/,
    );
    expect(await outputOf({ WAYBILL_AUTH: "header:X User" })).toMatch(
      /WAYBILL_AUTH\n.*not the name of a header/,
    );
    await writeFile(join(folder, "waybill.config.mjs"), "export default { authenticate: () => null };\n");
    expect(await outputOf({ WAYBILL_AUTH: "header:X-User" })).toMatch(/WAYBILL_AUTH\n.*only one of them/);
  });
});
