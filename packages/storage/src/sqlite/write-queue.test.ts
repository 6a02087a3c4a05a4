import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WriteQueue } from "./write-queue.ts";

let connection: DatabaseSync;
let queue: WriteQueue;

beforeEach(() => {
  connection = new DatabaseSync(":memory:");
  connection.exec("create table t (n integer not null)");
  queue = new WriteQueue(connection);
});
afterEach(() => connection.close());

const insert = (n: number | null) => () => connection.prepare("insert into t values (?)").run(n);
const stored = () =>
  connection
    .prepare("select n from t")
    .all()
    .map((row) => row.n);

test("shares one transaction among the writes of one turn of the event loop", async () => {
  const exec = vi.spyOn(connection, "exec");
  await Promise.all([1, 2, 3].map((n) => queue.add("power_loss", insert(n))));
  expect(exec.mock.calls.filter(([sql]) => sql === "commit")).toHaveLength(1);
  expect(stored()).toEqual([1, 2, 3]);
});

test("waits for the disk only where an acknowledgement has to survive a power loss", async () => {
  const exec = vi.spyOn(connection, "exec");
  const levels = () => exec.mock.calls.flatMap(([sql]) => /synchronous = (\w+)/.exec(sql)?.[1] ?? []);
  await queue.add("process_death", insert(1));
  await queue.add("process_death", insert(2));
  expect(levels()).toEqual(["normal"]);
  await Promise.all([queue.add("process_death", insert(3)), queue.add("power_loss", insert(4))]);
  expect(levels()).toEqual(["normal", "full"]);
  expect(connection.prepare("pragma synchronous").get()).toMatchObject({ synchronous: 2 });
});

test("undoes a failing write alone, and answers each with its own outcome", async () => {
  const refusal = new Error("no");
  const outcomes = await Promise.allSettled([
    queue.add("power_loss", insert(1)),
    queue.add("power_loss", () => {
      insert(2)();
      throw refusal;
    }),
    queue.add("power_loss", insert(null)),
    queue.add("power_loss", insert(4)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(outcomes[1]).toMatchObject({ reason: refusal });
  expect(stored()).toEqual([1, 4]);
});

test("copies no pages for savepoints unless a write fails", async () => {
  const exec = vi.spyOn(connection, "exec");
  const savepoints = () => exec.mock.calls.filter(([sql]) => sql.startsWith("savepoint")).length;
  await Promise.all([1, 2].map((n) => queue.add("power_loss", insert(n))));
  expect(savepoints()).toBe(0);
  await Promise.allSettled([3, null].map((n) => queue.add("power_loss", insert(n))));
  expect(savepoints()).toBe(2);
  expect(stored()).toEqual([1, 2, 3]);
});

test("rejects every write of a group whose commit fails, and stores none of them", async () => {
  const full = new Error("disk full");
  const exec = connection.exec.bind(connection);
  const spy = vi.spyOn(connection, "exec").mockImplementation((sql) => {
    if (sql === "commit") throw full;
    exec(sql);
  });
  const outcomes = await Promise.allSettled([1, 2].map((n) => queue.add("power_loss", insert(n))));
  expect(outcomes).toEqual([
    { status: "rejected", reason: full },
    { status: "rejected", reason: full },
  ]);
  spy.mockRestore();
  expect(stored()).toEqual([]);
  await queue.add("power_loss", insert(3));
  expect(stored()).toEqual([3]);
});

test("rejects the whole group when a failure has ended the transaction", async () => {
  const broken = new Error("I/O error");
  const outcomes = await Promise.allSettled([
    queue.add("power_loss", insert(1)),
    queue.add("power_loss", () => {
      connection.exec("rollback");
      throw broken;
    }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(stored()).toEqual([]);
});
