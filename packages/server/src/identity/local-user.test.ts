import { describe, expect, test } from "vitest";
import { isLoopbackHost, localUser } from "./local-user.ts";

const local = localUser();
const ask = (url: string, headers: Record<string, string> = {}, remoteAddress?: string) =>
  local(new Request(url, { headers }), remoteAddress === undefined ? undefined : { remoteAddress });

describe("localUser", () => {
  test.each([
    ["http://127.0.0.1:8787/chatkit", "127.0.0.1"],
    ["http://localhost:8787/chatkit", "::1"],
    ["http://[::1]:8787/chatkit", "::ffff:127.0.0.1"],
  ])("takes %s from %s for the person at this machine", (url, address) => {
    expect(ask(url, {}, address)).toEqual({ tenant: "default", user: "local" });
  });

  test.each([
    ["a host that is not loopback", "http://chat.example/chatkit", {}, "127.0.0.1"],
    ["a private address as host", "http://192.168.1.7:8787/chatkit", {}, "192.168.1.9"],
    ["a peer elsewhere that says localhost", "http://localhost/chatkit", {}, "203.0.113.7"],
    ["a proxy's request", "http://localhost/chatkit", { "x-forwarded-for": "203.0.113.7" }, "127.0.0.1"],
    ["a proxy's standard header", "http://localhost/chatkit", { forwarded: "for=203.0.113.7" }, "127.0.0.1"],
  ])("refuses %s", (_name, url, headers, address) => {
    expect(ask(url, headers, address)).toBeNull();
  });
});

test.each([
  ["localhost", true],
  ["demo.localhost", true],
  ["127.9.9.9", true],
  ["[::1]", true],
  ["localhost.example", false],
  ["127.0.0.1.example", false],
  ["0.0.0.0", false],
])("%s is loopback: %s", (host, loopback) => {
  expect(isLoopbackHost(host)).toBe(loopback);
});
