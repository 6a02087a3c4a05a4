import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

/** A secret and its public name, which stands in the URLs it has signed. */
export interface SigningKey {
  /** Letters, digits, `_` and `-`. */
  readonly id: string;
  /** At least 32 bytes. */
  readonly secret: string | Uint8Array;
}

/** With what URLs are signed. */
export interface UrlAuthorityOptions {
  /** The first signs; all of them verify, so that keys can be rotated. */
  readonly keys: readonly SigningKey[];
  /** Where the URLs lead: an origin, or a base URL with a path. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One kind of signed URL: what is done there, and what its signature covers beside that. */
export interface UrlKind<Parameter extends string> {
  /** The method that stands in the signature. */
  readonly method: string;
  /** The path below the root, with a group for each of its segments that is signed. */
  readonly path: RegExp;
  /** Names of the parameters that are signed. */
  readonly parameters: readonly Parameter[];
}

/** What a signature has proved. */
export interface ProvenUrl<Parameter extends string> {
  readonly segments: readonly string[];
  readonly parameters: Readonly<Record<Parameter, string>>;
  /** Milliseconds since 1970. */
  readonly expires_at_ms: number;
}

/** Signs URLs of one kind, and tells its own from others. */
export interface UrlAuthority<Parameter extends string> {
  /** The URL of `folder` and these segments below it; `kind.path` finds the same segments in it. */
  sign(
    folder: string,
    segments: readonly string[],
    parameters: Readonly<Record<Parameter, string>>,
    expiresAtMs: number,
  ): string;
  /** What is proven; null if the URL is not ours, was changed, or has expired. Its host is not looked at: the signature covers `origin`. */
  verify(url: string | URL): ProvenUrl<Parameter> | null;
}

const VERSION = "1";

interface Secret {
  readonly id: string;
  readonly secret: KeyObject;
}

function secretOf(secret: SigningKey["secret"]): KeyObject {
  return typeof secret === "string" ? createSecretKey(secret, "utf8") : createSecretKey(secret);
}

/**
 * An authority over the URLs of one kind below `origin`.
 *
 * @throws TypeError if there is no key, a key's id or secret is not fit, or `origin` is not an http or https URL.
 */
export function createUrlAuthority<Parameter extends string>(
  options: UrlAuthorityOptions,
  kind: UrlKind<Parameter>,
): UrlAuthority<Parameter> {
  const { keys, now } = options;
  for (const { id, secret } of keys) {
    if (!/^[\w-]+$/.test(id))
      throw new TypeError(`the key id "${id}" may hold letters, digits, "_" and "-" alone`);
    if (Buffer.byteLength(secret) < 32)
      throw new TypeError(`the secret of key "${id}" is shorter than 32 bytes`);
  }
  // Made once: a key object costs as much as a signature.
  const secrets = keys.map(({ id, secret }) => ({ id, secret: secretOf(secret) }));
  const [signing] = secrets;
  if (signing === undefined) throw new TypeError("signed URLs need at least one key");
  const base = URL.parse(options.origin);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new TypeError(`the origin "${options.origin}" is not an http or https URL`);
  }
  const root = `${base.origin}${base.pathname.replace(/\/+$/, "")}`;
  const names: readonly string[] = ["v", "k", ...kind.parameters, "e", "s"];

  const signature = (
    key: Secret,
    segments: readonly string[],
    parameters: Readonly<Record<Parameter, string>>,
    expires: string,
  ): string => {
    const values = kind.parameters.map((name) => parameters[name]);
    // JSON of an array of strings: no two lists of fields have the same text.
    const text = JSON.stringify([VERSION, key.id, kind.method, root, segments, values, expires]);
    return createHmac("sha256", key.secret).update(text).digest("base64url");
  };

  return {
    sign(folder, segments, parameters, expiresAtMs) {
      const expires = String(expiresAtMs);
      const search = new URLSearchParams({ v: VERSION, k: signing.id });
      for (const name of kind.parameters) search.set(name, parameters[name]);
      search.set("e", expires);
      search.set("s", signature(signing, segments, parameters, expires));
      return `${root}/${[folder, ...segments.map(encodeURIComponent)].join("/")}?${search}`;
    },

    verify(url) {
      const { pathname, searchParams: found } = new URL(url);
      const segments = kind.path.exec(pathname)?.slice(1);
      // Every parameter exactly once and nothing else.
      if (segments === undefined || found.size !== names.length || !names.every((name) => found.has(name))) {
        return null;
      }
      const get = (name: string): string => found.get(name) ?? "";
      const key = secrets.find(({ id }) => id === get("k"));
      if (key === undefined || get("v") !== VERSION) return null;
      const parameters = Object.fromEntries(kind.parameters.map((name) => [name, get(name)])) as Record<
        Parameter,
        string
      >;
      const expires = get("e");
      // The texts are compared, not the bytes they encode: base64url has several spellings of the same bytes.
      const given = Buffer.from(get("s"));
      const right = Buffer.from(signature(key, segments, parameters, expires));
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      const expires_at_ms = Number(expires);
      return expires_at_ms > now() ? { segments, parameters, expires_at_ms } : null;
    },
  };
}
