import type { AttachmentRecord, AttachmentStore } from "@waybill/server/ports";
import type { Selectable } from "kysely";
import { type Database, query } from "./database.ts";
import type { AttachmentsTable } from "./schema.ts";

function recordOf(row: Selectable<AttachmentsTable>): AttachmentRecord {
  const { tenant, user, width, height, ...record } = row;
  return {
    ...record,
    owner: { tenant, user },
    ...(width === null ? {} : { width }),
    ...(height === null ? {} : { height }),
  };
}

/** What is known of attachments, in SQLite. */
export function createAttachmentStore(database: Database): AttachmentStore {
  return {
    async create(record) {
      const { owner, width = null, height = null, ...columns } = record;
      const row = { ...columns, tenant: owner.tenant, user: owner.user, width, height };
      await database.write("power_loss", () => database.run(query.insertInto("attachments").values(row)));
    },

    async get(owner, id) {
      const row = database.first(
        query
          .selectFrom("attachments")
          .selectAll()
          .where("id", "=", id)
          .where("tenant", "=", owner.tenant)
          .where("user", "=", owner.user),
      );
      return row === undefined ? null : recordOf(row);
    },

    async getForSignedUrl(id) {
      const row = database.first(query.selectFrom("attachments").selectAll().where("id", "=", id));
      return row === undefined ? null : recordOf(row);
    },
  };
}
