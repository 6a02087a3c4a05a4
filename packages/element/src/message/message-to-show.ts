import type { PageAttachment, SendInput } from "@waybill/client";
import type { Attachment, UserMessageItem } from "@waybill/protocol";
import type { UnsentTurn } from "../chat-snapshot.ts";

function attachmentToShow({ id, name, mime_type, type, preview_url }: PageAttachment): Attachment {
  return type === "image" && preview_url !== undefined
    ? { id, name, mime_type, type, preview_url }
    : { id, name, mime_type, type: "file" };
}

/** Turns of this page, for keys that no server gives out. */
let turns = 0;

/** A turn on its way, with its message as it will be stored, for as long as the server has not answered. */
export function turnToShow(input: SendInput): UnsentTurn {
  turns += 1;
  const key = `turn:${turns}`;
  return { key, input, item: messageToShow(input, key), verdict: null };
}

function messageToShow(input: SendInput, id: string): UserMessageItem {
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
