import type { Thread, ThreadsUpdateRequest } from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type { Store } from "../ports/store.ts";
import type { Runs } from "../runs/runs.ts";
import { toWireThread } from "../runs/stored-items.ts";
import { deleteAttachment } from "./attachments.ts";
import type { Caller } from "./caller.ts";

/** What changes of threads need. */
export interface ThreadChangeParts {
  readonly store: Store;
  readonly runs: Runs;
  readonly resolve: Parameters<typeof deleteAttachment>[0];
  readonly onFailure: (error: unknown, requestId: string) => void;
}

/**
 * `threads.update`: the thread under its new title, without the blanks around it; it may be empty.
 *
 * @throws ChatError `not_found`
 */
export async function renameThread(
  { store, runs }: Pick<ThreadChangeParts, "store" | "runs">,
  { principal }: Caller,
  { thread_id, title }: ThreadsUpdateRequest["params"],
): Promise<Thread> {
  const change = { title: title.trim() };
  const stored = await store.threads.change(principal, thread_id, [{ type: "change_thread", change }]);
  const record = authorize(principal, stored, "conversation");
  // An answer that is being written goes on with the new title.
  const run = await store.runs.newest(principal, thread_id);
  if (run !== null) runs.find(run.id)?.draft.stored(change);
  return toWireThread(record);
}

/**
 * `threads.delete`: the thread and everything in it, with the bytes of attachments that no other
 * message names. A running answer is ended first: its readers are told by an `error` event. Bytes that
 * cannot be deleted now stay tombstoned, and are logged.
 *
 * @throws ChatError `not_found`
 */
export async function deleteThread(
  parts: ThreadChangeParts,
  { principal, requestId }: Caller,
  threadId: string,
): Promise<Record<string, never>> {
  const { threads, runs } = parts.store;
  authorize(principal, await threads.get(principal, threadId), "conversation");
  const newest = await runs.newest(principal, threadId);
  const run = newest === null ? undefined : parts.runs.find(newest.id);
  run?.stop("deleted");
  await run?.done;
  const ids = await threads.delete(principal, threadId);
  // Somebody has deleted it in the meantime: what they began, they end.
  if (ids === null) return {};
  for (const id of ids) {
    try {
      await deleteAttachment(parts.resolve, principal, id);
    } catch (error) {
      parts.onFailure(error, requestId);
    }
  }
  return {};
}
