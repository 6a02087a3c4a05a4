import { type Attachment, type AttachmentsCreateRequest, createId, type FileInfo } from "@waybill/protocol";
import {
  attachmentToWire,
  cleanFileName,
  deleteBytes,
  type FileClaims,
  fileInfo,
  type IntakeDeps,
  isExpired,
  parseDeclaredType,
  quotaOf,
  typeOfReservation,
  type UploadSigner,
  type UrlSigner,
} from "../attachments/index.ts";
import { attachmentTypeOf } from "../attachments/media-types.ts";
import { authorize } from "../identity/authorize.ts";
import type { Principal } from "../ports/principal.ts";
import type { AttachmentRecord } from "../ports/store.ts";
import { emptyFile } from "./uploads.ts";

/**
 * `attachments.create`: reserves an attachment of this size, and answers where its bytes go.
 *
 * @throws ChatError `attachment_rejected` (empty, or of a type that is not taken), `attachment_too_large`,
 * `quota_exceeded`
 */
export async function createAttachment(
  deps: IntakeDeps,
  owner: Principal,
  { name: givenName, size: size_bytes, mime_type: declared }: AttachmentsCreateRequest["params"],
  signer: UrlSigner,
  uploads: UploadSigner,
): Promise<Attachment> {
  const declaredType = parseDeclaredType(declared);
  const mime_type = typeOfReservation(declaredType);
  const name = cleanFileName(givenName, mime_type);
  if (size_bytes === 0) throw emptyFile(name);
  deps.policy.checkType(name, declaredType);
  deps.policy.checkSize(name, declaredType, size_bytes);
  const time = new Date(deps.now()).toISOString();
  const record: AttachmentRecord = {
    id: createId("attachment"),
    owner,
    name,
    mime_type,
    type: attachmentTypeOf(mime_type),
    state: "reserved",
    epoch: 1,
    size_bytes,
    sha256: "",
    storage_key: "",
    created_at: time,
    touched_at: time,
  };
  await deps.store.create(record, quotaOf(deps));
  const { id, epoch } = record;
  const url = uploads.sign({ tenant: owner.tenant, id, size_bytes, mime_type: declaredType ?? "", epoch });
  return { ...attachmentToWire(record, signer), upload_descriptor: { url, method: "PUT", headers: {} } };
}

/** `GET /v1/files/{id}`: what is known of the caller's own attachment, in whatever state. @throws ChatError `not_found` */
export async function knownAttachment(
  deps: Pick<IntakeDeps, "store" | "now">,
  principal: Principal,
  id: string,
  links: { readonly signer: UrlSigner; readonly disposition: FileClaims["disposition"] },
): Promise<FileInfo> {
  const record = await findAttachment(deps, principal, id);
  const info = fileInfo(record, links.signer, links.disposition);
  // It is written down when the owner's next upload begins.
  return isExpired(record, deps.now()) ? { ...info, state: "expired" } : info;
}

async function findAttachment(
  { store }: Pick<IntakeDeps, "store">,
  principal: Principal,
  id: string,
): Promise<AttachmentRecord> {
  return authorize(principal, await store.get(principal, id), "attachment");
}

/**
 * `attachments.delete`: the caller's own attachment and its bytes, also while they are uploaded. What
 * messages name stays with them, until their conversations are deleted.
 *
 * @throws ChatError `not_found`
 */
export async function deleteAttachment(
  deps: Pick<IntakeDeps, "store" | "files" | "now">,
  principal: Principal,
  id: string,
): Promise<void> {
  const record = await findAttachment(deps, principal, id);
  if (record.state === "linked") return;
  const touched_at = new Date(deps.now()).toISOString();
  // A deletion that broke off is ended by the next.
  const tombstone =
    record.state === "tombstoned"
      ? record
      : await deps.store.transition(record, { state: "tombstoned", touched_at });
  // An upload or a message was faster: look again.
  if (tombstone === null) return deleteAttachment(deps, principal, id);
  await deleteBytes(deps.files, tombstone.storage_key);
  await deps.store.remove(tombstone);
}
