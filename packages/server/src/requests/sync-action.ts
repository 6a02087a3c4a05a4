import type { ThreadItem, ThreadsSyncCustomActionRequest } from "@waybill/protocol";
import { isHiddenItem } from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type { StoreChange } from "../ports/store.ts";
import type { SyncAction } from "../responders/respond.ts";
import { ThreadDraft } from "../responders/thread-draft.ts";
import { authoredItem, type ToWireItem, toStoredItem } from "../runs/stored-items.ts";
import type { Caller } from "./caller.ts";
import { findSender, type PrepareParts } from "./prepare-turn.ts";
import { type ContextParts, contextOf } from "./turn-context.ts";
import { notOffered } from "./turns.ts";

/** What actions at once need. */
export interface SyncActionParts extends ContextParts, Pick<PrepareParts, "store"> {
  readonly syncAction: SyncAction | undefined;
}

/**
 * `threads.sync_custom_action`: what the application answers, stored together with what it has set on
 * the thread. A hidden item is stored, and not told.
 *
 * @throws ChatError `not_implemented`, `not_found`, `wrong_item_type`, and what the application throws
 */
export async function runSyncAction(
  parts: SyncActionParts,
  caller: Caller,
  request: ThreadsSyncCustomActionRequest,
  toWire: ToWireItem,
): Promise<{ readonly updated_item?: ThreadItem }> {
  const { store, syncAction } = parts;
  if (syncAction === undefined) throw notOffered(request);
  const { action } = request.params;
  const { thread, sender } = await findSender(store, caller, request.params);
  const draft = new ThreadDraft(thread);
  const asked = { asked: { kind: "action", action, sender }, attachments: [] } as const;
  const own = { draft, signal: caller.signal, changesStored: async () => {} };
  const context = contextOf(parts, caller, asked, own, toWire);
  const result = await syncAction(context, action, sender);
  const given: unknown = result?.updated_item;
  const item = given === undefined || given === null ? undefined : authoredItem(given, thread.id);
  const change = draft.take();
  const changes: StoreChange[] = [];
  if (item !== undefined) changes.push({ type: "put_item", item: toStoredItem(item) });
  if (change !== undefined) changes.push({ type: "change_thread", change });
  if (changes.length > 0) {
    authorize(
      caller.principal,
      await store.threads.change(caller.principal, thread.id, changes),
      "conversation",
    );
  }
  return item === undefined || isHiddenItem(item) ? {} : { updated_item: item };
}
