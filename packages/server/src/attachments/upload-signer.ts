import { createUrlAuthority, type UrlAuthorityOptions } from "./url-authority.ts";

/** What a signed upload URL allows: to bring these bytes, and no others. */
export interface UploadClaims {
  readonly tenant: string;
  /** The attachment's id. */
  readonly id: string;
  /** Exactly so many bytes. */
  readonly size_bytes: number;
  /** As which they were declared. */
  readonly mime_type: string;
  /** Of the attachment when the URL was made. */
  readonly epoch: number;
}

/** Makes and checks URLs that bytes may be sent to without anything else. */
export interface UploadSigner {
  /** An absolute URL, valid for `lifetimeMs` from now. */
  sign(claims: UploadClaims): string;
  /** What the URL allows; null if it is not ours, was changed, has expired, or the method is not PUT or POST. */
  verify(method: string, url: string | URL): UploadClaims | null;
}

/** How upload URLs are signed. */
export interface UploadSignerOptions extends UrlAuthorityOptions {
  /** How long an upload may begin. @default 3_600_000 (one hour) */
  readonly lifetimeMs?: number;
}

/**
 * A signer of upload URLs: `v1/uploads/{id}` below `origin`.
 *
 * @throws TypeError as `createUrlSigner` does
 */
export function createUploadSigner(options: UploadSignerOptions): UploadSigner {
  const { now, lifetimeMs = 3_600_000 } = options;
  const authority = createUrlAuthority(options, {
    // POST is for clients that send forms; it does the same.
    method: "PUT",
    path: /\/v1\/uploads\/([\w-]+)$/,
    parameters: ["t", "n", "m", "p"],
  });
  return {
    sign({ tenant, id, size_bytes, mime_type, epoch }) {
      const parameters = { t: tenant, n: String(size_bytes), m: mime_type, p: String(epoch) };
      return authority.sign("v1/uploads", [id], parameters, now() + lifetimeMs);
    },

    verify(method, url) {
      if (method !== "PUT" && method !== "POST") return null;
      const proven = authority.verify(url);
      const id = proven?.segments[0];
      if (proven === null || id === undefined) return null;
      const { t: tenant, n, m: mime_type, p } = proven.parameters;
      return { tenant, id, size_bytes: Number(n), mime_type, epoch: Number(p) };
    },
  };
}
