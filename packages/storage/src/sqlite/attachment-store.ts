import { ChatError } from "@waybill/protocol";
import type {
  AttachmentChange,
  AttachmentRecord,
  AttachmentState,
  AttachmentStore,
  Principal,
  StorageQuota,
} from "@waybill/server/ports";
import { type Selectable, sql } from "kysely";
import { type Database, query } from "./database.ts";
import { prepared } from "./prepared.ts";
import type { AttachmentsTable } from "./schema.ts";

/** States in which somebody is at work. What they acknowledged may be lost with the machine: so is the work. */
const AT_WORK: ReadonlySet<AttachmentState> = new Set(["receiving", "received", "inspecting"]);

// Literals, in the order of the index: a partial index serves no bound value.
const pending = sql<boolean>`state in ('reserved', 'receiving', 'received', 'inspecting')`;
const COUNTED: readonly AttachmentState[] = [
  "reserved",
  "receiving",
  "received",
  "inspecting",
  "ready",
  "linked",
];

const findAttachment = prepared(({ tenant, user, id }: Principal & { readonly id: string }) =>
  query
    .selectFrom("attachments")
    .selectAll()
    .where("id", "=", id)
    .where("tenant", "=", tenant)
    .where("user", "=", user),
);

function recordOf(row: Selectable<AttachmentsTable>): AttachmentRecord {
  const { tenant, user, width, height, preview_bytes, producer: _, ...record } = row;
  return {
    ...record,
    owner: { tenant, user },
    ...(width === null ? {} : { width }),
    ...(height === null ? {} : { height }),
    ...(preview_bytes === null ? {} : { preview_bytes }),
  };
}

function survives(state: AttachmentState) {
  return AT_WORK.has(state) ? "process_death" : "power_loss";
}

/** Bytes and number of the owner's records that count. */
function usageOf(database: Database, { tenant, user }: Principal) {
  const row = database.first(
    query
      .selectFrom("attachments")
      .where("tenant", "=", tenant)
      .where("user", "=", user)
      .where("state", "in", COUNTED)
      .select(({ fn }) => [
        fn.sum<number | null>("size_bytes").as("bytes"),
        fn.countAll<number>().as("count"),
      ]),
  );
  return { bytes: row?.bytes ?? 0, count: row?.count ?? 0 };
}

/** Ends what has expired, then refuses the record if there is no room for it. */
function refuseWithoutRoom(
  database: Database,
  { owner, size_bytes }: AttachmentRecord,
  quota: StorageQuota,
): void {
  database.run(
    query
      .updateTable("attachments")
      .set(({ eb }) => ({ state: "expired", epoch: eb("epoch", "+", 1), producer: null }))
      .where("tenant", "=", owner.tenant)
      .where("user", "=", owner.user)
      .where(pending)
      .where("touched_at", "<", quota.expired_before),
  );
  const { bytes: used_bytes, count: used_count } = usageOf(database, owner);
  const { max_bytes, max_count } = quota;
  if (used_bytes + size_bytes > max_bytes) {
    throw new ChatError("quota_exceeded", { details: { used_bytes, max_bytes } });
  }
  if (used_count + 1 > max_count)
    throw new ChatError("quota_exceeded", { details: { used_count, max_count } });
}

/** What is known of attachments, in SQLite. */
export function createAttachmentStore(database: Database): AttachmentStore {
  const producerOf = (state: AttachmentState) => (AT_WORK.has(state) ? database.openingId : null);

  return {
    async create(record, quota) {
      const { owner, width = null, height = null, preview_bytes = null, ...columns } = record;
      await database.write(survives(record.state), () => {
        if (quota !== undefined) refuseWithoutRoom(database, record, quota);
        const { tenant, user } = owner;
        const producer = producerOf(record.state);
        const row = { ...columns, tenant, user, width, height, preview_bytes, producer };
        database.run(query.insertInto("attachments").values(row));
      });
    },

    async get(owner, id) {
      const row = database.first(findAttachment({ tenant: owner.tenant, user: owner.user, id }));
      return row === undefined ? null : recordOf(row);
    },

    async getForSignedUrl(id) {
      const row = database.first(query.selectFrom("attachments").selectAll().where("id", "=", id));
      return row === undefined ? null : recordOf(row);
    },

    async usage(owner) {
      return usageOf(database, owner);
    },

    async transition(from, change: AttachmentChange) {
      const row = await database.write(survives(change.state), () =>
        database.first(
          query
            .updateTable("attachments")
            .set({ ...change, epoch: from.epoch + 1, producer: producerOf(change.state) })
            .where("id", "=", from.id)
            .where("tenant", "=", from.owner.tenant)
            .where("user", "=", from.owner.user)
            .where("state", "=", from.state)
            .where("epoch", "=", from.epoch)
            .returningAll(),
        ),
      );
      return row === undefined ? null : recordOf(row);
    },

    async touch({ id, owner, state, epoch }, touched_at) {
      const { changes } = await database.write("process_death", () =>
        database.run(
          query
            .updateTable("attachments")
            .set({ touched_at })
            .where("id", "=", id)
            .where("tenant", "=", owner.tenant)
            .where("user", "=", owner.user)
            .where("state", "=", state)
            .where("epoch", "=", epoch),
        ),
      );
      return changes > 0;
    },

    async remove({ id, owner, state, epoch }) {
      const { changes } = await database.write("power_loss", () =>
        database.run(
          query
            .deleteFrom("attachments")
            .where("id", "=", id)
            .where("tenant", "=", owner.tenant)
            .where("user", "=", owner.user)
            .where("state", "=", state)
            .where("epoch", "=", epoch),
        ),
      );
      return changes > 0;
    },

    async abandoned() {
      const rows = database.all(
        query
          .selectFrom("attachments")
          .selectAll()
          .where(pending)
          .where("producer", "!=", database.openingId),
      );
      return rows.map(recordOf);
    },
  };
}
