import type { FileInfo } from "@waybill/protocol";
import type { AttachmentRecord } from "../ports/index.ts";
import type { FileClaims, UrlSigner } from "./url-signer.ts";

/** What its owner may know of an attachment. URLs are signed, and there from state `ready` on. */
export function fileInfo(
  record: AttachmentRecord,
  signer: Pick<UrlSigner, "sign">,
  disposition: FileClaims["disposition"],
): FileInfo {
  const { id, owner, name, mime_type, type, state, size_bytes, sha256, width, height } = record;
  const isThere = state === "ready" || state === "linked";
  const url = (variant: string) => signer.sign({ tenant: owner.tenant, id, variant, disposition });
  return {
    id,
    name,
    mime_type,
    type,
    state,
    size_bytes,
    ...(sha256 === "" ? {} : { sha256 }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(isThere ? { url: url("orig") } : {}),
    ...(isThere && type === "image" ? { preview_url: url("preview") } : {}),
  };
}
