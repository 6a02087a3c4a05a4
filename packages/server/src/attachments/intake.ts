import { ChatError, createId } from "@waybill/protocol";
import type {
  AttachmentChange,
  AttachmentRecord,
  AttachmentStore,
  FileStore,
  Principal,
  StorageQuota,
} from "../ports/index.ts";
import type { AttachmentPolicy } from "./attachment-policy.ts";
import { HEAD_BYTES, type Inspector } from "./inspector.ts";
import { attachmentTypeOf } from "./media-types.ts";
import type { Previews } from "./previews.ts";
import { originalKey, previewKey } from "./storage-key.ts";

/** What taking bytes in needs, whichever way they come. */
export interface IntakeDeps {
  readonly store: Pick<
    AttachmentStore,
    "create" | "get" | "getForSignedUrl" | "usage" | "transition" | "touch" | "remove" | "abandoned"
  >;
  readonly files: Pick<FileStore, "read" | "write" | "delete">;
  readonly inspector: Inspector;
  /** Null: pictures are shown as they are. */
  readonly previews: Previews | null;
  readonly policy: AttachmentPolicy;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Bytes on their way in. */
export interface Incoming {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Most bytes that are read. */
  readonly maxBytes: number;
  /** What is wrong with more than `maxBytes`. */
  readonly overflow: (receivedBytes: number) => ChatError;
  /** Throws if so many bytes are not a file, or not what was announced. */
  readonly checkSize: (sizeBytes: number) => void;
  /** The type to keep; throws if what was found contradicts what was said. */
  readonly settleType: (found: string) => string;
  /** The record's name for a file of this type. */
  readonly nameFor: (mimeType: string) => string;
  /** What becomes of the record if the bytes are not taken: nobody knows its id, or somebody does. */
  readonly otherwise: "forget" | "keep";
}

/** Unlinked reservations end after so long without a sign of life. */
const EXPIRY_MS = 24 * 3_600_000;
/** Who receives gives a sign of life this often. */
const SIGN_OF_LIFE_MS = 15_000;
/** Who has given none for so long is dead: another upload may take its place. */
const LEASE_MS = 60_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/** The quota of every owner, with what has expired by now. */
export function quotaOf({ policy, now }: Pick<IntakeDeps, "policy" | "now">): StorageQuota {
  return { ...policy.quota, expired_before: iso(now() - EXPIRY_MS) };
}

/** Whether a reservation has expired, also if nobody has written that down yet. */
export function isExpired(record: AttachmentRecord, nowMs: number): boolean {
  if (record.state === "expired") return true;
  const pending = ["reserved", "receiving", "received", "inspecting"].includes(record.state);
  return pending && record.touched_at < iso(nowMs - EXPIRY_MS);
}

/** Deletes the bytes of an attachment, its preview's too. None is no error. */
export async function deleteBytes(files: Pick<FileStore, "delete">, storageKey: string): Promise<void> {
  if (storageKey === "") return;
  await files.delete(previewKey(storageKey));
  await files.delete(storageKey);
}

function conflict(id: string): ChatError {
  return new ChatError("upload_conflict", { details: { id } });
}

/**
 * Takes a reservation for one upload: nobody else may send its bytes until this upload is over, or has
 * shown no sign of life for a minute.
 *
 * @throws ChatError `upload_conflict` while another upload is under way, and, without a retry, when one has
 * been taken; `not_found` for one that is deleted or has expired.
 */
export async function claim(deps: IntakeDeps, record: AttachmentRecord): Promise<AttachmentRecord> {
  const { id, state, owner, epoch, touched_at } = record;
  if (state === "tombstoned" || isExpired(record, deps.now())) {
    throw new ChatError("not_found", {
      message: "This upload was given up, or took too long. Attach the file again.",
    });
  }
  const isHeld = state === "receiving" || state === "received" || state === "inspecting";
  if (!isHeld && state !== "reserved") {
    const done =
      state === "rejected"
        ? "This upload was refused."
        : "The bytes of this attachment have arrived already.";
    throw new ChatError("upload_conflict", {
      message: `${done} Attach the file again to send it again.`,
      details: { id, state },
      retryable: false,
    });
  }
  if (isHeld && touched_at > iso(deps.now() - LEASE_MS)) throw conflict(id);
  const held = await deps.store.transition(record, {
    state: "receiving",
    touched_at: iso(deps.now()),
    sha256: "",
    storage_key: originalKey(owner.tenant, id, epoch + 1),
  });
  if (held === null) throw conflict(id);
  await deleteBytes(deps.files, record.storage_key);
  return held;
}

/**
 * Receives the bytes of a record in state `receiving`, examines them and makes the record `ready`. On any
 * failure, and on an abort, neither bytes nor a claim to them remain: the record is forgotten, or, with
 * `otherwise: "keep"`, `rejected` for what its bytes are and `reserved` again after anything else.
 *
 * @throws ChatError `attachment_rejected` (not examinable, not accepted), `attachment_too_large`,
 * `upload_conflict` (another upload took over, or the attachment was deleted meanwhile), and what the
 * parts of `incoming` throw. An abort's reason passes through.
 */
export async function receive(
  deps: IntakeDeps,
  held: AttachmentRecord,
  incoming: Incoming,
  signal: AbortSignal,
): Promise<AttachmentRecord> {
  const { store, files, inspector, policy, now } = deps;
  let record = held;
  const step = async (change: Omit<AttachmentChange, "touched_at">): Promise<void> => {
    const next = await store.transition(record, { ...change, touched_at: iso(now()) });
    if (next === null) throw conflict(record.id);
    record = next;
  };
  const head: Uint8Array[] = [];
  let received = 0;
  async function* metered(): AsyncGenerator<Uint8Array> {
    let collected = 0;
    let touched = now();
    for await (const chunk of incoming.bytes) {
      received += chunk.byteLength;
      if (received > incoming.maxBytes) throw incoming.overflow(received);
      if (collected < HEAD_BYTES) {
        const part = chunk.slice(0, HEAD_BYTES - collected);
        head.push(part);
        collected += part.byteLength;
      }
      if (now() - touched >= SIGN_OF_LIFE_MS) {
        touched = now();
        if (!(await store.touch(record, iso(touched)))) throw conflict(record.id);
      }
      yield chunk;
    }
    incoming.checkSize(received);
  }

  try {
    const { size_bytes, sha256 } = await files.write(record.storage_key, metered(), { signal });
    await step({ state: "received", size_bytes, sha256 });
    await step({ state: "inspecting" });
    const found = await inspector.inspect(Buffer.concat(head), size_bytes);
    const mime_type = incoming.settleType(found.mime_type);
    const name = incoming.nameFor(mime_type);
    policy.checkType(name, mime_type);
    policy.checkSize(name, mime_type, size_bytes);
    const type = attachmentTypeOf(mime_type);
    const preview_bytes = type === "image" ? await makePreview(deps, record, signal) : undefined;
    const { width, height } = found;
    const hasSize = type === "image" && width !== undefined && height !== undefined;
    signal.throwIfAborted();
    await step({
      state: "ready",
      name,
      mime_type,
      type,
      ...(hasSize ? { width, height } : {}),
      ...(preview_bytes === undefined ? {} : { preview_bytes }),
    });
    return record;
  } catch (error) {
    // What failed is what the caller must hear, even if it cannot be cleaned up now.
    await deleteBytes(files, record.storage_key).catch(() => undefined);
    await release(deps, record, held.size_bytes, incoming.otherwise, error).catch(() => undefined);
    throw error;
  }
}

/** Bytes that come without a reservation, and what is said of them. */
export interface Unannounced extends Omit<Incoming, "maxBytes" | "overflow" | "otherwise"> {
  readonly name: string;
  /** Canonical; null if nobody has said anything. */
  readonly declaredType: string | null;
  /** Certainly no more than so many; undefined if nobody knows. */
  readonly boundBytes: number | undefined;
  readonly tooLarge: (receivedBytes: number, maxBytes: number) => ChatError;
}

/**
 * Takes in bytes as a new attachment of the owner, in state `ready`. Room for them is taken from the owner's
 * quota before the first is read. On failure and on abort neither a record nor bytes remain.
 *
 * @throws ChatError `quota_exceeded`, and what {@link receive} throws
 */
export async function takeIn(
  deps: IntakeDeps,
  owner: Principal,
  file: Unannounced,
  signal: AbortSignal,
): Promise<AttachmentRecord> {
  const { store, policy } = deps;
  const { name, declaredType } = file;
  policy.checkType(name, declaredType);
  const limit = policy.maxBytesOf(declaredType);
  const quota = quotaOf(deps);
  const bound = file.boundBytes ?? quota.max_bytes - (await store.usage(owner)).bytes;
  const maxBytes = Math.max(1, Math.min(limit, bound));
  const id = createId("attachment");
  const mime_type = typeOfReservation(declaredType);
  const time = iso(deps.now());
  const record: AttachmentRecord = {
    id,
    owner,
    name,
    mime_type,
    type: attachmentTypeOf(mime_type),
    state: "receiving",
    epoch: 1,
    size_bytes: maxBytes,
    sha256: "",
    storage_key: originalKey(owner.tenant, id, 1),
    created_at: time,
    touched_at: time,
  };
  signal.throwIfAborted();
  await store.create(record, quota);
  const overflow = (received: number) =>
    maxBytes < limit ? new ChatError("quota_exceeded") : file.tooLarge(received, limit);
  return receive(deps, record, { ...file, maxBytes, overflow, otherwise: "forget" }, signal);
}

/** What a reservation is taken to be until its bytes are there. */
export function typeOfReservation(declaredType: string | null): string {
  return declaredType === null || declaredType.endsWith("/*") ? "application/octet-stream" : declaredType;
}

/** What the record of a failed upload becomes. It changes nothing if another upload has taken over. */
async function release(
  { store, now }: IntakeDeps,
  record: AttachmentRecord,
  reservedBytes: number,
  otherwise: Incoming["otherwise"],
  error: unknown,
): Promise<void> {
  if (otherwise === "forget") {
    await store.remove(record);
    return;
  }
  const code = error instanceof ChatError ? error.code : undefined;
  const refused = code === "attachment_rejected" || code === "attachment_too_large";
  const touched_at = iso(now());
  await store.transition(record, {
    state: refused ? "rejected" : "reserved",
    size_bytes: reservedBytes,
    sha256: "",
    storage_key: "",
    touched_at,
  });
}

async function makePreview(
  { files, previews }: IntakeDeps,
  { storage_key, size_bytes }: AttachmentRecord,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (previews === null || size_bytes > previews.maxBytes) return undefined;
  const original = await files.read(storage_key);
  if (original === null) throw new Error(`there are no bytes under ${storage_key}`);
  const preview = await previews.make(original.stream, signal);
  if (preview === null) return undefined;
  async function* bytes(picture: Uint8Array): AsyncGenerator<Uint8Array> {
    yield picture;
  }
  return (await files.write(previewKey(storage_key), bytes(preview), { signal })).size_bytes;
}

/** Ends what a dead process was receiving: its bytes are deleted, its reservations can be used again until they expire. */
export async function reapAbandonedUploads(deps: Pick<IntakeDeps, "store" | "files">): Promise<void> {
  for (const record of await deps.store.abandoned()) {
    await deleteBytes(deps.files, record.storage_key);
    const { touched_at } = record;
    await deps.store.transition(record, { state: "reserved", sha256: "", storage_key: "", touched_at });
  }
}
