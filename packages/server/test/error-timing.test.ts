import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChatKitServer, createChatKitServer } from "@waybill/server";
import { serve } from "@waybill/server/node";
import { describe as describing } from "@waybill/server/responders/describe";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ALLOWED = "https://app.example";

describe("a server whose store cannot be opened", () => {
  let folder: string;
  let server: ChatKitServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waybill-timing-"));
    // A file where the folder of the database should be.
    await writeFile(join(folder, "taken"), "");
    server = createChatKitServer({
      cors: { origins: [ALLOWED] },
      path: "/chat",
      authenticate: () => ({ tenant: "acme", user: "ann" }),
      store: sqlite(join(folder, "taken", "waybill.db")),
      files: disk(join(folder, "attachments")),
      respond: describing(),
      log: () => {},
    });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test.each([
    ["without CORS", {}],
    ["from an allowed page", { origin: ALLOWED }],
    ["from another page", { origin: "https://other.example" }],
  ])("names its failure on GET v1 %s to whoever looks at the timings", async (_, headers) => {
    const { status, headers: told } = await server.fetch(
      new Request("https://api.example/chat/v1", { headers }),
    );
    expect(status).toBe(500);
    expect(told.get("server-timing")).toBe('waybill;desc="internal_error"');
    expect(told.get("timing-allow-origin")).toBe("*");
    const isAllowed = "origin" in headers && headers.origin === ALLOWED;
    expect(told.get("access-control-allow-origin")).toBe(isAllowed ? ALLOWED : null);
    expect(told.get("vary")).toContain("Origin");
  });

  test.each(["chatkit", "v1/files/v1", "v1/runs?thread_id=v1", "v1/", "x/v1"])(
    "shows nobody the timings of %s, which could tell who is signed in",
    async (path) => {
      const { headers } = await server.fetch(new Request(`https://api.example/chat/${path}`));
      expect(headers.get("timing-allow-origin")).toBeNull();
      expect(headers.get("server-timing")).toMatch(/^waybill;desc="[a-z_]+"$/);
    },
  );

  test("names what its listener answers by itself, too", async () => {
    const node = await serve(server, { port: 0, allowedHosts: () => ["other.example"] });
    const { status, headers } = await fetch(`${node.url}/chat/v1`);
    await node.close();
    expect(status).toBe(400);
    expect(headers.get("server-timing")).toBe('waybill;desc="invalid_request"');
    expect(headers.get("timing-allow-origin")).toBe("*");
  });
});
