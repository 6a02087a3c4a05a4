import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as breath } from "node:timers/promises";
import { ChatError, isHiddenItem, type ThreadItem, type ThreadStreamEvent } from "@waybill/protocol";
import { type ChatKitServer, createChatKitServer, type TurnContext, type TurnEvent } from "@waybill/server";
import { disk } from "@waybill/storage/disk";
import { sqlite } from "@waybill/storage/sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChatClient } from "../src/chat-client.ts";
import type { ChatClient } from "../src/client-types.ts";
import { emptyThreadState, reduceThread, threadStateOf } from "../src/reduce-thread.ts";
import type { ThreadState } from "../src/thread-state.ts";
import { ChatFailure } from "../src/verdict.ts";
import { type Act, type Extent, type ItemBody, type Step, steps, updateFor } from "./arbitrary-turns.ts";

const API = "https://chat.example/chatkit";
const LAST = "nothing more comes";
const TIME = "2026-01-02T03:04:05.678Z";

let folder: string;
let server: ChatKitServer;
let client: ChatClient;
/** What the responder does next. */
let step: Step;
let counter = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "waybill-reduced-"));
  const respond = (context: TurnContext) => perform(context, step);
  server = createChatKitServer({
    cors: { origins: ["https://app.example"] },
    authenticate: () => ({ tenant: "acme", user: "ann" }),
    store: sqlite(join(folder, "waybill.db")),
    files: disk(join(folder, "attachments")),
    respond,
    action: respond,
    log: () => {},
  });
  client = createChatClient({
    url: API,
    fetch: async (input, init) => {
      const response = await server.fetch(new Request(input, init));
      const signal = init?.signal ?? null;
      // As a connection does: whoever aborts the request closes it.
      const body = signal && response.body?.pipeThrough(new TransformStream(), { signal });
      return new Response(body ?? response.body, response);
    },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Plays a step as a responder: every event fits what was yielded before it. */
async function* perform(
  { thread, signal, ...context }: TurnContext,
  played: Step,
): AsyncGenerator<TurnEvent> {
  const open = new Map<string, { readonly body: ItemBody; readonly extent: Extent }>();
  const stored = new Map((await thread.history(1000)).map((item) => [item.id, isHiddenItem(item)]));
  const itemOf = (id: string, body: ItemBody): ThreadItem =>
    ({ id, thread_id: thread.id, created_at: TIME, ...body }) as ThreadItem;
  const nextId = () => {
    counter += 1;
    return `item_${counter}`;
  };
  const pick = (ids: Iterable<string>, which: number): string | undefined => {
    const all = [...ids];
    return all[which % all.length];
  };
  const eventOf = (act: Act): TurnEvent | undefined => {
    switch (act.act) {
      case "begin": {
        if (act.body.type === "user_message") return undefined;
        const id = nextId();
        if (isHiddenItem(act.body)) stored.set(id, true);
        else open.set(id, { body: act.body, extent: extentOf(act.body) });
        return { type: "thread.item.added", item: itemOf(id, act.body) };
      }
      case "update": {
        const item_id = pick(open.keys(), act.which);
        const at = item_id === undefined ? undefined : open.get(item_id);
        if (item_id === undefined || at === undefined) return undefined;
        const update = updateFor(at.body.type, at.extent, act.update);
        return update && { type: "thread.item.updated", item_id, update };
      }
      case "finish": {
        const id = pick(open.keys(), act.which);
        const begun = id === undefined ? undefined : open.get(id);
        if (id === undefined || begun === undefined) return undefined;
        open.delete(id);
        stored.set(id, false);
        const body = act.body.type === begun.body.type ? act.body : begun.body;
        return { type: "thread.item.done", item: itemOf(id, body) };
      }
      case "put": {
        // A person's message stands between turns.
        if (act.body.type === "user_message" && open.size > 0) return undefined;
        const id = nextId();
        stored.set(id, isHiddenItem(act.body));
        return { type: "thread.item.done", item: itemOf(id, act.body) };
      }
      case "replace": {
        const id = pick(stored.keys(), act.which);
        // An item stays what it is to the person: shown, or hidden.
        if (id === undefined || stored.get(id) !== isHiddenItem(act.body)) return undefined;
        return { type: "thread.item.replaced", item: itemOf(id, act.body) };
      }
      case "remove": {
        const item_id = pick([...stored.keys(), ...open.keys()], act.which);
        if (item_id === undefined) return undefined;
        stored.delete(item_id);
        open.delete(item_id);
        return { type: "thread.item.removed", item_id };
      }
      case "title":
        thread.setTitle(act.title);
        return undefined;
      case "status":
        thread.setStatus(act.locked ? { type: "locked", reason: act.reason } : { type: "active" });
        return undefined;
      case "domains":
        thread.setAllowedImageDomains(act.domains);
        return undefined;
      case "metadata":
        thread.setMetadata({ kept: act.value });
        return undefined;
      case "aside":
        return thread.notice("info", act.text);
      case "wait":
        return undefined;
    }
  };
  for (const act of played.acts) {
    const event = eventOf(act);
    if (event !== undefined) yield event;
    if (act.act === "wait") await breath();
  }
  if (played.end === "refuses") throw new ChatError("custom", { message: `not this: ${context.requestId}` });
  if (played.end === "breaks") throw new Error("the responder broke");
  if (played.end === "stopped") {
    // What the thread has become is told behind the next event.
    yield thread.progress("stop me");
    yield thread.progress(LAST);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return;
  }
  for (const [id, { body }] of open) yield { type: "thread.item.done", item: itemOf(id, body) };
}

function extentOf(body: ItemBody): Extent {
  return {
    parts: body.type === "assistant_message" ? body.content.map((part) => part.annotations.length) : [],
    tasks: body.type === "workflow" ? body.workflow.tasks.length : 0,
  };
}

/** The request of a step where the thread allows it, else a message; and what a page changes by itself. */
function ask(state: ThreadState): { events: AsyncIterable<ThreadStreamEvent>; from: ThreadState } {
  const { which, request } = step;
  const text = step.text.toWellFormed();
  const message = { content: [{ type: "input_text" as const, text }] };
  const { thread, items } = state;
  if (thread === null || request === "create")
    return { events: client.send(message), from: emptyThreadState };
  const threadId = thread.id;
  const newest = items.at(-1);
  switch (request) {
    case "retry": {
      const messages = items.filter(({ type }) => type === "user_message");
      const again = messages[which % messages.length];
      if (again === undefined) break;
      const kept = items.slice(0, items.indexOf(again) + 1);
      return { events: client.retry(threadId, again.id), from: { ...state, items: kept } };
    }
    case "output": {
      if (newest?.type !== "client_tool_call" || newest.status !== "pending") break;
      const done: ThreadItem = { ...newest, status: "completed", output: [text] };
      return {
        events: client.sendToolOutput(threadId, [text]),
        from: { ...state, items: [...items.slice(0, -1), done] },
      };
    }
    case "answers": {
      const asked = items.find((item) => item.type === "structured_input" && item.status === "pending");
      if (asked === undefined) break;
      const skipped = which % 2 === 0;
      return { events: client.sendAnswers(threadId, asked.id, skipped ? "skipped" : {}), from: state };
    }
    case "action": {
      const sender = items.find(({ type }) => type === "widget");
      return { events: client.sendAction(threadId, { type: "do", payload: text }, sender?.id), from: state };
    }
    default:
  }
  return { events: client.send({ ...message, threadId }), from: state };
}

/** The state after a step: what its events leave, of items that never came to their end what the server promises. */
async function play(state: ThreadState): Promise<ThreadState> {
  if (step.request === "rename" && state.thread !== null) {
    const thread = await client.renameThread(state.thread.id, step.text.toWellFormed());
    return reduceThread(state, { type: "thread.updated", thread });
  }
  const { events, from } = ask(state);
  let now: ThreadState | undefined;
  let failed = false;
  let unfinished: ReadonlySet<string> = new Set();
  try {
    for await (const event of events) {
      if (event.type === "error") {
        failed = true;
        unfinished = now?.streaming ?? unfinished;
      }
      // A turn that was refused has one event, the error: then nothing of it has happened.
      now = reduceThread(now ?? (failed ? state : from), event);
      if (event.type === "progress_update" && event.text === LAST) break;
    }
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    if (!failed) throw error;
  }
  if (now === undefined) throw new Error("The answer had no event.");
  if (!failed) unfinished = now.streaming;
  const items = now.items.filter(
    (item) =>
      !unfinished.has(item.id) ||
      (!failed && item.type === "assistant_message" && item.content.some(({ text }) => text.trim() !== "")),
  );
  return { ...now, items, streaming: emptyThreadState.streaming };
}

/** What the server has of the thread, when its answer has come to its end. */
async function stored(threadId: string): Promise<ThreadState> {
  // Whoever stops an answer leaves before it has come to its end.
  while (step.end === "stopped" && (await client.newestRun(threadId))?.state === "active") await breath();
  const items: ThreadItem[] = [];
  for (let after: string | undefined; ; ) {
    const page = await client.listItems(threadId, { order: "asc", limit: 50, ...(after && { after }) });
    items.push(...page.data);
    after = page.after;
    if (!page.has_more) break;
  }
  const thread = await client.getThread(threadId);
  expect(thread.items.data).toEqual(items.slice(0, 100));
  return { ...threadStateOf(thread), items };
}

test("what a page has made of the events is what it loads again, for any turns", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      let state = emptyThreadState;
      for (step of sequence) {
        state = await play(state);
        if (state.thread === null) continue;
        const { thread, items } = await stored(state.thread.id);
        expect(state.items).toEqual(items);
        expect(state.thread).toEqual(thread);
      }
    }),
    { numRuns: 200, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
}, 120_000);
