import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

const first: readonly string[] = [
  `create table threads (
    seq integer primary key autoincrement,
    tenant text not null,
    user text not null,
    id text not null,
    record text not null,
    unique (tenant, user, id)
  ) strict`,
  // An index ends with the rowid, which is seq: one owner's threads stand there in order.
  "create index threads_by_owner on threads (tenant, user)",

  `create table items (
    seq integer primary key autoincrement,
    tenant text not null,
    user text not null,
    thread_id text not null,
    id text not null,
    hidden integer not null,
    record text not null,
    unique (tenant, user, thread_id, id),
    foreign key (tenant, user, thread_id) references threads (tenant, user, id) on delete cascade
  ) strict`,
  "create index items_by_thread on items (tenant, user, thread_id)",
  // Pages without hidden items are full, and cost no more however many are hidden.
  "create index items_shown on items (tenant, user, thread_id) where hidden = 0",

  `create table attachments (
    id text primary key not null,
    tenant text not null,
    user text not null,
    name text not null,
    mime_type text not null,
    type text not null,
    state text not null,
    epoch integer not null,
    size_bytes integer not null,
    sha256 text not null,
    width integer,
    height integer,
    preview_bytes integer,
    storage_key text not null,
    created_at text not null,
    touched_at text not null,
    producer text
  ) strict`,
  // Holds all that a quota adds up.
  "create index attachments_by_owner on attachments (tenant, user, state, size_bytes)",
  `create index attachments_pending on attachments (tenant, user, touched_at)
    where state in ('reserved', 'receiving', 'received', 'inspecting')`,

  `create table attachment_links (
    item_seq integer not null references items (seq) on delete cascade,
    attachment_id text not null references attachments (id),
    tenant text not null,
    user text not null,
    primary key (item_seq, attachment_id)
  ) strict, without rowid`,
  "create index links_by_attachment on attachment_links (attachment_id)",

  // The owner is the item's.
  `create table feedback (
    item_seq integer primary key not null references items (seq) on delete cascade,
    kind text not null,
    created_at text not null
  ) strict`,

  `create table runs (
    seq integer primary key autoincrement,
    id text not null unique,
    tenant text not null,
    user text not null,
    thread_id text not null,
    state text not null,
    producer text not null,
    started_at text not null,
    message_id text,
    key text,
    fingerprint text,
    foreign key (tenant, user, thread_id) references threads (tenant, user, id) on delete cascade
  ) strict`,
  "create index runs_by_thread on runs (tenant, user, thread_id)",
  "create unique index runs_active on runs (tenant, user, thread_id) where state = 'active'",

  "create unique index runs_by_key on runs (tenant, user, key) where key is not null",

  `create table journal (
    run integer not null references runs (seq) on delete cascade,
    seq integer not null,
    data text not null,
    primary key (run, seq)
  ) strict, without rowid`,
];

/** Every step from an empty file to the newest schema, by name in order. There is no way back. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = Object.freeze({
  "0001_threads_attachments_runs": {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of first) await sql.raw(statement).execute(db);
    },
  },
});
