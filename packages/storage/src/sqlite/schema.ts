import type { FeedbackKind, RunState } from "@waybill/protocol";
import type { AttachmentState } from "@waybill/server/ports";
import type { Generated } from "kysely";

interface Owned {
  readonly tenant: string;
  readonly user: string;
}

interface Sequenced {
  /** The order of insertion; never reused, also not after deletes. */
  readonly seq: Generated<number>;
}

/** `record`: a `ThreadRecord` without its owner, as JSON. */
export interface ThreadsTable extends Owned, Sequenced {
  readonly id: string;
  readonly record: string;
}

/** `record`: a `StoredItem`, as JSON. */
export interface ItemsTable extends Owned, Sequenced {
  readonly thread_id: string;
  readonly id: string;
  readonly hidden: 0 | 1;
  readonly record: string;
}

/** One row for each attachment: the port's record, column by column. `producer` is the opening of the database under which it is being received. */
export interface AttachmentsTable extends Owned {
  readonly id: string;
  readonly name: string;
  readonly mime_type: string;
  readonly type: "image" | "file";
  readonly state: AttachmentState;
  readonly epoch: number;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly preview_bytes: number | null;
  readonly storage_key: string;
  readonly created_at: string;
  readonly touched_at: string;
  readonly producer: string | null;
}

/** Which message names which attachment. */
export interface AttachmentLinksTable extends Owned {
  readonly item_seq: number;
  readonly attachment_id: string;
}

/** What the item's owner thinks of it. */
export interface FeedbackTable {
  readonly item_seq: number;
  readonly kind: FeedbackKind;
  readonly created_at: string;
}

/** `producer` is the opening of the database under which the run began. */
export interface RunsTable extends Owned, Sequenced {
  readonly id: string;
  readonly thread_id: string;
  readonly state: RunState;
  readonly producer: string;
  readonly started_at: string;
  readonly message_id: string | null;
  readonly key: string | null;
  readonly fingerprint: string | null;
}

/** `run` is the `seq` of its run, through which its owner is known. */
export interface JournalTable {
  readonly run: number;
  readonly seq: number;
  readonly data: string;
}

/** Every table, as the newest migration leaves it. */
export interface Schema {
  readonly threads: ThreadsTable;
  readonly items: ItemsTable;
  readonly attachments: AttachmentsTable;
  readonly attachment_links: AttachmentLinksTable;
  readonly feedback: FeedbackTable;
  readonly runs: RunsTable;
  readonly journal: JournalTable;
}
