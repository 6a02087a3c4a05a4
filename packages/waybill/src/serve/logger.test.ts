import type { RequestFacts } from "@waybill/server";
import { describe, expect, test } from "vitest";
import { createLogger, type LoggerOptions } from "./logger.ts";

const FACTS: RequestFacts = {
  request_id: "req_1",
  method: "GET",
  path: "/v1/runs",
  route: "/v1/runs",
  status: 200,
  duration_ms: 3.06,
  principal: { tenant: "acme", user: "ann@example.org" },
};

function logger(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const made = createLogger({
    level: "info",
    readable: false,
    pseudonymKey: "key",
    write: (line) => lines.push(line),
    ...options,
  });
  return { ...made, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("createLogger", () => {
  test("writes one line of JSON for each request, with a pseudonym for the user", () => {
    const { onRequest, entries } = logger();
    onRequest(FACTS);
    onRequest({ ...FACTS, status: 404, code: "not_found" });
    expect(entries()).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        request_id: "req_1",
        method: "GET",
        path: "/v1/runs",
        status: 200,
        ms: 3.1,
        user: expect.stringMatching(/^[\w-]{12}$/),
        msg: "request",
      },
      expect.objectContaining({ status: 404, code: "not_found" }),
    ]);
    expect(JSON.stringify(entries())).not.toMatch(/ann|acme/);
  });

  test("gives a user one pseudonym for each key, and each user another", () => {
    const userOf = (principal: RequestFacts["principal"], pseudonymKey: string) => {
      const { onRequest, entries } = logger({ pseudonymKey });
      onRequest({ ...FACTS, ...(principal === undefined ? {} : { principal }) });
      return entries()[0]?.["user"];
    };
    const ann = { tenant: "t", user: "ann" };
    expect(userOf(ann, "key")).toBe(userOf(ann, "key"));
    const others = [userOf({ tenant: "t", user: "bob" }, "key"), userOf({ tenant: "u", user: "ann" }, "key")];
    expect(new Set([userOf(ann, "key"), userOf(ann, "another"), ...others]).size).toBe(4);
  });

  test("writes probes at debug, failures of the server at warn, and nothing below its level", () => {
    const { onRequest, entries } = logger();
    onRequest({ ...FACTS, path: "/healthz" });
    onRequest({ ...FACTS, path: "/readyz", status: 503 });
    expect(entries().map(({ level, path }) => [level, path])).toEqual([["warn", "/readyz"]]);
    const debug = logger({ level: "debug" });
    debug.onRequest({ ...FACTS, path: "/metrics" });
    expect(debug.entries()).toMatchObject([{ level: "debug" }]);
    const silent = logger({ level: "silent" });
    silent.onRequest(FACTS);
    silent.log({ level: "error", message: "x" });
    expect(silent.lines).toEqual([]);
  });

  test("writes the server's entries with what caused them", () => {
    const { log, entries } = logger();
    const error = new Error("outside", { cause: new Error("inside") });
    log({ level: "warning", message: "It failed", request_id: "req_1", error });
    log({ level: "error", message: "A text", error: "text" });
    expect(entries()).toMatchObject([
      {
        level: "warn",
        msg: "It failed",
        request_id: "req_1",
        error: expect.stringMatching(/outside[^]*caused by[^]*inside/),
      },
      { level: "error", error: "text" },
    ]);
  });

  test("writes lines for people, in which nothing from outside moves the cursor", () => {
    const { onRequest, log, lines } = logger({ readable: true });
    onRequest({ ...FACTS, path: "/\u001b[2J", status: 404, code: "not_found" });
    log({ level: "error", message: "It failed", error: new Error("why\u0007") });
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d info {2}GET \/\ufffd\[2J 404 3.1 ms {2}not_found req_1 [\w-]{12}\n$/,
    );
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error It failed\n {4}Error: why\ufffd\n/);
  });
});
