import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWaybill } from "./support/waybill-process.ts";
import { startWebServer } from "./support/web-server.ts";

const ORIGIN = "https://app.example";

describe("waybill doctor", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waybill-doctor-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function ask(...args: readonly string[]): Promise<{ code: number | string; output: string }> {
    const run = runWaybill(["doctor", ...args], {}, folder);
    const code = await run.end();
    return { code, output: run.output() };
  }

  async function askServer(listener: RequestListener, ...args: readonly string[]) {
    const server = await startWebServer(listener);
    try {
      return await ask("--origin", ORIGIN, `http://127.0.0.1:${server.port}/chat`, ...args);
    } finally {
      await server[Symbol.asyncDispose]();
    }
  }

  test("ends with 0 and says what the page reads, if it can", async () => {
    const { code, output } = await askServer((_request, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*").end("{}");
    });
    expect(output).toContain(`✓ A page of ${ORIGIN} reads the answer: 200.`);
    expect(code).toBe(0);
  });

  test("ends with 1 and shows the failure that the browser hides, without the request's secrets", async () => {
    await writeFile(join(folder, "body.json"), '{"ask":1}');
    const { code, output } = await askServer(
      (request, response) => {
        if (request.method === "OPTIONS") {
          response.setHeader("Access-Control-Allow-Origin", ORIGIN);
          response.setHeader("Access-Control-Allow-Headers", "authorization, content-type");
          response.writeHead(204).end();
          return;
        }
        request.setEncoding("utf8");
        let body = "";
        request.on("data", (text: string) => {
          body += text;
        });
        request.on("end", () => {
          response.writeHead(500).end(`${request.headers.authorization} asked ${request.method} ${body}`);
        });
      },
      "--header",
      "Authorization: Bearer sk-very-secret",
      "--credentials",
      "omit",
      "--body",
      "@body.json",
      "--content-type",
      "application/json",
    );
    expect(output).toContain("What the browser hides: 500");
    expect(output).toContain('asked POST {"ask":1}');
    expect(output).toContain("Why: failure-without-cors");
    expect(output.replace(/\s+/g, " ")).toContain(
      "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header",
    );
    expect(output).not.toContain("sk-very-secret");
    expect(output).not.toContain("\x1b");
    expect(code).toBe(1);
  });

  test("--json prints the diagnosis and nothing else", async () => {
    const { code, output } = await askServer((_request, response) => response.end("{}"), "--json");
    expect(JSON.parse(output)).toMatchObject({
      version: 1,
      outcome: "broken",
      cause: "no-cors",
      prediction: { verdict: "MissingAllowOriginHeader" },
    });
    expect(code).toBe(1);
  });

  test("--dry-run keeps back what changes something, and ends with 2", async () => {
    const methods: (string | undefined)[] = [];
    const { code, output } = await askServer(
      (request, response) => {
        methods.push(request.method);
        response.setHeader("Access-Control-Allow-Origin", "*").setHeader("Access-Control-Allow-Methods", "*");
        response.end();
      },
      "--method",
      "DELETE",
      "--dry-run",
    );
    expect(output).toContain("kept back");
    expect(methods).not.toContain("DELETE");
    expect(code).toBe(2);
  });

  test("asks on every way that is named, and says that it is the way that loses the headers", async () => {
    const behind = await startWebServer((_request, response) => {
      response.setHeader("Access-Control-Allow-Origin", "*").end();
    });
    const { code, output } = await askServer(
      (_request, response) => response.end(),
      "--via",
      `http://127.0.0.1:${behind.port}`,
      "--json",
    );
    await behind[Symbol.asyncDispose]();
    expect(JSON.parse(output)).toMatchObject({ outcome: "broken", layer: "proxy" });
    expect(code).toBe(1);
  });

  test("names every argument that is wrong, and what is expected there", async () => {
    const { code, output } = await ask(
      "--credentials",
      "yes",
      "--header",
      "sk-very-secret",
      "--timeout",
      "0",
      "--sooner",
      "--body",
      "@missing",
      "--mode",
    );
    for (const words of [
      "--sooner: there is no such option",
      "--mode: needs a value",
      "URL: expected",
      "--origin: expected",
      "--credentials yes: expected include, same-origin, omit",
      "--header: expected a line with its name",
      "--timeout 0: expected seconds",
      "--body @missing: expected a file that can be read (ENOENT)",
    ]) {
      expect(output).toContain(words);
    }
    expect(output).not.toContain("sk-very-secret");
    expect(code).toBe(2);
  });

  test.each([
    [["--origin", `${ORIGIN}/chat`, "http://127.0.0.1/"], `--origin: expected an origin such as`],
    [["--origin", ORIGIN, "/chat"], "URL: expected an absolute URL"],
    [["--origin", ORIGIN, "http://127.0.0.1/", "--via", "here"], "--via: expected http://host[:port]"],
    [["--origin", ORIGIN, "http://127.0.0.1/", "again"], "again: expected nothing"],
  ])("%j is no question", async (args, words) => {
    const { code, output } = await ask(...args);
    expect(output).toContain(words);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  test("ends with 2 where nobody can be asked from here", async () => {
    const { code, output } = await ask("--origin", ORIGIN, "https://nobody.invalid/");
    expect(output).toContain("there is no server by the name nobody.invalid");
    expect(code).toBe(2);
  });

  test("ends cleanly on Ctrl+C while it waits", async () => {
    const asked = Promise.withResolvers<void>();
    const server = await startWebServer(() => asked.resolve());
    const run = runWaybill(["doctor", "--origin", ORIGIN, `http://127.0.0.1:${server.port}/`], {}, folder);
    await asked.promise;
    expect(await run.end("SIGINT")).toBe(130);
    expect(run.output()).toBe("Stopped; nothing is known.\n");
    await server[Symbol.asyncDispose]();
  });

  test("is in the help of the whole command, and has its own", async () => {
    const whole = runWaybill(["--help"], {}, folder);
    expect(await whole.end()).toBe(0);
    expect(whole.output()).toContain("waybill doctor --origin ORIGIN URL");
    const { code, output } = await ask("--help");
    for (const name of ["--origin", "--header", "--via", "--dry-run", "--json"])
      expect(output).toContain(name);
    expect(code).toBe(0);
  });
});
