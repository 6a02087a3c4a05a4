import { ChatError, isHiddenItem, type Page, type RunState } from "@waybill/protocol";
import {
  type AttachmentRecord,
  changedThread,
  type FeedbackRecord,
  type JournalEntry,
  type PageRequest,
  type Principal,
  type Store,
  type StoreChange,
  type StoredItem,
  type ThreadRecord,
  type Turn,
} from "@waybill/server/ports";

interface StoredThread {
  record: ThreadRecord;
  items: {
    readonly place: number;
    item: StoredItem;
    feedback?: Pick<FeedbackRecord, "kind" | "created_at">;
  }[];
}

interface StoredRun {
  readonly turn: Pick<Turn, "run_id" | "thread_id" | "owner" | "started_at">;
  readonly opening: number;
  readonly item_id: string | undefined;
  key: Turn["key"] | undefined;
  state: RunState;
  entries: JournalEntry[];
}

/** Everything that a store keeps. Handed to another store, it is there again, as after a restart. */
export interface MemoryData {
  threads: StoredThread[];
  runs: StoredRun[];
  attachments: { record: AttachmentRecord; opening: number }[];
  /** The place of the next item: it never goes back. */
  place: number;
  openings: number;
}

const AT_WORK = new Set(["receiving", "received", "inspecting"]);
const EXPIRES = new Set(["reserved", ...AT_WORK]);
const GONE = new Set(["tombstoned", "rejected", "expired"]);

const isOf = (one: Principal, other: Principal) => one.tenant === other.tenant && one.user === other.user;

function pageOf<T>(
  all: readonly T[],
  { limit, order, after }: PageRequest,
  placeOf: (entry: T) => number,
  cursor: number | undefined,
  idOf: (entry: T) => string,
): Page<T> {
  if (after !== undefined && cursor === undefined) {
    throw new ChatError("invalid_request", { details: { path: "params.after" } });
  }
  const ordered = order === "asc" ? all : [...all].reverse();
  const rest = ordered.filter(
    (entry) => cursor === undefined || (order === "asc" ? placeOf(entry) > cursor : placeOf(entry) < cursor),
  );
  const data = rest.slice(0, limit);
  const last = data.at(-1);
  return rest.length > limit && last !== undefined
    ? { data, has_more: true, after: idOf(last) }
    : { data, has_more: false };
}

/** A store in memory: every write works on a copy, which takes the place of the data if nothing threw. */
export function memoryStore(
  kept: MemoryData = { threads: [], runs: [], attachments: [], place: 0, openings: 0 },
): Store {
  let isOpen = false;
  let opening = 0;

  const read = async <T>(look: (data: MemoryData) => T): Promise<T> => {
    if (!isOpen) throw new Error("The store is closed.");
    return structuredClone(look(kept));
  };
  const write = async <T>(work: (draft: MemoryData) => T): Promise<T> => {
    if (!isOpen) throw new Error("The store is closed.");
    const draft = structuredClone(kept);
    const result = work(draft);
    Object.assign(kept, draft);
    return structuredClone(result);
  };

  const threadOf = (data: MemoryData, owner: Principal, id: string) =>
    data.threads.find(({ record }) => record.id === id && isOf(record.owner, owner));
  const itemOf = (thread: StoredThread | undefined, id: string) =>
    thread?.items.find(({ item }) => item.id === id);
  const attachmentOf = (data: MemoryData, owner: Principal, id: string) =>
    data.attachments.find(({ record }) => record.id === id && isOf(record.owner, owner));
  const namedBy = (item: StoredItem) =>
    item.type === "user_message" ? item.attachments.map(({ id }) => id) : [];
  const isNamed = (data: MemoryData, id: string) =>
    data.threads.some(({ items }) => items.some(({ item }) => namedBy(item).includes(id)));

  function put(data: MemoryData, thread: StoredThread, item: StoredItem): void {
    if (item.thread_id !== thread.record.id) throw new Error(`${item.id} is of another thread.`);
    const known = itemOf(thread, item.id);
    if (known !== undefined) known.item = item;
    else thread.items.push({ place: data.place++, item });
  }

  function apply(data: MemoryData, thread: StoredThread | undefined, change: StoreChange): void {
    if (thread === undefined) throw new Error("There is no such thread.");
    if (change.type === "put_item") put(data, thread, change.item);
    else if (change.type === "change_thread") thread.record = changedThread(thread.record, change.change);
    else thread.items = thread.items.filter(({ item }) => item.id !== change.item_id);
  }

  function addEntries(data: MemoryData, run: StoredRun, entries: readonly JournalEntry[]): void {
    for (const { seq, data: line, change } of entries) {
      if (seq !== run.entries.length + 1) throw new Error(`Entry ${seq} leaves a gap, or came before.`);
      run.entries.push({ seq, data: line });
      if (change !== undefined) apply(data, threadOf(data, run.turn.owner, run.turn.thread_id), change);
    }
  }

  const runInfo = ({ turn, state }: StoredRun) => ({ id: turn.run_id, thread_id: turn.thread_id, state });
  const runOf = (data: MemoryData, id: string) => {
    const run = data.runs.find(({ turn }) => turn.run_id === id);
    if (run === undefined) throw new Error(`There is no run ${id}.`);
    return run;
  };

  function begin(data: MemoryData, turn: Turn): boolean {
    const { owner, key, message, completes } = turn;
    if (key !== undefined) {
      const earlier = data.runs.find((run) => run.key?.key === key.key && isOf(run.turn.owner, owner));
      const isGiven = earlier?.turn.run_id === turn.replaces && earlier?.state !== "active";
      if (earlier !== undefined && !isGiven) return false;
      if (earlier !== undefined) earlier.key = undefined;
    }
    if (turn.new_thread !== undefined) data.threads.push({ record: turn.new_thread, items: [] });
    const thread = threadOf(data, owner, turn.thread_id);
    if (thread === undefined) throw new ChatError("not_found");
    const named = (message?.attachments ?? []).map(({ id }) => {
      const found = attachmentOf(data, owner, id);
      if (found === undefined) throw new ChatError("not_found");
      return found;
    });
    if (turn.truncate_after !== undefined) {
      const last = itemOf(thread, turn.truncate_after);
      if (last === undefined) throw new ChatError("not_found");
      thread.items = thread.items.filter(({ place }) => place <= last.place);
    }
    if (completes !== undefined) {
      const pending = itemOf(thread, completes.id);
      if (pending === undefined) throw new ChatError("not_found");
      if (pending.item.type !== completes.type) throw new ChatError("wrong_item_type");
      const isPending = "status" in pending.item && pending.item.status === "pending";
      if (completes.type === "structured_input" && !isPending) throw new ChatError("not_pending");
      if (completes.type === "client_tool_call" && !(isPending && thread.items.at(-1) === pending))
        throw new ChatError("no_pending_tool_call");
      pending.item = completes;
    }
    if (data.runs.some((run) => run.turn.thread_id === turn.thread_id && run.state === "active"))
      throw new ChatError("thread_busy");
    for (const entry of named) {
      const { state, epoch } = entry.record;
      if (state !== "ready" && state !== "linked") throw new ChatError("attachment_not_ready");
      if (state === "ready") entry.record = { ...entry.record, state: "linked", epoch: epoch + 1 };
    }
    if (message !== undefined) put(data, thread, message);
    const item_id = message?.id ?? turn.truncate_after ?? completes?.id;
    data.runs.push({ turn, opening, item_id, key, state: "active", entries: [] });
    return true;
  }

  function usageOf(data: MemoryData, owner: Principal) {
    const counted = data.attachments.filter(
      ({ record }) => isOf(record.owner, owner) && !GONE.has(record.state),
    );
    return { bytes: counted.reduce((sum, { record }) => sum + record.size_bytes, 0), count: counted.length };
  }

  /** The entry that is still as `from` says. */
  const unchanged = (data: MemoryData, from: AttachmentRecord) => {
    const entry = attachmentOf(data, from.owner, from.id);
    return entry?.record.state === from.state && entry.record.epoch === from.epoch ? entry : undefined;
  };

  return {
    description: "a store in memory",
    async open() {
      if (isOpen) return;
      isOpen = true;
      kept.openings += 1;
      opening = kept.openings;
    },
    async close() {
      isOpen = false;
    },
    threads: {
      get: (owner, id) => read((data) => threadOf(data, owner, id)?.record ?? null),
      list: (owner, page) =>
        read((data) => {
          const own = data.threads.map(({ record }) => record).filter((record) => isOf(record.owner, owner));
          const at = own.findIndex(({ id }) => id === page.after);
          return pageOf(
            own,
            page,
            (record) => own.indexOf(record),
            at === -1 ? undefined : at,
            ({ id }) => id,
          );
        }),
      getItem: (owner, threadId, id) =>
        read((data) => itemOf(threadOf(data, owner, threadId), id)?.item ?? null),
      listItems: (owner, threadId, page) =>
        read((data) => {
          const thread = threadOf(data, owner, threadId);
          const listed = (thread?.items ?? []).filter(({ item }) => page.hidden || !isHiddenItem(item));
          const cursor = page.after === undefined ? undefined : itemOf(thread, page.after)?.place;
          const found = pageOf(
            listed,
            page,
            ({ place }) => place,
            cursor,
            ({ item }) => item.id,
          );
          return { ...found, data: found.data.map(({ item }) => item) };
        }),
      change: (owner, id, changes) =>
        write((data) => {
          const thread = threadOf(data, owner, id);
          if (thread === undefined) return null;
          for (const change of changes) apply(data, thread, change);
          return thread.record;
        }),
      delete: (owner, id) =>
        write((data) => {
          const thread = threadOf(data, owner, id);
          if (thread === undefined) return null;
          data.threads = data.threads.filter((one) => one !== thread);
          data.runs = data.runs.filter(({ turn }) => turn.thread_id !== id || !isOf(turn.owner, owner));
          const ids = new Set(thread.items.flatMap(({ item }) => namedBy(item)));
          return [...ids].filter((named) => {
            const entry = attachmentOf(data, owner, named);
            if (entry?.record.state !== "linked" || isNamed(data, named)) return false;
            entry.record = { ...entry.record, state: "tombstoned", epoch: entry.record.epoch + 1 };
            return true;
          });
        }),
      putFeedback: (owner, threadId, { item_ids, kind, created_at }) =>
        write((data) => {
          const judged = item_ids.map((id) => itemOf(threadOf(data, owner, threadId), id));
          if (judged.some((entry) => entry === undefined || isHiddenItem(entry.item))) return false;
          for (const entry of judged) if (entry !== undefined) entry.feedback = { kind, created_at };
          return true;
        }),
      listFeedback: (owner, threadId) =>
        read((data) =>
          (threadOf(data, owner, threadId)?.items ?? []).flatMap(({ item, feedback }) =>
            feedback === undefined ? [] : [{ item_id: item.id, ...feedback }],
          ),
        ),
    },
    attachments: {
      create: (record, quota) =>
        write((data) => {
          if (quota !== undefined) {
            for (const entry of data.attachments) {
              const { owner, state, touched_at, epoch } = entry.record;
              if (isOf(owner, record.owner) && EXPIRES.has(state) && touched_at < quota.expired_before)
                entry.record = { ...entry.record, state: "expired", epoch: epoch + 1 };
            }
            const { bytes: used_bytes, count: used_count } = usageOf(data, record.owner);
            const { max_bytes, max_count } = quota;
            if (used_bytes + record.size_bytes > max_bytes)
              throw new ChatError("quota_exceeded", { details: { used_bytes, max_bytes } });
            if (used_count + 1 > max_count)
              throw new ChatError("quota_exceeded", { details: { used_count, max_count } });
          }
          if (data.attachments.some((entry) => entry.record.id === record.id))
            throw new Error(`There is an attachment ${record.id}.`);
          data.attachments.push({ record, opening });
        }),
      get: (owner, id) => read((data) => attachmentOf(data, owner, id)?.record ?? null),
      getForSignedUrl: (id) =>
        read((data) => data.attachments.find(({ record }) => record.id === id)?.record ?? null),
      usage: (owner) => read((data) => usageOf(data, owner)),
      transition: (from, change) =>
        write((data) => {
          const entry = unchanged(data, from);
          if (entry === undefined) return null;
          entry.record = { ...entry.record, ...change, epoch: from.epoch + 1 };
          entry.opening = opening;
          return entry.record;
        }),
      touch: (from, touched_at) =>
        write((data) => {
          const entry = unchanged(data, from);
          if (entry !== undefined) entry.record = { ...entry.record, touched_at };
          return entry !== undefined;
        }),
      remove: (from) =>
        write((data) => {
          const entry = unchanged(data, from);
          if (entry !== undefined && isNamed(data, from.id)) throw new Error("A message names it.");
          data.attachments = data.attachments.filter((one) => one !== entry);
          return entry !== undefined;
        }),
      abandoned: () =>
        read((data) =>
          data.attachments
            .filter((entry) => AT_WORK.has(entry.record.state) && entry.opening !== opening)
            .map(({ record }) => record),
        ),
    },
    runs: {
      begin: (turn) => write((data) => begin(data, turn)),
      findByKey: (owner, key) =>
        read((data) => {
          const run = data.runs.find((one) => one.key?.key === key && isOf(one.turn.owner, owner));
          if (run?.key === undefined) return null;
          const { item_id } = run;
          const { fingerprint } = run.key;
          return {
            run: runInfo(run),
            started_at: run.turn.started_at,
            fingerprint,
            ...(item_id === undefined ? {} : { item_id }),
          };
        }),
      append: (runId, entries) =>
        write((data) => {
          const run = runOf(data, runId);
          if (run.state !== "active") throw new Error(`Run ${runId} has ended.`);
          addEntries(data, run, entries);
        }),
      finish: (runId, state, entries) =>
        write((data) => {
          const run = runOf(data, runId);
          if (run.state !== "active") return false;
          addEntries(data, run, entries);
          run.state = state;
          return true;
        }),
      read: (owner, runId, afterSeq) =>
        read((data) => {
          const run = data.runs.find(({ turn }) => turn.run_id === runId && isOf(turn.owner, owner));
          if (run === undefined) return null;
          return { run: runInfo(run), entries: run.entries.filter(({ seq }) => seq > afterSeq) };
        }),
      newest: (owner, threadId) =>
        read((data) => {
          const run = data.runs.findLast(
            ({ turn }) => turn.thread_id === threadId && isOf(turn.owner, owner),
          );
          return run === undefined ? null : runInfo(run);
        }),
      abandoned: () =>
        read((data) =>
          data.runs
            .filter((run) => run.state === "active" && run.opening !== opening)
            .map(({ turn, entries }) => ({
              id: turn.run_id,
              thread_id: turn.thread_id,
              owner: turn.owner,
              entries,
            })),
        ),
    },
  };
}
