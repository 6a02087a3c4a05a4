import { ChatError } from "@waybill/protocol";
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { ConfigurationError } from "../configuration-error.ts";
import type { Principal } from "../ports/principal.ts";
import type { Authenticate } from "./authenticate.ts";
import { isLoopbackHost } from "./local-user.ts";
import { isPrincipalName, unauthenticated } from "./unauthenticated.ts";

/** RFC 7518, 3.2: a key of HS256 is at least as long as its hash. */
const MIN_SECRET_BYTES = 32;
const CLOCK_TOLERANCE_S = 30;
// Fixed by the kind of key, never by the token: a public key must not be taken for a shared secret
// (RFC 8725, 2.1 and 3.1), and "none" is in neither list.
const SHARED = ["HS256"];
const PUBLIC = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
];

/** How tokens are checked. One of `secret` and `jwksUrl` is needed. */
export interface JwtUserOptions {
  /** The shared secret of HS256, at least 32 bytes. */
  readonly secret?: string | Uint8Array;
  /** Where the issuer publishes its keys: https, or http on the loopback. Fetched when first needed, kept for 10 minutes. */
  readonly jwksUrl?: string;
  /** A value that `aud` must have. Set it where the issuer signs for other applications too. @default any audience */
  readonly audience?: string;
  /** The value of `iss`. @default any issuer that has the key */
  readonly issuer?: string;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/**
 * Bearer tokens: `sub` is the user, the claim `tenant` the tenant, `"default"` without one. A token
 * must be signed with a fixed list of algorithms and have `exp`; `exp` and `nbf` may be off by 30 s.
 * Everything else is answered with 401, and tokens appear in no message and no log.
 *
 * @throws ConfigurationError if there is not exactly one of `secret` and `jwksUrl`, the secret is
 * short, or the URL is not one that keys may come from. Requests: `unauthenticated`;
 * `upstream_failed` if the keys cannot be fetched.
 */
export function jwtUser(options: JwtUserOptions): Authenticate {
  const verify = verifierOf(options);
  return async (request) => {
    const header = request.headers.get("authorization");
    if (header === null || header === "") throw unauthenticated("missing");
    // RFC 6750, 2.1.
    const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1];
    if (token === undefined) throw unauthenticated("not_accepted");
    try {
      return principalOf(await verify(token));
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated("expired");
      throw error instanceof errors.JOSEError ? unauthenticated("not_accepted") : error;
    }
  };
}

function verifierOf(options: JwtUserOptions): (token: string) => Promise<JWTPayload> {
  const { secret, jwksUrl, audience, issuer, now = () => new Date() } = options;
  const rules = (algorithms: string[]): JWTVerifyOptions => ({
    algorithms,
    requiredClaims: ["exp", "sub"],
    clockTolerance: CLOCK_TOLERANCE_S,
    currentDate: now(),
    ...(audience === undefined ? {} : { audience }),
    ...(issuer === undefined ? {} : { issuer }),
  });
  if (secret !== undefined && jwksUrl === undefined) {
    const key = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (key.byteLength < MIN_SECRET_BYTES) {
      throw misconfigured(
        "secret",
        `The secret has ${key.byteLength} bytes, and HS256 needs at least ${MIN_SECRET_BYTES}.`,
        "Make one with `openssl rand -base64 48`.",
      );
    }
    return async (token) => (await jwtVerify(token, key, rules(SHARED))).payload;
  }
  if (jwksUrl !== undefined && secret === undefined) {
    const keySet = createRemoteJWKSet(keysUrl(jwksUrl));
    const keyOf: JWTVerifyGetKey = (header, token) => keySet(header, token).catch(refuseKey);
    return async (token) => (await jwtVerify(token, keyOf, rules(PUBLIC))).payload;
  }
  throw misconfigured(
    secret === undefined ? "secret" : "jwksUrl",
    secret === undefined
      ? "Tokens cannot be checked without a key."
      : "There are a secret and a URL of keys, and a token is checked with one of them.",
    "Give either the shared secret or the URL of the issuer's keys.",
  );
}

function keysUrl(text: string): URL {
  const url = URL.parse(text);
  if (
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname)))
  ) {
    return url;
  }
  throw misconfigured(
    "jwksUrl",
    `${JSON.stringify(text)} is not an address that keys can safely come from.`,
    "Use the https URL of the issuer's JSON Web Key Set.",
  );
}

function misconfigured(option: string, message: string, fix: string): ConfigurationError {
  return new ConfigurationError([{ path: `jwtUser.${option}`, message, fix }]);
}

function principalOf({ sub, tenant = "default" }: JWTPayload): Principal {
  if (!isPrincipalName(sub) || !isPrincipalName(tenant)) throw unauthenticated("not_accepted");
  return { tenant, user: sub };
}

/** That a token fits none of the keys is the caller's fault; that there are no keys is not. */
function refuseKey(error: unknown): never {
  if (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  ) {
    throw error;
  }
  throw new ChatError("upstream_failed", {
    message: "The keys that sign-ins are checked with cannot be fetched now.",
    cause: error,
  });
}
