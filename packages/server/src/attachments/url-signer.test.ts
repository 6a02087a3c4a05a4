import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createUrlSigner, type FileClaims, type UrlSignerOptions } from "./url-signer.ts";

const LIFETIME = 300_000;
const CLAIMS: FileClaims = { tenant: "default", id: "atc_1", variant: "orig", disposition: "inline" };
const key = (id: string) => ({ id, secret: `${id}-`.padEnd(40, "x") });

function signer(options: Partial<UrlSignerOptions> = {}) {
  return createUrlSigner({ keys: [key("k1")], origin: "https://files.example", now: () => 0, ...options });
}

describe("a signed URL", () => {
  test("is on the files origin, names the bytes, and proves its claims to GET and HEAD", () => {
    const url = signer().sign(CLAIMS);
    expect(url).toMatch(/^https:\/\/files\.example\/f\/atc_1\/orig\?/);
    for (const method of ["GET", "HEAD"]) {
      expect(signer().verify(method, url)).toEqual({ ...CLAIMS, expires_at_ms: LIFETIME });
    }
    for (const method of ["PUT", "DELETE", "get", ""]) expect(signer().verify(method, url)).toBeNull();
  });

  test("may be below a path", () => {
    const below = signer({ origin: "https://app.example/chat/" });
    const url = below.sign(CLAIMS);
    expect(url).toMatch(/^https:\/\/app\.example\/chat\/f\/atc_1\/orig\?/);
    expect(below.verify("GET", url)).toMatchObject(CLAIMS);
    expect(signer({ origin: "https://app.example" }).verify("GET", url)).toBeNull();
  });

  test("is the same for a while, and valid for five minutes at the least, ten at the most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        const claims = signer({ now: () => now });
        const verified = claims.verify("GET", claims.sign(CLAIMS));
        const left = (verified?.expires_at_ms ?? 0) - now;
        expect(left).toBeGreaterThanOrEqual(LIFETIME);
        expect(left).toBeLessThan(2 * LIFETIME);
      }),
    );
    expect(signer({ now: () => 1 }).sign(CLAIMS)).toBe(signer({ now: () => LIFETIME }).sign(CLAIMS));
  });

  test("expires", () => {
    const url = signer().sign(CLAIMS);
    expect(signer({ now: () => LIFETIME - 1 }).verify("GET", url)).not.toBeNull();
    expect(signer({ now: () => LIFETIME }).verify("GET", url)).toBeNull();
  });

  test("outlives the rotation of its key, not the key's removal", () => {
    const url = signer().sign(CLAIMS);
    expect(signer({ keys: [key("k2"), key("k1")] }).verify("GET", url)).toMatchObject(CLAIMS);
    expect(signer({ keys: [key("k2")] }).verify("GET", url)).toBeNull();
    expect(signer({ keys: [{ ...key("k2"), id: "k1" }] }).verify("GET", url)).toBeNull();
  });

  test("for another origin is not accepted", () => {
    const url = signer({ origin: "https://other.example" }).sign(CLAIMS);
    expect(signer().verify("GET", url.replace("other.example", "files.example"))).toBeNull();
  });

  test("may be for any tenant", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (tenant) => {
        expect(signer().verify("GET", signer().sign({ ...CLAIMS, tenant }))?.tenant).toBe(tenant);
      }),
    );
  });
});

describe("a URL that was changed", () => {
  const url = signer().sign(CLAIMS);

  test.each([
    ["another attachment", url.replace("atc_1", "atc_2")],
    ["another variant", url.replace("/orig", "/thumb")],
    ["another disposition", url.replace("d=inline", "d=attachment")],
    ["an unknown disposition", url.replace("d=inline", "d=none")],
    ["another tenant", url.replace("t=default", "t=other")],
    ["a later expiry", url.replace(`e=${LIFETIME}`, `e=${2 * LIFETIME}`)],
    ["the same expiry in another spelling", url.replace(`e=${LIFETIME}`, `e=0${LIFETIME}`)],
    ["another version", url.replace("v=1", "v=2")],
    ["another key", url.replace("k=k1", "k=k2")],
    ["no signature", url.replace(/&s=.*/, "")],
    ["an empty signature", url.replace(/&s=.*/, "&s=")],
    ["a parameter twice", `${url}&t=default`],
    ["a parameter more", `${url}&x=1`],
    ["another path", url.replace("/f/", "/g/")],
    ["a path that goes on", url.replace("/orig", "/orig/")],
    ["a path out of the folder", url.replace("atc_1", "..%2Fatc_1")],
  ])("to %s is not accepted", (_title, changed) => {
    expect(changed).not.toBe(url);
    expect(signer().verify("GET", changed)).toBeNull();
  });

  test("in any one character of its query is not accepted", () => {
    const start = url.indexOf("?") + 1;
    const position = fc.integer({ min: start, max: url.length - 1 });
    const character = fc.constantFrom(..."abcXYZ0123456789-_");
    fc.assert(
      fc.property(position, character, (at, other) => {
        const changed = `${url.slice(0, at)}${other}${url.slice(at + 1)}`;
        if (changed !== url) expect(signer().verify("GET", changed)).toBeNull();
      }),
    );
  });
});

test("fields cannot flow into each other", () => {
  const one = signer().sign({ ...CLAIMS, tenant: 'a","b', id: "c" });
  const two = signer().sign({ ...CLAIMS, tenant: "a", id: 'b","c' });
  expect(new URL(one).searchParams.get("s")).not.toBe(new URL(two).searchParams.get("s"));
});

test.each<[string, Partial<UrlSignerOptions>]>([
  ["no key", { keys: [] }],
  ["a short secret", { keys: [{ id: "k1", secret: "short" }] }],
  ["a strange key id", { keys: [{ ...key("k1"), id: "a b" }] }],
  ["a wrong origin", { origin: "files.example" }],
  ["an origin that is not http", { origin: "ftp://files.example" }],
])("a signer is not made with %s", (_title, options) => expect(() => signer(options)).toThrow(TypeError));
