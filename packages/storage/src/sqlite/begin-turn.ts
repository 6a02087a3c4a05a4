import { ChatError, type RunState } from "@waybill/protocol";
import type { KeyedRun, Principal, StoredItem, StoredUserMessage, Turn } from "@waybill/server/ports";
import { sql } from "kysely";
import { putItem, threadJson } from "./apply-change.ts";
import { type Database, query } from "./database.ts";
import { prepared } from "./prepared.ts";
import type { AttachmentLinksTable, RunsTable } from "./schema.ts";

interface FoundAttachment {
  readonly id: string;
  readonly state: string;
  readonly epoch: number;
}

/** One row by its owner and id. */
interface Named extends Principal {
  readonly id: string;
}

const insertThread = prepared(({ tenant, user, id, record }: Named & { readonly record: string }) =>
  query.insertInto("threads").values({ tenant, user, id, record }),
);
const findThread = prepared(({ tenant, user, id }: Named) =>
  query
    .selectFrom("threads")
    .select("seq")
    .where("tenant", "=", tenant)
    .where("user", "=", user)
    .where("id", "=", id),
);
const findAttachment = prepared(({ tenant, user, id }: Named) =>
  query
    .selectFrom("attachments")
    .select(["id", "state", "epoch"])
    .where("id", "=", id)
    .where("tenant", "=", tenant)
    .where("user", "=", user),
);
const linkAttachment = prepared(
  ({ tenant, user, id, epoch, next }: Named & { readonly epoch: number; readonly next: number }) =>
    query
      .updateTable("attachments")
      .set({ state: "linked", epoch: next })
      .where("id", "=", id)
      .where("tenant", "=", tenant)
      .where("user", "=", user)
      .where("state", "=", "ready")
      .where("epoch", "=", epoch),
);
const insertMessage = prepared(
  ({
    tenant,
    user,
    thread_id,
    id,
    record,
  }: Named & { readonly thread_id: string; readonly record: string }) =>
    query.insertInto("items").values({ tenant, user, thread_id, id, hidden: 0, record }),
);
const insertLink = prepared(({ item_seq, attachment_id, tenant, user }: AttachmentLinksTable) =>
  query.insertInto("attachment_links").values({ item_seq, attachment_id, tenant, user }),
);
const findActive = prepared(({ tenant, user, thread_id }: Principal & { readonly thread_id: string }) =>
  query
    .selectFrom("runs")
    .select("id")
    .where("tenant", "=", tenant)
    .where("user", "=", user)
    .where("thread_id", "=", thread_id)
    // A literal: a partial index serves no bound value.
    .where("state", "=", sql.lit<RunState>("active")),
);
const insertRun = prepared((run: Omit<RunsTable, "seq" | "state">) =>
  query.insertInto("runs").values({
    id: run.id,
    tenant: run.tenant,
    user: run.user,
    thread_id: run.thread_id,
    state: "active",
    producer: run.producer,
    started_at: run.started_at,
    message_id: run.message_id,
    key: run.key,
    fingerprint: run.fingerprint,
  }),
);

const findByKey = prepared(({ tenant, user, key }: Principal & { readonly key: string }) =>
  query
    .selectFrom("runs")
    .select(["id", "thread_id", "state", "started_at", "fingerprint", "message_id"])
    .where("tenant", "=", tenant)
    .where("user", "=", user)
    .where("key", "=", key),
);

function openThread(database: Database, turn: Turn): void {
  const { tenant, user } = turn.owner;
  if (turn.new_thread !== undefined) {
    const { id, owner } = turn.new_thread;
    if (id !== turn.thread_id || owner.tenant !== tenant || owner.user !== user) {
      throw new Error(`The turn opens thread ${id}, and is for ${turn.thread_id}.`);
    }
    database.run(insertThread({ tenant, user, id, record: threadJson(turn.new_thread) }));
    return;
  }
  const found = database.first(findThread({ tenant, user, id: turn.thread_id }));
  if (found === undefined) throw new ChatError("not_found");
}

function truncate(database: Database, turn: Turn, itemId: string): void {
  const { tenant, user } = turn.owner;
  const last = database.first(
    query
      .selectFrom("items")
      .select("seq")
      .where("tenant", "=", tenant)
      .where("user", "=", user)
      .where("thread_id", "=", turn.thread_id)
      .where("id", "=", itemId),
  );
  if (last === undefined) throw new ChatError("not_found");
  database.run(
    query
      .deleteFrom("items")
      .where("tenant", "=", tenant)
      .where("user", "=", user)
      .where("thread_id", "=", turn.thread_id)
      .where("seq", ">", last.seq),
  );
}

/** Puts the completed item in the place of the pending one, which must be there yet. */
function complete(database: Database, turn: Turn, item: NonNullable<Turn["completes"]>): void {
  const { tenant, user } = turn.owner;
  const items = query
    .selectFrom("items")
    .where("tenant", "=", tenant)
    .where("user", "=", user)
    .where("thread_id", "=", turn.thread_id);
  const found = database.first(items.where("id", "=", item.id).select(["seq", "record"]));
  if (found === undefined) throw new ChatError("not_found");
  const stored: StoredItem = JSON.parse(found.record);
  if (stored.type !== item.type) throw new ChatError("wrong_item_type");
  const isPending = "status" in stored && stored.status === "pending";
  if (item.type === "structured_input" && !isPending) throw new ChatError("not_pending");
  if (item.type === "client_tool_call") {
    const newest = database.first(items.select("seq").orderBy("seq", "desc").limit(1));
    if (!isPending || newest?.seq !== found.seq) throw new ChatError("no_pending_tool_call");
  }
  putItem(database, turn, item);
}

function findAttachments(
  database: Database,
  owner: Principal,
  message: StoredUserMessage,
): FoundAttachment[] {
  const ids = new Set(message.attachments.map((attachment) => attachment.id));
  return [...ids].map((id) => {
    const row = database.first(findAttachment({ tenant: owner.tenant, user: owner.user, id }));
    if (row === undefined) throw new ChatError("not_found", { details: { attachment_id: id } });
    return row;
  });
}

function refuseIfBusy(database: Database, turn: Turn): void {
  const { tenant, user } = turn.owner;
  const active = database.first(findActive({ tenant, user, thread_id: turn.thread_id }));
  if (active !== undefined) throw new ChatError("thread_busy");
}

/** `ready` becomes `linked`, by compare-and-set on state and epoch; `linked` stays. */
function linkState(database: Database, owner: Principal, attachment: FoundAttachment): void {
  if (attachment.state === "linked") return;
  const { tenant, user } = owner;
  const { id, epoch } = attachment;
  const { changes } = database.run(linkAttachment({ tenant, user, id, epoch, next: epoch + 1 }));
  if (changes === 0) {
    throw new ChatError("attachment_not_ready", {
      details: { attachment_id: attachment.id, state: attachment.state },
    });
  }
}

function addMessage(
  database: Database,
  turn: Turn,
  message: StoredUserMessage,
  attachments: readonly FoundAttachment[],
): void {
  if (message.thread_id !== turn.thread_id) {
    throw new Error(`Message ${message.id} names thread ${message.thread_id}, its turn ${turn.thread_id}.`);
  }
  const { tenant, user } = turn.owner;
  const { lastRowId } = database.run(
    insertMessage({
      tenant,
      user,
      thread_id: turn.thread_id,
      id: message.id,
      record: JSON.stringify(message),
    }),
  );
  for (const { id } of attachments) {
    database.run(insertLink({ item_seq: lastRowId, attachment_id: id, tenant, user }));
  }
}

/** Whether another run of the owner has the turn's key, after the run that it replaces gave it up. */
function isKeyTaken(database: Database, turn: Turn): boolean {
  if (turn.key === undefined) return false;
  const { tenant, user } = turn.owner;
  if (turn.replaces !== undefined) {
    database.run(
      query
        .updateTable("runs")
        .set({ key: null })
        .where("id", "=", turn.replaces)
        .where("tenant", "=", tenant)
        .where("user", "=", user)
        .where("key", "=", turn.key.key)
        .where("state", "!=", "active"),
    );
  }
  return findKeyedRun(database, turn.owner, turn.key.key) !== null;
}

/** The owner's run of a key, or null. */
export function findKeyedRun(database: Database, owner: Principal, key: string): KeyedRun | null {
  const row = database.first(findByKey({ tenant: owner.tenant, user: owner.user, key }));
  if (row === undefined) return null;
  const { fingerprint, message_id, started_at, ...run } = row;
  const item = message_id === null ? {} : { item_id: message_id };
  return { run, started_at, fingerprint: fingerprint ?? "", ...item };
}

/**
 * Checks and stores a turn; inside a transaction, which the throw undoes. What does not exist
 * is refused before what is in the wrong state. False, and nothing is stored, if its key is taken.
 *
 * @throws ChatError `not_found`, `wrong_item_type`, `no_pending_tool_call`, `not_pending`,
 * `attachment_not_ready`, `thread_busy`
 */
export function beginTurn(database: Database, turn: Turn): boolean {
  if (isKeyTaken(database, turn)) return false;
  const { tenant, user } = turn.owner;
  openThread(database, turn);
  const attachments = turn.message === undefined ? [] : findAttachments(database, turn.owner, turn.message);
  if (turn.truncate_after !== undefined) truncate(database, turn, turn.truncate_after);
  if (turn.completes !== undefined) complete(database, turn, turn.completes);
  refuseIfBusy(database, turn);
  for (const attachment of attachments) linkState(database, turn.owner, attachment);
  if (turn.message !== undefined) addMessage(database, turn, turn.message, attachments);
  database.run(
    insertRun({
      id: turn.run_id,
      tenant,
      user,
      thread_id: turn.thread_id,
      producer: database.openingId,
      started_at: turn.started_at,
      message_id: turn.message?.id ?? turn.truncate_after ?? turn.completes?.id ?? null,
      key: turn.key?.key ?? null,
      fingerprint: turn.key?.fingerprint ?? null,
    }),
  );
  return true;
}
