import { ChatError, createId, type FileImportRequest } from "@waybill/protocol";
import type { AttachmentRecord, AttachmentStore, FileStore, Principal } from "../ports/index.ts";
import { cleanFileName } from "./file-name.ts";
import type { Importer, ImportSource } from "./importer.ts";
import { HEAD_BYTES, type Inspection, type Inspector } from "./inspector.ts";
import { attachmentTypeOf, imageTypeOfName, parseDeclaredType, settleMediaType } from "./media-types.ts";
import { originalKey } from "./storage-key.ts";

/** What one attachment may take. */
export interface AttachmentLimits {
  /** Largest file, in bytes. @default 536_870_912 (512 MiB) */
  readonly maxBytes?: number;
  /** For a whole import, so that a page that waits 20 s hears why it failed. @default 15_000 */
  readonly importTimeoutMs?: number;
}

/** What resolving needs. */
export interface ResolveAttachmentDeps {
  readonly store: Pick<AttachmentStore, "create" | "get">;
  readonly files: Pick<FileStore, "write" | "delete">;
  readonly importer: Importer;
  readonly inspector: Inspector;
  readonly limits?: AttachmentLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The largest file and the longest import unless configured otherwise. */
export const DEFAULT_ATTACHMENT_LIMITS: Required<AttachmentLimits> = Object.freeze({
  maxBytes: 512 * 1024 ** 2,
  importTimeoutMs: 15_000,
});

/** Collects the first bytes of a stream that passes through. */
function tapHead(source: AsyncIterable<Uint8Array>): {
  readonly through: AsyncIterable<Uint8Array>;
  readonly head: () => Uint8Array;
} {
  const parts: Uint8Array[] = [];
  let collected = 0;
  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      if (collected < HEAD_BYTES) {
        const part = chunk.slice(0, HEAD_BYTES - collected);
        parts.push(part);
        collected += part.byteLength;
      }
      yield chunk;
    }
  }
  return { through: through(), head: () => Buffer.concat(parts) };
}

/** The last segment of the URL's path, decoded where it can be. */
function nameInUrl(sourceUrl: string): string {
  const segment = URL.parse(sourceUrl)?.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * The type to keep. What the page says is held against the bytes. Without its word, a picture is what
 * it is, and other bytes must not come under the name or the header of something else.
 */
function settleType(
  request: FileImportRequest,
  name: string,
  source: ImportSource,
  found: Inspection,
): string {
  const isPicture = attachmentTypeOf(found.mime_type) === "image";
  const declared =
    parseDeclaredType(request.mime_type) ??
    (isPicture ? null : (imageTypeOfName(name) ?? parseDeclaredType(source.contentType)));
  const settled = settleMediaType(declared, found.mime_type);
  if (settled !== null) return settled;
  throw new ChatError("import_type_mismatch", {
    message: `The file at ${source.host} was said to be ${declared}, but its bytes are ${found.mime_type}.`,
    details: { host: source.host, declared, found: found.mime_type },
  });
}

async function importAttachment(
  deps: ResolveAttachmentDeps,
  owner: Principal,
  request: FileImportRequest,
  sourceUrl: string,
  signal: AbortSignal,
): Promise<AttachmentRecord> {
  const { maxBytes, importTimeoutMs: timeoutMs } = { ...DEFAULT_ATTACHMENT_LIMITS, ...deps.limits };
  const givenName = request.name ?? nameInUrl(sourceUrl);
  const looksLikePicture =
    parseDeclaredType(request.mime_type)?.startsWith("image/") ?? imageTypeOfName(givenName) !== null;
  const what = looksLikePicture ? "picture" : "file";
  const source = await deps.importer.open(sourceUrl, { maxBytes, timeoutMs, signal, what });
  const id = createId("attachment");
  const storage_key = originalKey(owner.tenant, id);
  try {
    const { through, head } = tapHead(source.body);
    const { size_bytes, sha256 } = await deps.files.write(storage_key, through, { signal });
    if (size_bytes === 0) {
      throw new ChatError("attachment_rejected", {
        message: `The ${what} at ${source.host} is empty.`,
        details: { host: source.host },
      });
    }
    const found = await deps.inspector.inspect(head(), size_bytes);
    const mime_type = settleType(request, givenName, source, found);
    const type = attachmentTypeOf(mime_type);
    const { width, height } = found;
    const hasSize = type === "image" && width !== undefined && height !== undefined;
    const record: AttachmentRecord = {
      id,
      owner,
      name: cleanFileName(givenName, mime_type),
      mime_type,
      type,
      state: "ready",
      epoch: 1,
      size_bytes,
      sha256,
      ...(hasSize ? { width, height } : {}),
      storage_key,
      created_at: new Date(deps.now()).toISOString(),
    };
    signal.throwIfAborted();
    await deps.store.create(record);
    return record;
  } catch (error) {
    // What failed is what the caller must hear, even if the bytes cannot be deleted now.
    await deps.files.delete(storage_key).catch(() => undefined);
    throw error;
  } finally {
    source.close();
  }
}

/**
 * The caller's own attachment that the request describes: the one of its `id` if the caller has it,
 * else a new one with the bytes at `source_url`, in state `ready`. On failure and on abort neither a
 * record nor bytes remain.
 *
 * @throws ChatError `invalid_request` (neither `id` nor `source_url`), `not_found` (an id that is
 * unknown or somebody else's, and no `source_url`), `attachment_not_ready`, `attachment_rejected`
 * (empty, too many pixels, not to be examined), `import_type_mismatch`, and what
 * {@link Importer.open} throws. An abort's reason passes through.
 */
export async function resolveAttachment(
  deps: ResolveAttachmentDeps,
  principal: Principal,
  request: FileImportRequest,
  signal: AbortSignal,
): Promise<AttachmentRecord> {
  const { id, source_url: sourceUrl } = request;
  if (id === undefined && sourceUrl === undefined) {
    throw new ChatError("invalid_request", {
      message: "An attachment needs an id of yours, or a source_url to fetch it from.",
      details: { field: "source_url" },
    });
  }
  const own = id === undefined ? null : await deps.store.get(principal, id);
  if (own !== null) {
    if (own.state === "ready" || own.state === "linked") return own;
    throw new ChatError("attachment_not_ready", { details: { id: own.id, state: own.state } });
  }
  if (sourceUrl === undefined) throw new ChatError("not_found", { details: { id } });
  return importAttachment(deps, principal, request, sourceUrl, signal);
}
