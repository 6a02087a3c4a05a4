import type {
  Attachment,
  ClientToolCallItem,
  FeedbackKind,
  Json,
  Page,
  RunInfo,
  RunState,
  StructuredInputItem,
  ThreadItem,
  ThreadStatus,
  UserMessageItem,
} from "@waybill/protocol";
import type { Principal } from "./principal.ts";

/** A thread as it is stored, with the metadata that never reaches the wire. */
export interface ThreadRecord {
  readonly id: string;
  readonly owner: Principal;
  readonly created_at: string;
  readonly title?: string;
  readonly status: ThreadStatus;
  readonly allowed_image_domains?: readonly string[];
  readonly metadata: { readonly [key: string]: Json };
}

/** What of a thread changes; null takes the value away. */
export interface ThreadChange extends Partial<Pick<ThreadRecord, "status" | "metadata">> {
  readonly title?: string | null;
  readonly allowed_image_domains?: readonly string[] | null;
}

/** An attachment inside a stored message. Signed URLs are made when it is read, never stored. */
export type LinkedAttachment = Pick<Attachment, "id" | "name" | "mime_type" | "type">;

/** A person's message as it is stored. */
export type StoredUserMessage = Omit<UserMessageItem, "attachments"> & {
  readonly attachments: readonly LinkedAttachment[];
};

/** An item as it is stored; hidden ones too. */
export type StoredItem = Exclude<ThreadItem, UserMessageItem> | StoredUserMessage;

/** A page request with every default filled in. */
export interface PageRequest {
  /** 1 to `MAX_PAGE_LIMIT`. */
  readonly limit: number;
  readonly order: "asc" | "desc";
  readonly after?: string;
}

/** Which items a list wants. */
export interface ItemPageRequest extends PageRequest {
  /** Whether context for the model alone is listed. Pages are full either way. */
  readonly hidden: boolean;
}

/**
 * Threads and their items. Order is the order of insertion, kept by a sequence
 * that never goes back, never a timestamp; overwriting an item keeps its place.
 * Every method takes the owner: somebody else's thread is an unknown one.
 */
export interface ThreadStore {
  /** The thread, or null if the owner has none of this id. */
  get(owner: Principal, threadId: string): Promise<ThreadRecord | null>;
  /**
   * The owner's threads by the time of their creation; empty page if there are none.
   * @throws ChatError `invalid_request` if `after` is not a thread of the owner.
   */
  list(owner: Principal, page: PageRequest): Promise<Page<ThreadRecord>>;
  /** One item, or null if that thread of the owner has none of this id. */
  getItem(owner: Principal, threadId: string, itemId: string): Promise<StoredItem | null>;
  /**
   * Items of a thread; an unknown thread has none.
   * @throws ChatError `invalid_request` if `after` is not an item of the thread.
   */
  listItems(owner: Principal, threadId: string, page: ItemPageRequest): Promise<Page<StoredItem>>;
  /**
   * Carries out changes of a thread and its items in one transaction, beside whatever run is active; the
   * thread keeps its place. What it is then, or null if the owner has none of this id. Rejects, and
   * nothing is stored, if an item is not of this thread.
   */
  change(owner: Principal, threadId: string, changes: readonly StoreChange[]): Promise<ThreadRecord | null>;
  /**
   * Deletes a thread with its items, runs, journals and feedback, in one transaction, also while a run
   * is active: whatever that run appends later is rejected. Attachments of the owner that its messages
   * named, and no other message does, become `tombstoned`: their ids are the answer, and their bytes
   * are the caller's to delete. Null if the owner has no such thread.
   */
  delete(owner: Principal, threadId: string): Promise<readonly string[] | null>;
  /**
   * Stores what the owner thinks of items; a later judgement of an item takes the place of an earlier
   * one. False, and nothing is stored, if one of them is not a shown item of that thread of the owner.
   */
  putFeedback(owner: Principal, threadId: string, feedback: FeedbackRecord): Promise<boolean>;
  /** The judgements of a thread's items, in the order of the items; none if there are none. */
  listFeedback(owner: Principal, threadId: string): Promise<readonly ItemFeedback[]>;
}

/** One judgement, of any number of items. */
export interface FeedbackRecord {
  readonly item_ids: readonly string[];
  readonly kind: FeedbackKind;
  readonly created_at: string;
}

/** What the owner thinks of one item. */
export interface ItemFeedback extends Pick<FeedbackRecord, "kind" | "created_at"> {
  readonly item_id: string;
}

/**
 * Where an attachment stands in its life: `reserved` → `receiving` → `received` → `inspecting` →
 * `ready` → `linked`, or → `tombstoned`, after which the record is gone. A reservation ends as
 * `rejected` or `expired` if its bytes are not taken, or do not come.
 */
export type AttachmentState =
  | "reserved"
  | "receiving"
  | "received"
  | "inspecting"
  | "ready"
  | "linked"
  | "tombstoned"
  | "rejected"
  | "expired";

/** An attachment as it is stored. Its bytes are in the file store, under `storage_key`. */
export interface AttachmentRecord {
  readonly id: string;
  readonly owner: Principal;
  readonly name: string;
  /** From `ready` on as found in the bytes; what was declared before that. */
  readonly mime_type: string;
  readonly type: "image" | "file";
  readonly state: AttachmentState;
  /** Grows by one with each change of state. */
  readonly epoch: number;
  /** From `received` on what came; what is reserved for it before that. */
  readonly size_bytes: number;
  /** 64 lower-case hexadecimal digits; empty until `received`. */
  readonly sha256: string;
  /** Pixels; images only. */
  readonly width?: number;
  readonly height?: number;
  /** Size of the variant `preview`; absent if there is none. */
  readonly preview_bytes?: number;
  /** Empty while nothing is received. */
  readonly storage_key: string;
  readonly created_at: string;
  /** The last sign of life of who uploads: what `expired_before` is held against. */
  readonly touched_at: string;
}

/** What one owner may keep, reservations included. */
export interface StorageQuota {
  readonly max_bytes: number;
  readonly max_count: number;
  /** Reservations that were last touched before are ended as `expired`, and no longer count. */
  readonly expired_before: string;
}

/** What a change of state changes beside `epoch`. */
export type AttachmentChange = Pick<AttachmentRecord, "state" | "touched_at"> &
  Partial<Omit<AttachmentRecord, "id" | "owner" | "epoch" | "created_at">>;

/**
 * What is known of attachments. States change by compare-and-set alone: whoever holds a record of an
 * older state or epoch changes nothing. What `create` and changes to a state that lasts acknowledged
 * survives a power loss; `receiving`, `received` and `inspecting` survive the death of the process.
 */
export interface AttachmentStore {
  /**
   * Stores a new record. Rejects if the id exists.
   * @throws ChatError `quota_exceeded`, and nothing is stored, if the owner's records with this one are
   * more than `quota` allows; `details` has `used_bytes` and `max_bytes`, or `used_count` and `max_count`.
   */
  create(record: AttachmentRecord, quota?: StorageQuota): Promise<void>;
  /** The owner's attachment, or null. */
  get(owner: Principal, id: string): Promise<AttachmentRecord | null>;
  /** The attachment of this id whoever owns it: only for a request that a signed URL has authorised. */
  getForSignedUrl(id: string): Promise<AttachmentRecord | null>;
  /** What counts against the owner's quota: everything but `tombstoned`, `rejected` and `expired`. */
  usage(owner: Principal): Promise<{ readonly bytes: number; readonly count: number }>;
  /** The record after the change, `epoch` one higher; null, and nothing is changed, if it is not in the state and epoch of `from` any more. */
  transition(from: AttachmentRecord, change: AttachmentChange): Promise<AttachmentRecord | null>;
  /** Sets `touched_at`. False, and nothing is changed, as with `transition`. */
  touch(record: AttachmentRecord, touchedAt: string): Promise<boolean>;
  /** Forgets a record that no message names. False, and nothing is changed, as with `transition`. */
  remove(record: AttachmentRecord): Promise<boolean>;
  /** Records in `receiving`, `received` and `inspecting` whose receiver is known to be gone. */
  abandoned(): Promise<readonly AttachmentRecord[]>;
}

/** What one event changes in the store. */
export type StoreChange =
  /** Adds the item at the end, or overwrites the one with its id in place. */
  | { readonly type: "put_item"; readonly item: StoredItem }
  /** Deletes an item; an unknown id is no error. */
  | { readonly type: "delete_item"; readonly item_id: string }
  /** Changes the thread: what is not named stays. */
  | { readonly type: "change_thread"; readonly change: ThreadChange };

/** One line of a run's journal. */
export interface JournalEntry {
  /** 1, 2, 3 … within the run, without gaps. */
  readonly seq: number;
  /** The event's JSON, as the reader gets it; "" if the entry is a change alone. */
  readonly data: string;
  /** What it changes, in the same transaction. */
  readonly change?: StoreChange;
}

/** What a turn that is sent twice is recognised by. */
export interface TurnKey {
  /** The caller's `Idempotency-Key`. */
  readonly key: string;
  /** A digest of the request, so that a key is not used for two. */
  readonly fingerprint: string;
}

/** A run that was begun with a key. */
export interface KeyedRun {
  readonly run: RunInfo;
  readonly started_at: string;
  readonly fingerprint: string;
  /** The message, tool call or structured input that it answers, if it answers one. */
  readonly item_id?: string;
}

/** Everything that one turn stores at its beginning, in one transaction or not at all. */
export interface Turn {
  readonly run_id: string;
  readonly thread_id: string;
  readonly owner: Principal;
  readonly started_at: string;
  /** A thread that begins with this turn. */
  readonly new_thread?: ThreadRecord;
  /** The person's message, with attachments of the owner in state `ready` or `linked`; they become `linked`. */
  readonly message?: StoredUserMessage;
  /** The stored item that is answered anew; items behind it are deleted. */
  readonly truncate_after?: string;
  /** A stored item that was pending, as it is from now on: a tool call, which must be the newest item, or questions. */
  readonly completes?: ClientToolCallItem | StructuredInputItem;
  readonly key?: TurnKey;
  /** A run that has ended and gives its key to this one. */
  readonly replaces?: string;
}

/** A run whose producer is gone, and what it left. */
export interface AbandonedRun {
  readonly id: string;
  readonly thread_id: string;
  readonly owner: Principal;
  readonly entries: readonly JournalEntry[];
}

/**
 * Runs and their journals. What `begin`, `finish` and an entry with a change
 * acknowledged survives a power loss; an entry without one survives the death of
 * the process. At most one run of a thread is active.
 */
export interface RunStore {
  /**
   * Stores the turn and opens its run as `active`. False, and nothing is stored, if the owner has
   * another run of the same key.
   * @throws ChatError, and nothing is stored: `not_found` (thread, the item of `truncate_after` or
   * `completes`, or an attachment that is not the owner's), `wrong_item_type`, `no_pending_tool_call` and
   * `not_pending` (`completes`), `attachment_not_ready`, `thread_busy` (another run of the thread is active).
   */
  begin(turn: Turn): Promise<boolean>;
  /** The owner's run of a key, or null. */
  findByKey(owner: Principal, key: string): Promise<KeyedRun | null>;
  /** Adds entries, all or none. Rejects if the run is not active, or a change is not of the run's own thread and owner. */
  append(runId: string, entries: readonly JournalEntry[]): Promise<void>;
  /**
   * Adds the last entries and ends the run, in one transaction. A run ends once:
   * false, and nothing is stored, if it had ended already.
   */
  finish(
    runId: string,
    state: Exclude<RunState, "active">,
    entries: readonly JournalEntry[],
  ): Promise<boolean>;
  /** Entries with a larger `seq` than `afterSeq`, oldest first, without their changes; null if the owner has no such run. */
  read(
    owner: Principal,
    runId: string,
    afterSeq: number,
  ): Promise<{ readonly run: RunInfo; readonly entries: readonly JournalEntry[] } | null>;
  /** The newest run of a thread of the owner, or null. */
  newest(owner: Principal, threadId: string): Promise<RunInfo | null>;
  /** Active runs whose producer is known to be gone, with their entries (without changes). */
  abandoned(): Promise<readonly AbandonedRun[]>;
}

/** Everything but bytes. */
export interface Store {
  /** What the banner and logs call it, for example `SQLite at ./data/waybill.db`. */
  readonly description: string;
  /** Opens and migrates. Rejects with an `Error` whose message says what is wrong and how to mend it. */
  open(): Promise<void>;
  /** Ends what is under way and closes. Closing twice is no error. */
  close(): Promise<void>;
  readonly threads: ThreadStore;
  readonly attachments: AttachmentStore;
  readonly runs: RunStore;
}
