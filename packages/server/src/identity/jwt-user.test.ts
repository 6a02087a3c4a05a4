import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ChatError } from "@waybill/protocol";
import * as fc from "fast-check";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { ConfigurationError } from "../configuration-error.ts";
import { jwtUser } from "./jwt-user.ts";

const SECRET = "a secret of more than thirty-two bytes";
const NOW_S = 1_800_000_000;
const now = () => new Date(NOW_S * 1000);
const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const sign = (payload: unknown, header: object = { alg: "HS256" }, secret: string | Buffer = SECRET) => {
  const body = `${encode(header)}.${encode(payload)}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
};
const claims = (more: object = {}) => ({ sub: "ann", exp: NOW_S + 60, ...more });

const ask = async (authenticate: ReturnType<typeof jwtUser>, authorization?: string): Promise<unknown> => {
  const headers = authorization === undefined ? {} : { authorization };
  try {
    return await authenticate(new Request("http://chat.example/chatkit", { headers }), undefined);
  } catch (error) {
    return error instanceof ChatError ? [error.code, error.details?.["reason"]] : error;
  }
};

describe("jwtUser with a secret", () => {
  const authenticate = jwtUser({ secret: SECRET, now });

  test.each([
    ["sub and tenant", claims({ tenant: "acme" }), { tenant: "acme", user: "ann" }],
    ["the default tenant", claims(), { tenant: "default", user: "ann" }],
    ["an expiry of 29 s ago", claims({ exp: NOW_S - 29 }), { user: "ann" }],
    ["a beginning in 29 s", claims({ nbf: NOW_S + 29 }), { user: "ann" }],
    ["any audience and issuer", claims({ aud: "x", iss: "y" }), { user: "ann" }],
  ])("takes %s", async (_name, payload, principal) => {
    expect(await ask(authenticate, `Bearer ${sign(payload)}`)).toMatchObject(principal);
    expect(await ask(authenticate, `bearer ${sign(payload)}`)).toMatchObject(principal);
  });

  const good = sign(claims());
  const [head = "", body = "", signature = ""] = good.split(".");
  test.each([
    ["no header", undefined, "missing"],
    ["an empty header", "", "missing"],
    ["another scheme", `Basic ${good}`, "not_accepted"],
    ["two tokens", `Bearer ${good}, Bearer ${good}`, "not_accepted"],
    ["a token without its scheme", good, "not_accepted"],
    ["words", "Bearer let-me-in", "not_accepted"],
    ["an expiry of 31 s ago", `Bearer ${sign(claims({ exp: NOW_S - 31 }))}`, "expired"],
    ["a beginning in 31 s", `Bearer ${sign(claims({ nbf: NOW_S + 31 }))}`, "not_accepted"],
    ["no expiry", `Bearer ${sign({ sub: "ann" })}`, "not_accepted"],
    ["an expiry in words", `Bearer ${sign({ sub: "ann", exp: "never" })}`, "not_accepted"],
    ["no sub", `Bearer ${sign({ exp: NOW_S + 60 })}`, "not_accepted"],
    ["an empty sub", `Bearer ${sign(claims({ sub: "" }))}`, "not_accepted"],
    ["a sub that is a number", `Bearer ${sign(claims({ sub: 7 }))}`, "not_accepted"],
    ["half a character as sub", `Bearer ${sign(claims({ sub: "a\ud800" }))}`, "not_accepted"],
    ["a NUL in the sub", `Bearer ${sign(claims({ sub: "a\0b" }))}`, "not_accepted"],
    ["a sub of 257 characters", `Bearer ${sign(claims({ sub: "x".repeat(257) }))}`, "not_accepted"],
    ["an empty tenant", `Bearer ${sign(claims({ tenant: "" }))}`, "not_accepted"],
    ["a tenant that is null", `Bearer ${sign(claims({ tenant: null }))}`, "not_accepted"],
    ["a list of tenants", `Bearer ${sign(claims({ tenant: ["acme"] }))}`, "not_accepted"],
    ["another secret", `Bearer ${sign(claims(), undefined, `${SECRET}.`)}`, "not_accepted"],
    ["a changed body", `Bearer ${head}.${encode(claims({ sub: "bob" }))}.${signature}`, "not_accepted"],
    ["no signature", `Bearer ${head}.${body}.`, "not_accepted"],
    ["alg none", `Bearer ${encode({ alg: "none" })}.${body}.`, "not_accepted"],
    ["alg None, signed", `Bearer ${sign(claims(), { alg: "None" })}`, "not_accepted"],
    ["alg HS512", `Bearer ${sign(claims(), { alg: "HS512" })}`, "not_accepted"],
    ["alg RS256", `Bearer ${sign(claims(), { alg: "RS256" })}`, "not_accepted"],
    ["an unknown crit", `Bearer ${sign(claims(), { alg: "HS256", crit: ["x"], x: 1 })}`, "not_accepted"],
    [
      "a key of its own",
      `Bearer ${sign(claims(), { alg: "HS256", jwk: { kty: "oct", k: "AA" } }, Buffer.alloc(1))}`,
      "not_accepted",
    ],
    ["a list as payload", `Bearer ${sign([])}`, "not_accepted"],
    ["a payload that is no JSON", `Bearer ${sign("{")}`, "not_accepted"],
  ])("refuses %s", async (_name, authorization, reason) => {
    expect(await ask(authenticate, authorization)).toEqual(["unauthenticated", reason]);
  });

  test("refuses any other bytes, without a failure of its own", async () => {
    const part = fc.oneof(
      fc.string().map(encode),
      fc.json().map(encode),
      fc.constantFrom(head, body, signature, ""),
    );
    const token = fc.array(part, { maxLength: 5 }).map((parts) => parts.join("."));
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        fc.pre(text !== good);
        expect(await ask(authenticate, `Bearer ${text}`)).toEqual(["unauthenticated", "not_accepted"]);
      }),
    );
  });

  test("asks for audience and issuer where they are configured", async () => {
    const strict = jwtUser({ secret: SECRET, now, audience: "chat", issuer: "https://id.example" });
    const iss = "https://id.example";
    expect(await ask(strict, `Bearer ${sign(claims({ aud: ["x", "chat"], iss }))}`)).toMatchObject({
      user: "ann",
    });
    for (const other of [
      { aud: "x", iss },
      { iss },
      { aud: "chat" },
      { aud: "chat", iss: "https://evil.example" },
    ]) {
      expect(await ask(strict, `Bearer ${sign(claims(other))}`)).toEqual(["unauthenticated", "not_accepted"]);
    }
  });
});

describe("jwtUser with published keys", () => {
  let close = () => {};
  afterEach(() => close());

  /** An issuer that answers with this, and how often it was asked. */
  async function issuer(answer: () => { readonly status: number; readonly body: unknown }) {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      const { status, body } = answer();
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    close = () => void server.close();
    const { port } = server.address() as AddressInfo;
    return { jwksUrl: `http://127.0.0.1:${port}/keys`, asked: () => asked };
  }

  test.each(["RS256", "ES256", "EdDSA"])(
    "takes a token that is signed by one of them, %s, and fetches them once",
    async (alg) => {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      const other = await generateKeyPair(alg);
      const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg };
      const { jwksUrl, asked } = await issuer(() => ({ status: 200, body: { keys: [jwk] } }));
      const authenticate = jwtUser({ jwksUrl, now });
      const token = (key: typeof privateKey, kid: string) =>
        new SignJWT(claims() as JWTPayload).setProtectedHeader({ alg, kid }).sign(key);
      for (let round = 0; round < 3; round += 1) {
        expect(await ask(authenticate, `Bearer ${await token(privateKey, "1")}`)).toMatchObject({
          user: "ann",
        });
      }
      for (const forged of [await token(other.privateKey, "1"), await token(privateKey, "2")]) {
        expect(await ask(authenticate, `Bearer ${forged}`)).toEqual(["unauthenticated", "not_accepted"]);
      }
      expect(asked()).toBe(1);
    },
  );

  test("never takes a public key, nor a published secret, for the secret of HS256", async () => {
    const { publicKey } = await generateKeyPair("RS256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    const oct = { kty: "oct", k: encode(SECRET), kid: "2" };
    for (const keys of [[{ ...jwk, kid: "1" }], [oct]]) {
      const { jwksUrl } = await issuer(() => ({ status: 200, body: { keys } }));
      const authenticate = jwtUser({ jwksUrl, now });
      for (const secret of [SECRET, JSON.stringify(jwk), Buffer.from(jwk.n ?? "", "base64url")]) {
        const token = sign(claims(), { alg: "HS256", kid: keys[0]?.kid }, secret);
        expect(await ask(authenticate, `Bearer ${token}`)).toEqual(["unauthenticated", "not_accepted"]);
      }
      close();
    }
  });

  test("blames the issuer, not the caller, when there are no keys to be had, and asks again", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const jwk = await exportJWK(publicKey);
    const answers = [
      { status: 503, body: {} },
      { status: 200, body: "nothing" },
      { status: 200, body: { keys: [jwk] } },
    ];
    const { jwksUrl } = await issuer(() => answers.shift() ?? { status: 500, body: {} });
    const authenticate = jwtUser({ jwksUrl, now });
    const token = await new SignJWT(claims() as JWTPayload)
      .setProtectedHeader({ alg: "ES256" })
      .sign(privateKey);
    expect(await ask(authenticate, `Bearer ${token}`)).toEqual(["upstream_failed", undefined]);
    expect(await ask(authenticate, `Bearer ${token}`)).toEqual(["upstream_failed", undefined]);
    expect(await ask(authenticate, `Bearer ${token}`)).toMatchObject({ user: "ann" });
  });
});

test.each([
  [{}, /without a key/],
  [{ secret: SECRET, jwksUrl: "https://id.example/keys" }, /one of them/],
  [{ secret: "x".repeat(31) }, /31 bytes.*at least 32/],
  [{ jwksUrl: "keys" }, /not an address/],
  [{ jwksUrl: "http://id.example/keys" }, /not an address/],
  [{ jwksUrl: "file:///keys" }, /not an address/],
])("jwtUser(%j) is a configuration error", (options, words) => {
  expect(() => jwtUser(options)).toThrow(ConfigurationError);
  expect(() => jwtUser(options)).toThrow(words);
});
