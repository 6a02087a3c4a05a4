import type { Thread, ThreadsUpdateRequest } from "@waybill/protocol";
import { authorize } from "../identity/authorize.ts";
import type { Store } from "../ports/store.ts";
import type { Runs } from "../runs/runs.ts";
import { deleteAttachment } from "./attachments.ts";
import type { Caller } from "./caller.ts";
import { toWireThread } from "./threads.ts";

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
  store: Store,
  { principal }: Caller,
  { thread_id, title }: ThreadsUpdateRequest["params"],
): Promise<Thread> {
  const record = await store.threads.setTitle(principal, thread_id, title.trim());
  return toWireThread(authorize(principal, record, "conversation"));
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
