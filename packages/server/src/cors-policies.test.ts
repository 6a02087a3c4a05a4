import { describe, expect, test } from "vitest";
import { compileCors, type ServerCors } from "./cors-policies.ts";
import type { LogEntry } from "./log.ts";

function compiled(cors: ServerCors, authenticates = true) {
  const logged: LogEntry[] = [];
  const result = compileCors(cors, { authenticates, log: (entry) => logged.push(entry) });
  return { result, logged };
}
const pathsOf = (cors: ServerCors, authenticates = true) => {
  const { result } = compiled(cors, authenticates);
  return "issues" in result ? result.issues.map((issue) => issue.path) : [];
};

describe("a pattern of names, with credentials", () => {
  test.each([
    ["com"],
    ["co.uk"],
    ["github.io"],
    ["pages.dev"],
    ["kawasaki.jp"],
    ["ck"],
    ["xn--p1ai"],
    ["internal"],
  ])("is refused below %s, where strangers have names", (suffix) => {
    const cors = { origins: [`https://*.${suffix}`], credentials: true };
    expect(pathsOf(cors)).toEqual(["cors.origins[0]"]);
    expect(pathsOf({ ...cors, dangerouslyAllowPublicSuffixes: true })).toEqual([]);
    expect(pathsOf({ ...cors, credentials: false })).toEqual([]);
  });

  test.each([["example.com"], ["example.co.uk"], ["person.github.io"], ["intranet.internal"], ["localhost"]])(
    "is taken below %s",
    (host) => expect(pathsOf({ origins: [`https://*.${host}`], credentials: true })).toEqual([]),
  );
});

test("everything wrong is told at once, below cors", () => {
  const origins = ["https://app.example/", "null", "https://*.com"];
  expect(pathsOf({ origins, credentials: true })).toEqual([
    "cors.origins[0]",
    "cors.origins[1]",
    "cors.origins[2]",
  ]);
});

test("every page is not for a server whose user is whoever uses the machine", () => {
  expect(pathsOf({ origins: "*" }, false)).toEqual(["cors.origins"]);
  expect(pathsOf({ origins: ["*"] }, false)).toEqual(["cors.origins"]);
  expect(pathsOf({ origins: "*" })).toEqual([]);
  expect(pathsOf({ origins: ["https://app.example"] }, false)).toEqual([]);
});

test("what is probably not meant is logged", () => {
  const { logged } = compiled({ origins: ["https://a.app.example", "https://*.app.example"] });
  expect(logged).toEqual([
    { level: "warning", message: expect.stringMatching(/^cors\.origins\[0\]: A pattern stands for/) },
  ]);
});

test("a function that fails denies, and is logged", () => {
  const error = new Error("The table of tenants is gone.");
  const { result, logged } = compiled({
    origins: () => {
      throw error;
    },
  });
  if ("issues" in result) throw new Error("It does not compile.");
  const decision = result.policy.decide({ method: "POST", origin: "https://tenant.example" });
  expect(decision).toMatchObject({ origin: "denied", headers: [] });
  expect(logged).toEqual([
    { level: "error", message: expect.stringContaining("https://tenant.example"), error },
  ]);
});
