import { ChatError } from "@waybill/protocol";
import type { AttachmentRecord, AttachmentStore, FileStore } from "../ports/index.ts";
import { parseByteRange } from "./byte-range.ts";
import { contentDisposition } from "./file-name.ts";
import { isInlineSafe } from "./media-types.ts";
import { previewKey } from "./storage-key.ts";
import type { FileClaims, UrlSigner, VerifiedClaims } from "./url-signer.ts";

/** What serving needs. */
export interface ServeFileDeps {
  readonly store: Pick<AttachmentStore, "getForSignedUrl">;
  readonly files: Pick<FileStore, "read">;
  readonly signer: Pick<UrlSigner, "verify">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The bytes that a URL names, and as what they are served. */
interface Served {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly mimeType: string;
  readonly name: string;
  readonly disposition: FileClaims["disposition"];
}

async function authorised(deps: ServeFileDeps, claims: VerifiedClaims): Promise<AttachmentRecord> {
  const known = claims.variant === "orig" || claims.variant === "preview";
  const record = known ? await deps.store.getForSignedUrl(claims.id) : null;
  const there = record?.state === "ready" || record?.state === "linked";
  if (record === null || !there || record.owner.tenant !== claims.tenant) throw new ChatError("not_found");
  return record;
}

/** Where there is no preview, the picture itself is what is shown. */
function servedOf(record: AttachmentRecord, claims: VerifiedClaims): Served {
  const { storage_key, size_bytes, sha256, preview_bytes, mime_type: mimeType, name } = record;
  if (claims.variant === "preview" && preview_bytes !== undefined) {
    return {
      key: previewKey(storage_key),
      sizeBytes: preview_bytes,
      etag: `"${sha256}-preview"`,
      mimeType: "image/webp",
      name: `${name.replace(/\.[^.]*$/, "")}.webp`,
      // Our own encoder wrote these bytes: they may be shown on any origin.
      disposition: "inline",
    };
  }
  const inline = claims.disposition === "inline" && isInlineSafe(mimeType);
  const disposition = inline ? "inline" : "attachment";
  return { key: storage_key, sizeBytes: size_bytes, etag: `"${sha256}"`, mimeType, name, disposition };
}

/**
 * The type as a browser gets it. Scripts and style sheets are plain text: a page's policy may trust
 * this origin, and `nosniff` then keeps it from running what a stranger has uploaded.
 */
function contentType(mimeType: string): string {
  const type = /^(?:text|application)\/(?:.*(?:java|ecma)script|css)$/.test(mimeType)
    ? "text/plain"
    : mimeType;
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

function headersOf(
  { mimeType, disposition, name, etag }: Served,
  claims: VerifiedClaims,
  nowMs: number,
): Headers {
  return new Headers({
    "content-type": contentType(mimeType),
    "content-disposition": contentDisposition(disposition, name),
    "accept-ranges": "bytes",
    etag,
    // The URL is the permission, so nothing may be kept longer than the URL is valid.
    "cache-control": `private, max-age=${Math.max(0, Math.floor((claims.expires_at_ms - nowMs) / 1000))}`,
    // Bytes from strangers: never another type than this one, never an origin's script, never a referrer.
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
  });
}

/** RFC 9110 §13.1.2: `If-None-Match` compares weakly. */
function isUnchanged(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}

/**
 * `GET` and `HEAD {files origin}/f/{id}/{variant}`: the bytes of an attachment, for whoever holds a
 * valid signed URL; `preview` is the picture itself where it has none. 200, 206 (one range), 304, 416. Shown inline only where nothing in the bytes can
 * run; a download otherwise.
 *
 * @throws ChatError `forbidden` (signature missing, changed or expired), `not_found`,
 * `method_not_allowed`.
 */
export async function serveFile(deps: ServeFileDeps, request: Request): Promise<Response> {
  const { method } = request;
  if (method !== "GET" && method !== "HEAD") throw new ChatError("method_not_allowed");
  const claims = deps.signer.verify(method, request.url);
  if (claims === null) {
    throw new ChatError("forbidden", {
      message: "This file's address is not valid any more. Reload the conversation to get a new one.",
    });
  }
  const record = await authorised(deps, claims);
  const served = servedOf(record, claims);
  const headers = headersOf(served, claims, deps.now());
  const { etag, sizeBytes: size } = served;
  if (isUnchanged(request.headers.get("if-none-match"), etag)) {
    headers.delete("content-type");
    headers.delete("content-disposition");
    return new Response(null, { status: 304, headers });
  }

  const ifRange = request.headers.get("if-range");
  // RFC 9110 §14.2: Range is for GET alone. §13.1.5: another ETag, or any date, means the whole file.
  const asked =
    method === "GET" && (ifRange === null || ifRange === etag) ? request.headers.get("range") : null;
  const range = asked === null ? null : parseByteRange(asked, size);
  if (range === "unsatisfiable") {
    headers.delete("content-type");
    headers.delete("content-disposition");
    headers.set("content-range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-length", String(range === null ? size : range.end - range.start + 1));
  if (range !== null) headers.set("content-range", `bytes ${range.start}-${range.end}/${size}`);
  if (method === "HEAD") return new Response(null, { status: 200, headers });

  const file = await deps.files.read(served.key, range ?? undefined);
  if (file === null) throw new Error(`attachment ${record.id} has no bytes under its storage key`);
  return new Response(file.stream, { status: range === null ? 200 : 206, headers });
}
