import type { Attachment } from "@waybill/protocol";
import type { AttachmentRecord } from "../ports/index.ts";
import type { FileClaims, UrlSigner } from "./url-signer.ts";

/**
 * The attachment as a client gets it; pictures with a signed `preview_url`, valid for minutes only.
 * `disposition` is for that URL, where there is no preview and the picture is shown as it is: without a files
 * origin of its own, that is a download (an `<img>` shows it all the same). It is `inline` by default.
 */
export function attachmentToWire(
  record: Pick<AttachmentRecord, "id" | "name" | "mime_type" | "type"> & {
    readonly owner: Pick<AttachmentRecord["owner"], "tenant">;
  },
  signer: Pick<UrlSigner, "sign">,
  disposition: FileClaims["disposition"] = "inline",
): Attachment {
  const { id, name, mime_type, type } = record;
  if (type === "file") return { type, id, name, mime_type };
  const { tenant } = record.owner;
  return {
    type,
    id,
    name,
    mime_type,
    preview_url: signer.sign({ tenant, id, variant: "preview", disposition }),
  };
}
