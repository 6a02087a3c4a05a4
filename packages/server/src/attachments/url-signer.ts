import { createHmac, timingSafeEqual } from "node:crypto";

/** A secret and its public name, which stands in the URLs it has signed. */
export interface SigningKey {
  /** Letters, digits, `_` and `-`. */
  readonly id: string;
  /** At least 32 bytes. */
  readonly secret: string | Uint8Array;
}

/** What a signed URL allows: to read these bytes in this way. */
export interface FileClaims {
  readonly tenant: string;
  /** The attachment's id. */
  readonly id: string;
  /** Which bytes of it; `orig` is the file itself. */
  readonly variant: string;
  /** `inline` is a wish: bytes that are not fit to be shown are downloads all the same. */
  readonly disposition: "inline" | "attachment";
}

/** Claims that a signature has proved. */
export interface VerifiedClaims extends FileClaims {
  /** Milliseconds since 1970. */
  readonly expires_at_ms: number;
}

/** How URLs are signed. */
export interface UrlSignerOptions {
  /** The first signs; all of them verify, so that keys can be rotated. */
  readonly keys: readonly SigningKey[];
  /** Where files are served: an origin, or a base URL with a path. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a URL is valid at the least; at the most twice as long. @default 300_000 */
  readonly lifetimeMs?: number;
}

/** Makes and checks URLs that authorise by themselves. */
export interface UrlSigner {
  /** An absolute URL, valid from now for `lifetimeMs` at the least. Equal claims have equal URLs for a while, so that caches work. */
  sign(claims: FileClaims): string;
  /**
   * What the URL allows this method to do; null if it is not ours, was changed, has expired, or the
   * method is not GET or HEAD. The URL's host is not looked at: the signature covers `origin`.
   */
  verify(method: string, url: string | URL): VerifiedClaims | null;
}

const VERSION = "1";
const PARAMETERS = ["v", "k", "t", "d", "e", "s"] as const;

type Parameters = Readonly<Record<(typeof PARAMETERS)[number], string>>;

/** Every parameter exactly once and nothing else; null otherwise. */
function readParameters(search: URLSearchParams): Parameters | null {
  if (search.size !== PARAMETERS.length || !PARAMETERS.every((name) => search.has(name))) return null;
  const [v = "", k = "", t = "", d = "", e = "", s = ""] = PARAMETERS.map((name) => search.get(name) ?? "");
  return { v, k, t, d, e, s };
}

/**
 * A signer of file URLs.
 *
 * @throws TypeError if there is no key, a key's id or secret is not fit, or `origin` is not an http or https URL.
 */
export function createUrlSigner(options: UrlSignerOptions): UrlSigner {
  const { keys, now, lifetimeMs = 300_000 } = options;
  const [signing] = keys;
  if (signing === undefined) throw new TypeError("signed URLs need at least one key");
  for (const { id, secret } of keys) {
    if (!/^[\w-]+$/.test(id))
      throw new TypeError(`the key id "${id}" may hold letters, digits, "_" and "-" alone`);
    if (Buffer.byteLength(secret) < 32)
      throw new TypeError(`the secret of key "${id}" is shorter than 32 bytes`);
  }
  const base = URL.parse(options.origin);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new TypeError(`the files origin "${options.origin}" is not an http or https URL`);
  }
  const root = `${base.origin}${base.pathname.replace(/\/+$/, "")}`;

  const signature = (key: SigningKey, claims: FileClaims, expires: string): string => {
    // JSON of an array of strings: no two lists of fields have the same text. HEAD is GET without a body.
    const { tenant, id, variant, disposition } = claims;
    const text = JSON.stringify([VERSION, key.id, "GET", root, tenant, id, variant, disposition, expires]);
    return createHmac("sha256", key.secret).update(text).digest("base64url");
  };

  return {
    sign(claims) {
      const expires = String(Math.ceil((now() + lifetimeMs) / lifetimeMs) * lifetimeMs);
      const search = new URLSearchParams({
        v: VERSION,
        k: signing.id,
        t: claims.tenant,
        d: claims.disposition,
        e: expires,
        s: signature(signing, claims, expires),
      });
      return `${root}/f/${encodeURIComponent(claims.id)}/${encodeURIComponent(claims.variant)}?${search}`;
    },

    verify(method, url) {
      if (method !== "GET" && method !== "HEAD") return null;
      const { pathname, searchParams } = new URL(url);
      const [, id, variant] = /\/f\/([\w-]+)\/([\w-]+)$/.exec(pathname) ?? [];
      const found = readParameters(searchParams);
      if (id === undefined || variant === undefined || found === null) return null;
      const { v, k, t: tenant, d: disposition, e: expires } = found;
      const key = keys.find((candidate) => candidate.id === k);
      if (key === undefined || v !== VERSION) return null;
      if (disposition !== "inline" && disposition !== "attachment") return null;
      const claims: FileClaims = { tenant, id, variant, disposition };
      // The texts are compared, not the bytes they encode: base64url has several spellings of the same bytes.
      const given = Buffer.from(found.s);
      const right = Buffer.from(signature(key, claims, expires));
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      const expires_at_ms = Number(expires);
      return expires_at_ms > now() ? { ...claims, expires_at_ms } : null;
    },
  };
}
