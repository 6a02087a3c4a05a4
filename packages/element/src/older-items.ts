import type { ChatClient } from "@waybill/client";
import type { ThreadItem } from "@waybill/protocol";

const PAGE_SIZE = 50;

/** Items before those that are shown, oldest first, and the id behind which the next page begins; null: that is all. */
export async function readOlder(
  client: ChatClient,
  threadId: string,
  after: string,
  shown: readonly ThreadItem[],
): Promise<{ readonly items: readonly ThreadItem[]; readonly older: string | null }> {
  const page = await client.listItems(threadId, { order: "desc", after, limit: PAGE_SIZE });
  const known = new Set(shown.map((item) => item.id));
  return {
    items: page.data.filter((item) => !known.has(item.id)).reverse(),
    older: page.has_more ? (page.after ?? page.data.at(-1)?.id ?? null) : null,
  };
}
