import type { Page, PageQuery, Thread, ThreadItem } from "@waybill/protocol";
import { DEFAULT_PAGE_LIMIT } from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type { Principal } from "../ports/principal.ts";
import type { Store } from "../ports/store.ts";
import { type ToWireItem, toWireThread } from "../runs/stored-items.ts";
import { pageRequest } from "./pages.ts";

/** `threads.get_by_id`: the thread with its oldest items, as upstream. */
export async function getThread(
  store: Store,
  principal: Principal,
  threadId: string,
  toWire: ToWireItem,
): Promise<Thread> {
  const record = authorize(principal, await store.threads.get(principal, threadId), "conversation");
  const items = await itemsPage(
    store,
    principal,
    threadId,
    { limit: DEFAULT_PAGE_LIMIT, order: "asc" },
    toWire,
  );
  return toWireThread(record, items);
}

/** `threads.list`: each thread with an empty page of items. */
export async function listThreads(
  store: Store,
  principal: Principal,
  query: PageQuery,
): Promise<Page<Thread>> {
  const page = await store.threads.list(principal, pageRequest(query));
  return {
    ...page,
    data: page.data.map((record) => toWireThread(authorize(principal, record, "conversation"))),
  };
}

/** `items.list`: what a person may see of a thread. */
export async function listItems(
  store: Store,
  principal: Principal,
  threadId: string,
  query: PageQuery,
  toWire: ToWireItem,
): Promise<Page<ThreadItem>> {
  authorize(principal, await store.threads.get(principal, threadId), "conversation");
  return itemsPage(store, principal, threadId, query, toWire);
}

async function itemsPage(
  store: Store,
  principal: Principal,
  threadId: string,
  query: PageQuery,
  toWire: ToWireItem,
): Promise<Page<ThreadItem>> {
  const page = await store.threads.listItems(principal, threadId, { ...pageRequest(query), hidden: false });
  return { ...page, data: page.data.map(toWire) };
}
