import { ChatError } from "@waybill/protocol";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../configuration-error.ts";
import { headerUser } from "./header-user.ts";

const ask = async (
  authenticate: ReturnType<typeof headerUser>,
  values: readonly string[],
  remoteAddress?: string,
): Promise<unknown> => {
  const headers = new Headers(values.map((value): [string, string] => ["x-user", value]));
  try {
    return await authenticate(
      new Request("http://chat.example/chatkit", { headers }),
      remoteAddress === undefined ? undefined : { remoteAddress },
    );
  } catch (error) {
    return error instanceof ChatError ? [error.code, error.details?.["reason"]] : error;
  }
};

describe("headerUser", () => {
  const authenticate = headerUser("X-User");

  test.each(["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])("believes a proxy at %s", async (peer) => {
    expect(await ask(authenticate, ["ann"], peer)).toEqual({ tenant: "default", user: "ann" });
  });

  test.each(["203.0.113.7", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", undefined])(
    "does not believe %s",
    async (peer) => {
      expect(await ask(authenticate, ["ann"], peer)).toEqual(["unauthenticated", "untrusted_peer"]);
    },
  );

  test.each([
    ["no header", [], "missing"],
    ["an empty one", [""], "missing"],
    ["two of them, the client's and the proxy's", ["mallory", "ann"], "not_accepted"],
    ["two in one line", ["mallory, ann"], "not_accepted"],
    ["more than 256 characters", ["x".repeat(257)], "not_accepted"],
  ])("refuses %s", async (_name, values, reason) => {
    expect(await ask(authenticate, values, "127.0.0.1")).toEqual(["unauthenticated", reason]);
  });

  test("believes the peers that it was given, and the loopback no more", async () => {
    const given = headerUser("X-User", { trustedPeers: ["10.0.0.0/8", "2001:db8::7"] });
    expect(await ask(given, ["ann"], "10.200.3.4")).toMatchObject({ user: "ann" });
    expect(await ask(given, ["ann"], "::ffff:10.200.3.4")).toMatchObject({ user: "ann" });
    expect(await ask(given, ["ann"], "2001:db8::7")).toMatchObject({ user: "ann" });
    for (const peer of ["11.0.0.1", "2001:db8::8", "127.0.0.1"]) {
      expect(await ask(given, ["ann"], peer)).toEqual(["unauthenticated", "untrusted_peer"]);
    }
  });

  test("tells every peer that is none, and a name that is none", () => {
    const trustedPeers = ["10.0.0.0/8", "10.0.0.0/33", "proxy.example", "::1/x"];
    expect(() => headerUser("X-User", { trustedPeers })).toThrow(ConfigurationError);
    expect(() => headerUser("X-User", { trustedPeers })).toThrow(/\[1\].*\n.*\[2\].*\n.*\[3\]/);
    expect(() => headerUser("X User")).toThrow(/not the name of a header/);
  });
});
