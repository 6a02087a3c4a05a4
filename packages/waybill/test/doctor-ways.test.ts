import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWaybill, startWaybill } from "./support/waybill-process.ts";
import { startWebServer, type WebServer } from "./support/web-server.ts";

const ORIGIN = "https://app.example";

describe("waybill doctor", () => {
  let folder: string;
  let server: WebServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waybill-ways-"));
    server = await startWebServer((request, response) => {
      if (request.headers["x-trace"] !== undefined) response.setHeader("access-control-allow-origin", ORIGIN);
      if (request.method === "OPTIONS") {
        response.setHeader("access-control-allow-origin", ORIGIN);
        response.setHeader("access-control-allow-headers", "content-type, x-trace");
        response.setHeader("access-control-allow-methods", "PUT");
      }
      response.end(`${request.method}`);
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(args: readonly string[]): Promise<{ code: number | string; output: string }> {
    const run = runWaybill(["doctor", ...args], {}, folder);
    return { code: await run.end(), output: run.output() };
  }
  const harOf = async (...urls: readonly string[]): Promise<string> => {
    const headers = [{ name: "origin", value: ORIGIN }];
    const entries = urls.map((url) => ({
      request: { method: "GET", url, headers },
      response: { status: 0 },
    }));
    const file = join(folder, `${urls.length}.har`);
    await writeFile(file, JSON.stringify({ log: { entries } }));
    return file;
  };

  test("asks what a curl command asks, with what is given beside it", async () => {
    const curl = `curl '${server.origin}/x' -X PUT -H 'origin: ${ORIGIN}' --json '{}'`;
    const blocked = await ask(["--from-curl", curl]);
    expect(blocked.output).toContain(`✗ A page of ${ORIGIN} cannot read the answer`);
    expect(blocked.output).toContain("Access-Control-Request-Method: PUT");
    expect(blocked.code).toBe(1);
    expect(await ask(["--from-curl", curl, "--header", "X-Trace: 1"])).toMatchObject({ code: 0 });
  });

  test("asks what failed in a recording, and lets choose among several", async () => {
    const one = await ask(["--from-har", await harOf(`${server.origin}/one`)]);
    expect(one).toMatchObject({ code: 1, output: expect.stringContaining(`GET ${server.origin}/one`) });
    const file = await harOf(`${server.origin}/one?key=s3cret`, `${server.origin}/two`);
    const several = await ask(["--from-har", file]);
    expect(several.code).toBe(2);
    expect(several.output).toContain(`    2  GET ${server.origin}/two`);
    expect(several.output).not.toContain("s3cret");
    const two = await ask(["--from-har", file, "--entry", "2"]);
    expect(two).toMatchObject({ code: 1, output: expect.stringContaining(`GET ${server.origin}/two`) });
  });

  test.each([
    [["--from-curl", "curl"], ["--from-curl, URL"]],
    [["--from-curl", "curl https://a.example"], ["--origin"]],
    [["--from-curl", "curl https://a.example -H s3cret"], ["--from-curl, -H"]],
    [["--from-curl", `curl https://a.example -H origin:${ORIGIN}`, "https://b.example"], ["URL"]],
    [
      ["--from-har", "nowhere.har"],
      ["--from-har", "ENOENT"],
    ],
    [
      ["--from-har", "x.har", "--from-curl", "curl https://a.example"],
      ["--from-har: expected no --from-curl"],
    ],
    [["--origin", ORIGIN, "https://a.example", "--entry", "1"], ["--entry"]],
    [["--origin", ORIGIN, "https://a.example", "--chatkit", "--body", "x"], ["--body"]],
  ])("names what is wrong in %j", async (args, words) => {
    const { code, output } = await ask(args);
    expect(code).toBe(2);
    for (const word of words) expect(output).toContain(word);
    expect(output).not.toContain("s3cret");
  });

  test("checks a whole ChatKit server, and only reads with --dry-run", async () => {
    await using waybill = await startWaybill();
    const origin = waybill.demo;
    const url = `${waybill.api}/chatkit`;
    const read = await ask(["--origin", origin, url, "--chatkit", "--dry-run"]);
    expect(read).toMatchObject({ code: 0, output: expect.stringMatching(/- stream +Nothing is made/) });
    const { code, output } = await ask(["--origin", origin, url, "--chatkit", "--json"]);
    const found = JSON.parse(output) as {
      version: number;
      checks: { step: string; outcome: string }[];
      left: string[];
    };
    expect(code).toBe(0);
    expect(found).toMatchObject({ version: 1, outcome: "fine", left: [], diagnosis: null });
    expect(found.checks.filter(({ outcome }) => outcome !== "fine").map(({ step }) => step)).toEqual([
      "wrong-token",
    ]);
  });

  test("says with its cause why a page cannot use a ChatKit server", async () => {
    await using waybill = await startWaybill();
    const { code, output } = await ask(["--origin", ORIGIN, `${waybill.api}/chatkit`, "--chatkit"]);
    expect(code).toBe(1);
    expect(output).toContain("cannot use all of this ChatKit server");
    expect(output).toContain("The first request that the page cannot read");
    expect(output).toContain("Why: origin-not-listed");
  });
});
