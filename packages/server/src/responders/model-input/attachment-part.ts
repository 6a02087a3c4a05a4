import { formatSize } from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnAttachment } from "../respond.ts";

/** What a Responses API takes as a picture. */
const PICTURES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

/** Bytes of attachments that one request may still carry. */
export interface ByteBudget {
  /** Largest single attachment. */
  readonly eachBytes: number;
  leftBytes: number;
}

/**
 * An attachment as the model gets it: its bytes, or, where they are too many, or of a kind that
 * models do not read, a sentence that says what was there.
 */
export async function attachmentPart(
  attachment: TurnAttachment,
  budget: ByteBudget,
  signal: AbortSignal,
): Promise<Responses.ResponseInputContent> {
  const { name, mime_type, size_bytes } = attachment;
  if (/^(?:audio|video)\//.test(mime_type)) return absent(attachment, "which you cannot play");
  const picture = PICTURES.has(mime_type);
  if (mime_type.startsWith("image/") && !picture) return absent(attachment, "a format that you cannot see");
  if (size_bytes > Math.min(budget.eachBytes, budget.leftBytes)) {
    return absent(attachment, "too large to be handed to you");
  }
  budget.leftBytes -= size_bytes;
  const data = `data:${mime_type};base64,${await base64Of(attachment, signal)}`;
  return picture
    ? { type: "input_image", detail: "auto", image_url: data }
    : { type: "input_file", filename: name, file_data: data };
}

/** What the model is told of an attachment that it does not get. */
export function absent(
  { name, mime_type, size_bytes }: Pick<TurnAttachment, "name" | "mime_type"> & { size_bytes?: number },
  why: string,
): Responses.ResponseInputText {
  const size = size_bytes === undefined ? "" : `, ${formatSize(size_bytes)}`;
  return { type: "input_text", text: `[Attached: ${name} (${mime_type}${size}), ${why}]` };
}

async function base64Of(attachment: TurnAttachment, signal: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await attachment.stream()) {
    signal.throwIfAborted();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("base64");
}
