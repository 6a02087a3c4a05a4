import type { RunState } from "@waybill/protocol";
import type { AbandonedRun, JournalEntry, Principal, RunStore } from "@waybill/server/ports";
import { sql } from "kysely";
import { applyChange } from "./apply-change.ts";
import { beginTurn, findKeyedRun } from "./begin-turn.ts";
import { type Database, query } from "./database.ts";

const FIND_RUN = `select seq, tenant, user, thread_id, state,
  (select coalesce(max(j.seq), 0) from journal j where j.run = runs.seq) as last
  from runs where id = ?`;
const ADD_ENTRIES = "insert into journal (run, seq, data) values (?, ?, ?)";
const END_RUN = "update runs set state = ? where seq = ?";
// Entries that come together share a row, which has the number of the last one. No JSON text holds this
// character: control characters are escaped in strings, and none but line breaks and tabs stands between.
const BETWEEN_ENTRIES = "\x1e";

interface Run {
  readonly seq: number;
  readonly owner: Principal;
  readonly thread_id: string;
  readonly state: string;
  /** The `seq` of its last entry; 0 without any. */
  readonly last: number;
}

function findRun(database: Database, runId: string): Run {
  const row = database.statement(FIND_RUN).get(runId);
  if (row === undefined) throw new Error(`There is no run ${runId}.`);
  return {
    seq: Number(row.seq),
    owner: { tenant: String(row.tenant), user: String(row.user) },
    thread_id: String(row.thread_id),
    state: String(row.state),
    last: Number(row.last),
  };
}

function addEntries(database: Database, run: Run, entries: readonly JournalEntry[]): void {
  if (entries.length === 0) return;
  let expected = run.last + 1;
  for (const entry of entries) {
    if (entry.seq !== expected) {
      throw new Error(`The run's next entry is ${expected}, and not ${entry.seq}.`);
    }
    if (entry.change !== undefined) applyChange(database, run, entry.change);
    expected += 1;
  }
  const data = entries.map((entry) => entry.data).join(BETWEEN_ENTRIES);
  database.statement(ADD_ENTRIES).run(run.seq, expected - 1, data);
}

function entriesOf(database: Database, runSeq: number, afterSeq: number): JournalEntry[] {
  const rows = database.all(
    query
      .selectFrom("journal")
      .select(["seq", "data"])
      .where("run", "=", runSeq)
      .where("seq", ">", afterSeq)
      .orderBy("seq"),
  );
  return rows.flatMap((row) => {
    const entries = row.data.split(BETWEEN_ENTRIES);
    const first = row.seq - entries.length + 1;
    return entries.map((data, index) => ({ seq: first + index, data })).filter(({ seq }) => seq > afterSeq);
  });
}

/** Runs and their journals in SQLite. */
export function createRunStore(database: Database): RunStore {
  return {
    begin(turn) {
      return database.write("power_loss", () => beginTurn(database, turn));
    },

    async findByKey(owner, key) {
      return findKeyedRun(database, owner, key);
    },

    async append(runId, entries) {
      const changes = entries.some((entry) => entry.change !== undefined);
      await database.write(changes ? "power_loss" : "process_death", () => {
        const run = findRun(database, runId);
        if (run.state !== "active") throw new Error(`Run ${runId} has ended: it is ${run.state}.`);
        addEntries(database, run, entries);
      });
    },

    finish(runId, state, entries) {
      return database.write("power_loss", () => {
        const run = findRun(database, runId);
        if (run.state !== "active") return false;
        addEntries(database, run, entries);
        database.statement(END_RUN).run(state, run.seq);
        return true;
      });
    },

    async read(owner, runId, afterSeq) {
      const row = database.first(
        query
          .selectFrom("runs")
          .select(["seq", "id", "thread_id", "state"])
          .where("id", "=", runId)
          .where("tenant", "=", owner.tenant)
          .where("user", "=", owner.user),
      );
      if (row === undefined) return null;
      const { seq, ...run } = row;
      return { run, entries: entriesOf(database, seq, afterSeq) };
    },

    async newest(owner, threadId) {
      const row = database.first(
        query
          .selectFrom("runs")
          .select(["id", "thread_id", "state"])
          .where("tenant", "=", owner.tenant)
          .where("user", "=", owner.user)
          .where("thread_id", "=", threadId)
          .orderBy("seq", "desc")
          .limit(1),
      );
      return row === undefined ? null : { id: row.id, thread_id: row.thread_id, state: row.state };
    },

    async abandoned() {
      // The lock proves that whoever began them is gone: it is held by this opening alone.
      const rows = database.all(
        query
          .selectFrom("runs")
          .select(["seq", "id", "thread_id", "tenant", "user"])
          // A literal: a partial index serves no bound value.
          .where("state", "=", sql.lit<RunState>("active"))
          .where("producer", "!=", database.openingId),
      );
      return rows.map(
        ({ seq, id, thread_id, tenant, user }): AbandonedRun => ({
          id,
          thread_id,
          owner: { tenant, user },
          entries: entriesOf(database, seq, 0),
        }),
      );
    },
  };
}
