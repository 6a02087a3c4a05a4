import type { ChatError } from "@waybill/protocol";
import { attachmentTypeOf, imageTypeOfName, parseDeclaredType, settleMediaType } from "./media-types.ts";

/** What is said of bytes before anybody has looked at them. */
export interface SaidOfBytes {
  /** The page's word; held against the bytes in any case. */
  readonly mimeType: string | null | undefined;
  readonly name: string;
  /** The word of who delivers them; pictures may come under any. */
  readonly contentType?: string | undefined;
}

/**
 * The type to keep, for every way in. What the page says is held against the bytes. Without its word, a
 * picture is what it is, and other bytes must not come under the name or the header of something else.
 * Throws what `mismatch` makes of a contradiction.
 */
export function settleType(
  found: string,
  said: SaidOfBytes,
  mismatch: (declared: string, found: string) => ChatError,
): string {
  const isPicture = attachmentTypeOf(found) === "image";
  const declared =
    parseDeclaredType(said.mimeType) ??
    (isPicture ? null : (imageTypeOfName(said.name) ?? parseDeclaredType(said.contentType)));
  const settled = settleMediaType(declared, found);
  if (settled !== null) return settled;
  throw mismatch(declared ?? "", found);
}
