export type { AttachmentLimits, AttachmentPolicy } from "./attachment-policy.ts";
export { createAttachmentPolicy, tooLarge } from "./attachment-policy.ts";
export { attachmentToWire } from "./attachment-to-wire.ts";
export { fileInfo } from "./file-info.ts";
export { cleanFileName, contentDisposition } from "./file-name.ts";
export type { Importer, ImporterOptions, ImportOptions, ImportSource } from "./importer.ts";
export { createImporter } from "./importer.ts";
export type { Inspection, Inspector, InspectorOptions } from "./inspector.ts";
export { createInspector } from "./inspector.ts";
export type { Incoming, IntakeDeps, Unannounced } from "./intake.ts";
export {
  claim,
  deleteBytes,
  isExpired,
  quotaOf,
  reapAbandonedUploads,
  receive,
  takeIn,
  typeOfReservation,
} from "./intake.ts";
export { parseDeclaredType } from "./media-types.ts";
export type { FormFile } from "./multipart.ts";
export { openForm } from "./multipart.ts";
export type { PreviewOptions, Previews } from "./previews.ts";
export { createPreviews } from "./previews.ts";
export type { RequestBody } from "./request-body.ts";
export { bytesOf, openBody } from "./request-body.ts";
export type { ResolveAttachmentDeps } from "./resolve-attachment.ts";
export { resolveAttachment } from "./resolve-attachment.ts";
export type { ServeFileDeps } from "./serve-file.ts";
export { serveFile } from "./serve-file.ts";
export type { SaidOfBytes } from "./settle-type.ts";
export { settleType } from "./settle-type.ts";
export type { UploadClaims, UploadSigner } from "./upload-signer.ts";
export { createUploadSigner } from "./upload-signer.ts";
export type { SigningKey } from "./url-authority.ts";
export type { FileClaims, UrlSigner, UrlSignerOptions, VerifiedClaims } from "./url-signer.ts";
export { createUrlSigner } from "./url-signer.ts";
