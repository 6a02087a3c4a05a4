import type { PageAttachment, SendInput } from "@waybill/client";
import type { Attachment, UserMessageItem } from "@waybill/protocol";

function attachmentToShow({ id, name, mime_type, type, preview_url }: PageAttachment): Attachment {
  return type === "image" && preview_url !== undefined
    ? { id, name, mime_type, type, preview_url }
    : { id, name, mime_type, type: "file" };
}

/** A message as it will be stored, for as long as the server has not answered. */
export function messageToShow(input: SendInput, id: string): UserMessageItem {
  return {
    type: "user_message",
    id,
    thread_id: input.threadId ?? "",
    created_at: new Date().toISOString(),
    content: input.content ?? (input.text ? [{ type: "input_text", text: input.text }] : []),
    attachments: (input.attachments ?? []).map(attachmentToShow),
    ...(input.quotedText ? { quoted_text: input.quotedText } : {}),
    inference_options: {},
  };
}
