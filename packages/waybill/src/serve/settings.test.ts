import { describe, expect, test } from "vitest";
import { readSettings } from "./settings.ts";

const read = (env: Record<string, string>) => readSettings(env, "/work");
const names = (env: Record<string, string>) => read(env).problems.map((problem) => problem.name);

describe("readSettings", () => {
  test("has a default for everything", () => {
    const { settings, problems } = read({});
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      host: "127.0.0.1",
      port: 8787,
      filesPort: 8788,
      demoPort: 8780,
      doctor: "local",
      dataDir: "/work/data",
      notes: [],
    });
    expect(settings.allowedOrigins).toBeUndefined();
  });

  test("takes an empty variable for an unset one", () => {
    expect(read({ PORT: "", WAYBILL_ALLOWED_ORIGINS: " ", WAYBILL_AUTH: "" })).toEqual(read({}));
  });

  test("reads lists, and switches the demo off", () => {
    const { settings } = read({
      WAYBILL_ALLOWED_ORIGINS: "https://a.example, https://b.example",
      WAYBILL_DEMO_PORT: "off",
      WAYBILL_DATA_DIR: "x",
    });
    expect(settings).toMatchObject({
      allowedOrigins: ["https://a.example", "https://b.example"],
      demoPort: undefined,
      dataDir: "/work/x",
    });
  });

  test.each([
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["WAYBILL_FILES_PORT", "8788.5"],
    ["WAYBILL_PUBLIC_BASE_URL", "chat.example"],
    ["WAYBILL_FILES_BASE_URL", "https://files.example/?x=1"],
    ["WAYBILL_IMPORT_ALLOW", "127.0.0.1"],
    ["WAYBILL_AUTH", "magic"],
    ["WAYBILL_JWT_SECRET", "a secret that nobody asks for a token"],
    ["WAYBILL_JWKS_URL", "https://id.example/keys"],
    ["LOG_LEVEL", "loud"],
    ["WAYBILL_DOCTOR", "maybe"],
    ["HOST", "not a host"],
  ])("names %s=%s", (name, value) => {
    expect(names({ [name]: value })).toEqual([name]);
  });

  test.each([
    [{}, "local"],
    [{ HOST: "::1" }, "local"],
    [{ HOST: "0.0.0.0" }, "nobody"],
    [{ HOST: "chat.example" }, "nobody"],
    [{ HOST: "0.0.0.0", WAYBILL_DOCTOR: "on" }, "everybody"],
    [{ WAYBILL_DOCTOR: "off" }, "nobody"],
  ])("%j shows the doctor's page to %s", (env, doctor) => {
    expect(read(env).settings.doctor).toBe(doctor);
  });

  test("does not give two listeners one port", () => {
    expect(names({ PORT: "8788" })).toEqual(["WAYBILL_FILES_PORT"]);
    expect(names({ PORT: "0", WAYBILL_FILES_PORT: "0" })).toEqual([]);
  });

  test("reads how users are told apart, and how much is logged", () => {
    expect(read({}).settings).toMatchObject({ auth: { kind: "local" }, logLevel: "info" });
    const jwt = {
      WAYBILL_AUTH: "jwt",
      WAYBILL_JWKS_URL: "https://id.example/keys",
      WAYBILL_JWT_AUDIENCE: "chat",
    };
    expect(read({ ...jwt, LOG_LEVEL: "debug" }).settings).toMatchObject({
      auth: { kind: "jwt", options: { jwksUrl: "https://id.example/keys", audience: "chat" } },
      logLevel: "debug",
    });
    const header = { WAYBILL_AUTH: "header:X-User" };
    expect(read(header).settings.auth).toEqual({ kind: "header", name: "X-User" });
    expect(read(header).settings.notes).toEqual([expect.stringContaining("The demo page names no user")]);
    expect(read({ ...header, WAYBILL_DEMO_PORT: "off" }).settings.notes).toEqual([]);
  });

  test("says of what it does not use that it does not", () => {
    expect(read({ DATABASE_URL: "postgres://x:secret@y" }).settings.notes).toEqual([
      "DATABASE_URL is set, but this version does not use it: conversations are stored in SQLite.",
    ]);
  });
});
