import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatError, type ErrorCode, type RunState } from "@waybill/protocol";
import type { AttachmentState, JournalEntry, Store, StoredItem, Turn } from "@waybill/server/ports";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { attachmentOf, firstTurn, hiddenOf, messageOf, owner, turnOf, widgetOf } from "../../test/samples.ts";
import { sqlite } from "./sqlite-store.ts";

const THREADS = ["t0", "t1"] as const;
const ATTACHMENTS: Readonly<Record<string, AttachmentState>> = { ready: "ready", early: "receiving" };

interface Begin {
  readonly type: "begin";
  readonly thread: string;
  readonly attachment: string | undefined;
  readonly withMessage: boolean;
  readonly truncateAfter: number | undefined;
}
interface Write {
  readonly type: "append" | "finish";
  readonly run: number;
  readonly gap: boolean;
  readonly changes: readonly { readonly put: boolean; readonly hidden: boolean; readonly item: number }[];
}
type Command = Begin | Write | { readonly type: "reopen" };

const thread = fc.constantFrom(...THREADS);
const few = fc.nat({ max: 5 });
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant("begin" as const),
    thread,
    attachment: fc.option(fc.constantFrom("ready", "early", "unknown"), { nil: undefined, freq: 2 }),
    withMessage: fc.boolean(),
    truncateAfter: fc.option(few, { nil: undefined, freq: 2 }),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom("append" as const, "append" as const, "finish" as const),
      run: few,
      gap: fc.boolean(),
      changes: fc.array(fc.record({ put: fc.boolean(), hidden: fc.boolean(), item: few }), { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "reopen" as const }) },
);

interface ModelRun {
  readonly thread: string;
  state: RunState;
  readonly entries: JournalEntry[];
  abandoned: boolean;
}

const ended = new Error("ended or out of order");

/** The port's promises, in memory and without any care for speed. */
class Model {
  readonly threads = new Map<string, StoredItem[]>();
  readonly attachments = new Map(Object.entries(ATTACHMENTS));
  readonly runs = new Map<string, ModelRun>();

  begin(turn: Turn): boolean {
    const items = this.threads.get(turn.thread_id) ?? (turn.new_thread === undefined ? undefined : []);
    if (items === undefined) throw new ChatError("not_found");
    const named = turn.message?.attachments.map(({ id }) => id) ?? [];
    if (named.some((id) => !this.attachments.has(id))) throw new ChatError("not_found");
    const last = items.findIndex(({ id }) => id === turn.truncate_after);
    if (turn.truncate_after !== undefined && last === -1) throw new ChatError("not_found");
    const busy = [...this.runs.values()].some(
      (run) => run.thread === turn.thread_id && run.state === "active",
    );
    if (busy) throw new ChatError("thread_busy");
    for (const id of named) {
      const state = this.attachments.get(id);
      if (state !== "ready" && state !== "linked") throw new ChatError("attachment_not_ready");
    }
    for (const id of named) this.attachments.set(id, "linked");
    const kept = turn.truncate_after === undefined ? items : items.slice(0, last + 1);
    this.threads.set(turn.thread_id, turn.message === undefined ? kept : [...kept, turn.message]);
    this.runs.set(turn.run_id, { thread: turn.thread_id, state: "active", entries: [], abandoned: false });
    return true;
  }

  append(runId: string, entries: readonly JournalEntry[]): void {
    const run = this.runs.get(runId);
    if (run === undefined || run.state !== "active") throw ended;
    if (entries.some(({ seq }, index) => seq !== run.entries.length + index + 1)) throw ended;
    const items = this.threads.get(run.thread) ?? [];
    for (const { seq, data, change } of entries) {
      run.entries.push({ seq, data });
      const id =
        change?.type === "put_item" ? change.item.id : change?.type === "delete_item" ? change.item_id : "";
      const at = items.findIndex((item) => item.id === id);
      if (change?.type === "put_item") items.splice(at === -1 ? items.length : at, 1, change.item);
      if (change?.type === "delete_item" && at !== -1) items.splice(at, 1);
    }
  }

  finish(runId: string, state: Exclude<RunState, "active">, entries: readonly JournalEntry[]): boolean {
    const run = this.runs.get(runId);
    if (run !== undefined && run.state !== "active") return false;
    this.append(runId, entries);
    if (run !== undefined) run.state = state;
    return true;
  }
}

type Outcome = { readonly value: unknown } | { readonly refused: ErrorCode | "other" };

async function outcomeOf(work: () => unknown): Promise<Outcome> {
  try {
    return { value: await work() };
  } catch (error) {
    return { refused: error instanceof ChatError ? error.code : "other" };
  }
}

let counter = 0;

function randomTurn(model: Model, { thread, attachment, withMessage, truncateAfter }: Begin): Turn {
  counter += 1;
  const items = model.threads.get(thread);
  const named = attachment === undefined ? [] : [attachment];
  return {
    ...(items === undefined && truncateAfter === undefined
      ? firstTurn(thread, `run${model.runs.size}`)
      : turnOf(thread, `run${model.runs.size}`)),
    ...(withMessage ? { message: messageOf(thread, `m${counter}`, named) } : {}),
    ...(truncateAfter === undefined ? {} : { truncate_after: items?.[truncateAfter]?.id ?? "nowhere" }),
  };
}

function entriesOf(model: Model, runId: string, { gap, changes }: Write): JournalEntry[] {
  const run = model.runs.get(runId);
  const first = (run?.entries.length ?? 0) + (gap && changes.length > 2 ? 2 : 1);
  return changes.map(({ put, hidden, item }, index) => {
    const id = `i${item}`;
    counter += 1;
    const threadId = run?.thread ?? "t0";
    const value = hidden ? hiddenOf(threadId, id, counter) : widgetOf(threadId, id, counter);
    return {
      seq: first + index,
      data: `${counter}`,
      ...(item === 5
        ? {}
        : { change: put ? { type: "put_item", item: value } : { type: "delete_item", item_id: id } }),
    };
  });
}

/** Reads a thread page by page, as a client does. */
async function pagedItems(
  store: Store,
  threadId: string,
  limit: number,
  hidden: boolean,
  order: "asc" | "desc",
) {
  const items: StoredItem[] = [];
  for (let after: string | undefined; ; ) {
    const request = { limit, order, hidden, ...(after === undefined ? {} : { after }) };
    const page = await store.threads.listItems(owner, threadId, request);
    items.push(...page.data);
    expect(page.after).toBe(page.has_more ? page.data.at(-1)?.id : undefined);
    if (!page.has_more) return items;
    expect(page.data.length).toBe(limit);
    after = page.after;
  }
}

async function compare(store: Store, model: Model): Promise<void> {
  for (const threadId of THREADS) {
    const items = model.threads.get(threadId) ?? [];
    const shown = items.filter(({ type }) => type !== "hidden_context_item");
    expect(await pagedItems(store, threadId, 2, true, "asc")).toEqual(items);
    expect(await pagedItems(store, threadId, 1, false, "desc")).toEqual([...shown].reverse());
    const newest = [...model.runs].filter(([, run]) => run.thread === threadId).at(-1);
    expect(await store.runs.newest(owner, threadId)).toEqual(
      newest === undefined ? null : { id: newest[0], thread_id: threadId, state: newest[1].state },
    );
  }
  const threads = await store.threads.list(owner, { limit: 9, order: "asc" });
  expect(threads.data.map(({ id }) => id)).toEqual([...model.threads.keys()]);
  for (const [id, run] of model.runs) {
    expect((await store.runs.read(owner, id, 1))?.entries).toEqual(run.entries.slice(1));
  }
  const abandoned = [...model.runs].filter(([, run]) => run.abandoned && run.state === "active");
  expect((await store.runs.abandoned()).map(({ id }) => id).sort()).toEqual(
    abandoned.map(([id]) => id).sort(),
  );
  for (const [id, state] of model.attachments) {
    expect((await store.attachments.get(owner, id))?.state).toBe(state);
  }
}

async function play(store: Store, commands: readonly Command[]): Promise<void> {
  const model = new Model();
  for (const [id, state] of Object.entries(ATTACHMENTS)) {
    await store.attachments.create(attachmentOf(id, state));
  }
  for (const command of commands) {
    if (command.type === "reopen") {
      await store.close();
      await store.open();
      for (const run of model.runs.values()) run.abandoned = true;
    } else if (command.type === "begin") {
      const turn = randomTurn(model, command);
      const expected = await outcomeOf(() => model.begin(turn));
      expect(await outcomeOf(() => store.runs.begin(turn))).toEqual(expected);
    } else {
      const runId = `run${Math.max(0, model.runs.size - 1 - (command.run % 3))}`;
      const entries = entriesOf(model, runId, command);
      const call = (runs: Pick<Model, "append" | "finish"> | Store["runs"]) =>
        command.type === "append" ? runs.append(runId, entries) : runs.finish(runId, "completed", entries);
      const expected = await outcomeOf(() => call(model));
      expect(await outcomeOf(() => call(store.runs))).toEqual(expected);
    }
    await compare(store, model);
  }
}

test("does what an in-memory model of the port does, for any sequence of writes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (commands) => {
      const folder = mkdtempSync(join(tmpdir(), "waybill-model-"));
      const store = sqlite(join(folder, "waybill.db"));
      await store.open();
      try {
        await play(store, commands);
      } finally {
        await store.close();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
