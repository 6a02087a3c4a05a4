import { ChatError, type FileImportRequest } from "@waybill/protocol";
import type { AttachmentRecord, Principal } from "../ports/index.ts";
import { cleanFileName } from "./file-name.ts";
import { importTooLarge } from "./import-errors.ts";
import type { Importer } from "./importer.ts";
import { type IntakeDeps, isExpired, takeIn } from "./intake.ts";
import { imageTypeOfName, parseDeclaredType } from "./media-types.ts";
import { settleType } from "./settle-type.ts";

/** What resolving needs. */
export interface ResolveAttachmentDeps extends IntakeDeps {
  readonly importer: Importer;
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

async function importAttachment(
  deps: ResolveAttachmentDeps,
  owner: Principal,
  request: FileImportRequest,
  sourceUrl: string,
  signal: AbortSignal,
): Promise<AttachmentRecord> {
  const { policy } = deps;
  const givenName = request.name ?? nameInUrl(sourceUrl);
  const declaredType = parseDeclaredType(request.mime_type);
  const nameFor = (mimeType: string) => cleanFileName(givenName, mimeType);
  const name = nameFor(declaredType ?? "");
  policy.checkType(name, declaredType);
  const what =
    (declaredType?.startsWith("image/") ?? imageTypeOfName(givenName) !== null) ? "picture" : "file";
  const maxBytes = policy.maxBytesOf(declaredType);
  const timeoutMs = policy.importTimeoutMs;
  const source = await deps.importer.open(sourceUrl, { maxBytes, timeoutMs, signal, what });
  const { host, contentType, announcedBytes, body } = source;
  try {
    return await takeIn(
      deps,
      owner,
      {
        name,
        declaredType,
        boundBytes: announcedBytes,
        bytes: body,
        nameFor,
        tooLarge: (received, max) => importTooLarge({ what, host }, received, max, true),
        checkSize(sizeBytes) {
          if (sizeBytes > 0) return;
          const message = `The ${what} at ${host} is empty.`;
          throw new ChatError("attachment_rejected", { message, details: { host } });
        },
        settleType: (found) =>
          settleType(
            found,
            { mimeType: request.mime_type, name: givenName, contentType },
            (declared) =>
              new ChatError("import_type_mismatch", {
                message: `The file at ${host} was said to be ${declared}, but its bytes are ${found}.`,
                details: { host, declared, found },
              }),
          ),
      },
      signal,
    );
  } finally {
    source.close();
  }
}

/** Whether nothing can become of an attachment any more, so that it is as good as unknown. */
function isLost(record: AttachmentRecord, nowMs: number): boolean {
  return record.state === "tombstoned" || record.state === "rejected" || isExpired(record, nowMs);
}

/**
 * The caller's own attachment that the request describes: the one of its `id` if the caller has it,
 * else a new one with the bytes at `source_url`, in state `ready`. On failure and on abort neither a
 * record nor bytes remain.
 *
 * @throws ChatError `invalid_request` (neither `id` nor `source_url`), `not_found` (an id that is
 * unknown or somebody else's, and no `source_url`), `attachment_not_ready`, `attachment_rejected`
 * (empty, too many pixels, not to be examined, not accepted), `attachment_too_large`,
 * `quota_exceeded`, `import_type_mismatch`, and what {@link Importer.open} throws. An abort's reason passes through.
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
  if (own !== null && !isLost(own, deps.now())) {
    if (own.state === "ready" || own.state === "linked") return own;
    throw new ChatError("attachment_not_ready", { details: { id: own.id, state: own.state } });
  }
  if (sourceUrl === undefined) throw new ChatError("not_found", { details: { id } });
  return importAttachment(deps, principal, request, sourceUrl, signal);
}
