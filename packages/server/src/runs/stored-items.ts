import type { Attachment, Page, Thread, ThreadItem } from "@waybill/protocol";
import { parseAuthoredItem } from "@waybill/protocol/schema";
import type { LinkedAttachment, StoredItem, ThreadRecord } from "../ports/store.ts";

/** An item as the wire carries it to the one who asks. */
export type ToWireItem = (item: StoredItem) => ThreadItem;

const NO_ITEMS: Page<ThreadItem> = Object.freeze({ data: [], has_more: false });

/** A thread as the wire carries it: without its owner, and with empty metadata. */
export function toWireThread(record: ThreadRecord, items: Page<ThreadItem> = NO_ITEMS): Thread {
  const { id, title, created_at, status, allowed_image_domains } = record;
  return {
    // In upstream's order.
    ...(title === undefined ? {} : { title }),
    id,
    created_at,
    status,
    ...(allowed_image_domains === undefined ? {} : { allowed_image_domains }),
    metadata: {},
    items,
  };
}

/**
 * What an author hands over as an item of a thread.
 *
 * @throws Error for the log, if it is none
 */
export function authoredItem(value: unknown, threadId: string): ThreadItem {
  const result = parseAuthoredItem(value);
  if (!result.ok) {
    const issues = result.issues.map(({ path, message }) => `${path === "" ? "the item" : path}: ${message}`);
    throw new Error(`This is no item of the protocol: ${issues.join("; ")}.`);
  }
  if (result.value.thread_id === threadId) return result.value;
  throw new Error(`Item ${result.value.id} names thread ${result.value.thread_id}, not ${threadId}.`);
}

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
