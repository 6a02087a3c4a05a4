import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { testStore } from "@waybill/server/ports/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attachmentOf, firstTurn, messageOf, owner, widgetOf } from "../../test/samples.ts";
import { sqlite } from "./sqlite-store.ts";

testStore({ describe, test }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "waybill-sqlite-"));
  const path = join(folder, "waybill.db");
  let store = sqlite(path);
  await store.open();
  return {
    port: store,
    async reopen() {
      await store.close();
      store = sqlite(path);
      await store.open();
      return store;
    },
    async cleanup() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe("sqlite()", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "waybill-sqlite-"));
    path = join(folder, "waybill.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("creates missing folders and the file for this user alone", async () => {
    const below = join(folder, "a", "b");
    const store = sqlite(join(below, "waybill.db"));
    await store.open();
    const modes = [join(folder, "a"), below, join(below, "waybill.db")].map((p) => statSync(p).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o600]);
    await store.close();
  });

  test("opens again after it was closed, and stays open when it is opened twice", async () => {
    const store = sqlite(path);
    await store.open();
    await store.open();
    await store.close();
    await store.open();
    expect(await store.threads.get(owner, "t")).toBeNull();
    await store.close();
  });

  test("lets other tools read while it is open", async () => {
    const store = sqlite(path);
    await store.open();
    await store.runs.begin(firstTurn("t", "r"));
    const other = new DatabaseSync(path, { readOnly: true });
    expect(other.prepare("select id from threads").all()).toMatchObject([{ id: "t" }]);
    expect(other.prepare("pragma journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    other.close();
    await store.close();
  });

  test("refuses a second store on the same file until the first is closed", async () => {
    const first = sqlite(path);
    const second = sqlite(path);
    await first.open();
    await expect(second.open()).rejects.toThrow(
      `Another Waybill is using ${path}; stop it, or set WAYBILL_DATA_DIR`,
    );
    await first.close();
    await second.open();
    await second.close();
  });

  test("says that a path is a folder", async () => {
    mkdirSync(path);
    await expect(sqlite(path).open()).rejects.toThrow(/waybill\.db is a folder, .*name a file inside it/);
  });

  test("says that the data folder cannot be, and how to choose another", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(sqlite(join(folder, "file", "data", "waybill.db")).open()).rejects.toThrow(
      /a part of this path is a file, not a folder; set WAYBILL_DATA_DIR/,
    );
  });

  test("says that the file is no database, leaves it alone, and gives up the lock", async () => {
    writeFileSync(path, "these are notes, and long enough to have a header's length".repeat(10));
    const before = readFileSync(path);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(sqlite(path).open()).rejects.toThrow(
        /is not a whole SQLite database; restore it from a backup, or move it away/,
      );
    }
    expect(readFileSync(path)).toEqual(before);
  });

  test("says that the file is damaged", async () => {
    const store = sqlite(path);
    await store.open();
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, 4096);
    writeFileSync(path, bytes);
    await expect(sqlite(path).open()).rejects.toThrow(/is not a whole SQLite database; restore it/);
  });

  test("refuses a database of a newer version, by name of what it does not know", async () => {
    const store = sqlite(path);
    await store.open();
    await store.close();
    const newer = new DatabaseSync(path);
    newer
      .prepare("insert into kysely_migration (name, timestamp) values (?, ?)")
      .run("9999_later", "2026-01-01T00:00:00.000Z");
    newer.close();
    await expect(sqlite(path).open()).rejects.toThrow(/was written by a newer Waybill .*9999_later/);
  });

  test("reads on from the middle of entries that were stored together", async () => {
    const store = sqlite(path);
    await store.open();
    await store.runs.begin(firstTurn("t", "r"));
    await store.runs.append("r", [
      { seq: 1, data: "1" },
      { seq: 2, data: "" },
      { seq: 3, data: "3" },
    ]);
    await store.runs.append("r", [{ seq: 4, data: "4" }]);
    expect((await store.runs.read(owner, "r", 1))?.entries).toEqual([
      { seq: 2, data: "" },
      { seq: 3, data: "3" },
      { seq: 4, data: "4" },
    ]);
    await store.close();
  });

  test("never uses a place in the order again, also not after deletes", async () => {
    const store = sqlite(path);
    await store.open();
    await store.runs.begin(firstTurn("t", "r"));
    await store.runs.append("r", [
      { seq: 1, data: "", change: { type: "put_item", item: widgetOf("t", "a", 1) } },
      { seq: 2, data: "", change: { type: "delete_item", item_id: "a" } },
      { seq: 3, data: "", change: { type: "put_item", item: widgetOf("t", "b", 2) } },
    ]);
    await store.close();
    const file = new DatabaseSync(path);
    expect(file.prepare("select id, seq from items").all()).toMatchObject([{ id: "b", seq: 2 }]);
    file.close();
  });

  test("deletes the links of deleted messages", async () => {
    const store = sqlite(path);
    await store.open();
    await store.attachments.create(attachmentOf("p", "ready"));
    await store.runs.begin({ ...firstTurn("t", "r"), message: messageOf("t", "m", ["p"]) });
    const linked = () => {
      const file = new DatabaseSync(path, { readOnly: true });
      const rows = file.prepare("select attachment_id from attachment_links").all();
      file.close();
      return rows.length;
    };
    expect(linked()).toBe(1);
    await store.runs.append("r", [{ seq: 1, data: "", change: { type: "delete_item", item_id: "m" } }]);
    expect(linked()).toBe(0);
    await store.close();
  });
});
