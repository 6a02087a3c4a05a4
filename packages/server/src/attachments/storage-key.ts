import { createHash } from "node:crypto";

/** File systems take 255 bytes a segment; object stores about 1000 for the whole key. */
const MAX_SEGMENT_LENGTH = 128;

/**
 * A tenant as one segment of a storage key: letters, digits and `-` as they are, anything else as
 * `_` and two hexadecimal digits a byte. Different tenants have different segments, and none of them
 * is empty or a dot. A segment longer than 128 is replaced by its SHA-256.
 */
export function encodeTenant(tenant: string): string {
  if (tenant === "") return "_";
  const encoded = Array.from(Buffer.from(tenant, "utf8"), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  if (encoded.length <= MAX_SEGMENT_LENGTH) return encoded;
  return `__${createHash("sha256").update(encoded).digest("hex")}`;
}

/**
 * Where the bytes of one upload of an attachment are: `t/{tenant}/o/{id}/{epoch}/orig`. Each upload has
 * an epoch of its own, so that one that was given up cannot overwrite what came after it.
 */
export function originalKey(tenant: string, attachmentId: string, epoch: number): string {
  return `t/${encodeTenant(tenant)}/o/${attachmentId}/${epoch}/orig`;
}

/** Where the preview is of the bytes at `originalKey`: `…/v/preview` beside them. */
export function previewKey(originalKey: string): string {
  return `${originalKey.replace(/orig$/, "")}v/preview`;
}
