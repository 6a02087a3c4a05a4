import type { Attachment, ThreadItem } from "@waybill/protocol";
import type { LinkedAttachment, StoredItem } from "../ports/store.ts";

/** An item as the wire carries it to the one who asks. */
export type ToWireItem = (item: StoredItem) => ThreadItem;

/** An item as it is stored: attachments without their short-lived URLs. */
export function toStoredItem(item: ThreadItem): StoredItem {
  if (item.type !== "user_message") return item;
  return {
    ...item,
    attachments: item.attachments.map(({ id, name, mime_type, type }) => ({ id, name, mime_type, type })),
  };
}

/** An item as the wire carries it: each attachment as `toWire` has it now, and linked to the thread. */
export function toWireItem(
  item: StoredItem,
  toWire: (attachment: LinkedAttachment) => Attachment,
): ThreadItem {
  if (item.type !== "user_message") return item;
  const attachments = item.attachments.map((attachment) => ({
    ...toWire(attachment),
    thread_id: item.thread_id,
  }));
  return { ...item, attachments };
}
