import type { Attachment, ImageAttachment, UserMessageItem } from "@waybill/protocol";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { fileList, imageGroup } from "../attachments/attachments.ts";
import { tagView } from "../entities/tags.ts";
import type { Strings } from "../strings/en.ts";

function isImage(attachment: Attachment): attachment is ImageAttachment {
  // A server may not have a preview yet, whatever its type says.
  return attachment.type === "image" && Boolean(attachment.preview_url);
}

/** A person's message. Images come first where they are all it carries; a quote is always above. */
export function message(item: UserMessageItem, sending: boolean, strings: Strings): TemplateResult {
  const images = imageGroup(item.attachments.filter(isImage), strings);
  const others = item.attachments.filter((attachment) => !isImage(attachment));
  const imagesFirst = others.length === 0 && item.quoted_text === undefined;
  const words = item.content.map((part) => (part.type === "input_tag" ? tagView(part) : part.text));
  const quote =
    item.quoted_text === undefined
      ? nothing
      : html`<blockquote class="quote" part="quote" dir="auto"><p>${item.quoted_text}</p></blockquote>`;
  // The paragraph keeps line breaks, so nothing but the words may stand in it.
  const text = words.length === 0 ? nothing : html`<p dir="auto">${words}</p>`;
  return html`<h3 class="vh">${strings.youSaid}</h3><div class=${sending ? "slip sending" : "slip"}>${quote}${imagesFirst ? images : nothing}${text}${imagesFirst ? nothing : images}${fileList(others, strings)}</div>`;
}
