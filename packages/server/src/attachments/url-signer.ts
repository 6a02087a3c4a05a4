import { createUrlAuthority, type UrlAuthorityOptions } from "./url-authority.ts";

const MAX_SIGNED = 1_000;

/** What a signed URL allows: to read these bytes in this way. */
export interface FileClaims {
  readonly tenant: string;
  /** The attachment's id. */
  readonly id: string;
  /** Which bytes of it: `orig` is the file itself, `preview` what is shown of a picture. */
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
export interface UrlSignerOptions extends UrlAuthorityOptions {
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

/**
 * A signer of file URLs.
 *
 * @throws TypeError if there is no key, a key's id or secret is not fit, or `origin` is not an http or https URL.
 */
export function createUrlSigner(options: UrlSignerOptions): UrlSigner {
  const { now, lifetimeMs = 300_000 } = options;
  const authority = createUrlAuthority(options, {
    // HEAD is GET without a body.
    method: "GET",
    path: /\/f\/([\w-]+)\/([\w-]+)$/,
    parameters: ["t", "d"],
  });
  // Equal claims have equal URLs until the window ends; a list shows the same pictures again and again.
  const signed = new Map<string, string>();
  let window = 0;
  return {
    sign({ id, variant, tenant, disposition }) {
      const expires = Math.ceil((now() + lifetimeMs) / lifetimeMs) * lifetimeMs;
      if (expires !== window || signed.size === MAX_SIGNED) signed.clear();
      window = expires;
      const claims = JSON.stringify([id, variant, tenant, disposition]);
      let url = signed.get(claims);
      if (url === undefined) {
        url = authority.sign("f", [id, variant], { t: tenant, d: disposition }, expires);
        signed.set(claims, url);
      }
      return url;
    },

    verify(method, url) {
      if (method !== "GET" && method !== "HEAD") return null;
      const proven = authority.verify(url);
      const [id, variant] = proven?.segments ?? [];
      if (proven === null || id === undefined || variant === undefined) return null;
      const { t: tenant, d: disposition } = proven.parameters;
      if (disposition !== "inline" && disposition !== "attachment") return null;
      return { tenant, id, variant, disposition, expires_at_ms: proven.expires_at_ms };
    },
  };
}
