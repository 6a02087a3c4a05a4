import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWaybill, startWaybill } from "./support/waybill-process.ts";
import { startWebServer } from "./support/web-server.ts";

describe("waybill serve", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waybill-serve-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("answers on all three origins, and names them in its banner", async () => {
    await using waybill = await startWaybill();
    for (const url of [
      waybill.demo,
      `${waybill.api}/healthz`,
      `${waybill.files}/healthz`,
      `${waybill.files}/demo/cat.png`,
      `${waybill.api}/chatkit.js`,
    ]) {
      const response = await fetch(url);
      expect([url, response.status]).toEqual([url, 200]);
      await response.body?.cancel();
    }
    expect(waybill.output()).toMatch(/Stored +SQLite/);
    expect(waybill.output()).toContain("describes what arrives");
    expect(new Set([waybill.api, waybill.files, waybill.demo].map((url) => new URL(url).origin)).size).toBe(
      3,
    );
  });

  test.each(["SIGTERM", "SIGINT"] as const)("ends cleanly on %s", async (signal) => {
    await using waybill = await startWaybill();
    expect(await waybill.end(signal)).toBe(0);
    expect(waybill.output()).toMatch(/[Ss]topping/);
  });

  test("tells everything that keeps it from starting at once, each with its fix, and leaves nothing running", async () => {
    const taken = await startWebServer((_request, response) => response.end());
    await writeFile(join(folder, "file"), "");
    const run = runWaybill(
      ["serve"],
      {
        PORT: String(taken.port),
        WAYBILL_FILES_PORT: "eighty",
        WAYBILL_DEMO_PORT: "0",
        WAYBILL_DATA_DIR: join(folder, "file", "data"),
        WAYBILL_ALLOWED_ORIGINS: "https://app.example/,http://plain.example,https://*.github.io",
        WAYBILL_AUTH: "magic",
        WAYBILL_IMPORT_ALLOW: "nohost",
      },
      folder,
    );
    expect(await run.end()).toBe(1);
    const output = run.output();
    for (const words of [
      `${taken.port} is in use`,
      '"eighty" is not a port',
      "WAYBILL_DATA_DIR",
      "https://app.example/",
      "http://plain.example",
      "below github.io",
      '"magic"',
      '"nohost"',
    ]) {
      expect(output).toContain(words);
    }
    expect(output).not.toMatch(/^\s+at /m);
    await taken[Symbol.asyncDispose]();
  });

  test("refuses a second server on the same data", async () => {
    await using first = await startWaybill();
    const second = runWaybill(
      ["serve"],
      { PORT: "0", WAYBILL_FILES_PORT: "0", WAYBILL_DEMO_PORT: "0", WAYBILL_DATA_DIR: first.dataDir },
      folder,
    );
    expect(await second.end()).toBe(1);
    expect(second.output()).toMatch(/[Aa]nother Waybill/);
  });

  test("refuses to listen beyond the loopback without asking who people are", async () => {
    const run = runWaybill(
      ["serve"],
      {
        HOST: "0.0.0.0",
        PORT: "0",
        WAYBILL_FILES_PORT: "0",
        WAYBILL_DEMO_PORT: "off",
        WAYBILL_DATA_DIR: join(folder, "d"),
        WAYBILL_ALLOWED_ORIGINS: "https://app.example",
      },
      folder,
    );
    expect(await run.end()).toBe(1);
    expect(run.output()).toContain("nobody is asked who they are");
  });

  test("answers with the responder of waybill.config.ts", async () => {
    const cwd = join(folder, "configured");
    await mkdir(cwd);
    await writeFile(
      join(cwd, "waybill.config.ts"),
      'export default { async *respond({ thread }: any) { yield* thread.streamText("from the file"); } };\n',
    );
    await using waybill = await startWaybill({}, { cwd });
    const response = await fetch(`${waybill.api}/chatkit`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        type: "threads.create",
        params: {
          input: { content: [{ type: "input_text", text: "hi" }], attachments: [], inference_options: {} },
        },
      }),
    });
    expect(await response.text()).toContain("from the file");
  });

  test("names what it does not know in waybill.config.ts", async () => {
    const cwd = join(folder, "misspelt");
    await mkdir(cwd);
    await writeFile(join(cwd, "waybill.config.ts"), "export default { respnd() {} };\n");
    const run = runWaybill(
      ["serve"],
      { PORT: "0", WAYBILL_FILES_PORT: "0", WAYBILL_DEMO_PORT: "0", WAYBILL_DATA_DIR: join(folder, "e") },
      cwd,
    );
    expect(await run.end()).toBe(1);
    expect(run.output()).toContain("respnd");
  });

  test.each([
    [["--help"], 0, "Usage: waybill serve"],
    [["--version"], 0, "0.1.0"],
    [[], 2, "needs a command"],
    [["fly"], 2, 'no command "fly"'],
    [["serve", "--fast"], 2, "--fast"],
  ])("%j ends with %i and says so", async (args, code, words) => {
    const run = runWaybill(args, {}, folder);
    expect(await run.end()).toBe(code);
    expect(run.output()).toContain(words);
  });
});
