import type { FileStore } from "../ports/file-store.ts";
import type { AttachmentRecord, Store } from "../ports/store.ts";
import type { TurnAttachment, TurnContext, TurnFacts } from "../responders/respond.ts";
import type { ThreadDraft } from "../responders/thread-draft.ts";
import { createTurnThread } from "../responders/turn-thread.ts";
import type { Run } from "../runs/run.ts";
import type { ToWireItem } from "../runs/stored-items.ts";
import type { Caller } from "./caller.ts";
import type { PreparedTurn } from "./prepare-turn.ts";

const HISTORY_ITEMS = 100;

/** What a responder's context is made of. */
export interface ContextParts {
  readonly store: Store;
  readonly files: FileStore;
  readonly now: () => Date;
}

/** What a responder or an action is given. */
export function contextOf(
  { store, files, now }: ContextParts,
  { principal, requestId }: Caller,
  { asked, attachments }: Pick<PreparedTurn, "asked" | "attachments">,
  run: Pick<Run, "draft" | "signal" | "changesStored">,
  toWire: ToWireItem,
): TurnContext {
  const { draft, signal } = run;
  const history = async (limit = HISTORY_ITEMS) => {
    // A responder that looks finds what it has yielded.
    await run.changesStored();
    const page = await store.threads.listItems(principal, draft.record.id, {
      limit,
      order: "desc",
      hidden: true,
    });
    return page.data.map(toWire).reverse();
  };
  return {
    thread: createTurnThread(draft, { now, history }),
    attachments: attachments.map((record) => turnAttachment(files, record)),
    attachment: async (id) => {
      const record = await store.attachments.get(principal, id);
      const readable = record?.state === "ready" || record?.state === "linked";
      return record !== null && readable ? turnAttachment(files, record) : null;
    },
    ...(asked.kind === "continuation" ? { continues: asked.item } : {}),
    principal,
    signal,
    requestId,
  };
}

/** What a hook around a turn is told of it. */
export function factsOf({ principal, requestId }: Caller, { record }: ThreadDraft): TurnFacts {
  const { id, title, status, metadata } = record;
  return {
    thread: { id, title, status, metadata },
    principal,
    requestId,
  };
}

function turnAttachment(files: FileStore, record: AttachmentRecord): TurnAttachment {
  const { id, name, mime_type, type, size_bytes, sha256, width, height } = record;
  return {
    id,
    name,
    mime_type,
    type,
    size_bytes,
    sha256,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    stream: async () => {
      const file = await files.read(record.storage_key);
      if (file === null) throw new Error(`The file store has lost the bytes of attachment ${id}.`);
      return file.stream;
    },
  };
}
