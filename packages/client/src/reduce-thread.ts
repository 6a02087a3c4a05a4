import type { Thread, ThreadItem, ThreadMetadata, ThreadStreamEvent } from "@waybill/protocol";
import { isHiddenItem } from "@waybill/protocol";
import type { ThreadState } from "./thread-state.ts";
import { updateItem } from "./update-item.ts";

/** A new conversation: no thread, no items, nothing under way. */
export const emptyThreadState: ThreadState = Object.freeze({
  thread: null,
  items: [],
  streaming: new Set<string>(),
  progress: null,
  allowCancel: false,
  notices: [],
});

/** The state of a loaded thread, with the items it came with; context for the model alone is left out. */
export function threadStateOf(thread: Thread): ThreadState {
  return {
    ...emptyThreadState,
    thread: metadataOf(thread),
    items: thread.items.data.filter((item) => !isHiddenItem(item)),
  };
}

/**
 * The state after one more event; the same object if the event changes nothing, which is
 * so for unknown events and for changes of unknown items. Only what an event touches is
 * copied. Hidden items are never taken in. An `error` event ends all streaming and keeps
 * what had arrived. A finished item stands in front of those that are still streamed: servers
 * keep items in the order in which they were finished, and so they are when they are loaded again.
 *
 * The protocol has no event for the end of a turn: `streaming`, `progress` and
 * `allowCancel` are as the last event left them, and `stream_options`, with which every turn
 * begins, ends what still streamed before.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `ThreadStreamEvent`.
 */
export function reduceThread(state: ThreadState, event: ThreadStreamEvent): ThreadState {
  switch (event.type) {
    case "thread.created":
    case "thread.updated":
      return { ...state, thread: metadataOf(event.thread) };
    case "thread.item.added":
      // A person's message is whole when it comes.
      return withItem(state, event.item, event.item.type !== "user_message");
    case "thread.item.done":
    case "thread.item.replaced":
      return withItem(state, event.item, false);
    case "thread.item.updated": {
      const index = indexOf(state, event.item_id);
      const item = state.items[index];
      if (item === undefined) return state;
      const next = updateItem(item, event.update);
      return next === item ? state : { ...state, items: state.items.with(index, next) };
    }
    case "thread.item.removed":
      return indexOf(state, event.item_id) === -1
        ? state
        : {
            ...state,
            items: state.items.filter(({ id }) => id !== event.item_id),
            streaming: withId(state.streaming, event.item_id, false),
          };
    case "stream_options":
      return {
        ...state,
        streaming: emptyThreadState.streaming,
        allowCancel: event.stream_options.allow_cancel,
      };
    case "progress_update":
      return {
        ...state,
        progress: { text: event.text, ...(event.icon ? { icon: event.icon } : {}) },
      };
    case "notice":
      return {
        ...state,
        notices: [
          ...state.notices,
          {
            level: event.level,
            message: event.message,
            ...(event.title ? { title: event.title } : {}),
            after: state.items.at(-1)?.id ?? null,
          },
        ],
      };
    case "error":
      return { ...state, streaming: emptyThreadState.streaming, progress: null, allowCancel: false };
    default:
      return state;
  }
}

// Other servers send null for "none".
function metadataOf(thread: Thread): ThreadMetadata {
  const { id, created_at, title, status, allowed_image_domains, metadata } = thread;
  return {
    id,
    created_at,
    ...(title ? { title } : {}),
    status,
    ...(allowed_image_domains ? { allowed_image_domains } : {}),
    metadata,
  };
}

function withItem(state: ThreadState, item: ThreadItem, streaming: boolean): ThreadState {
  if (isHiddenItem(item)) return state;
  return {
    ...state,
    items: streaming ? placed(state.items, item) : finished(state, item),
    streaming: withId(state.streaming, item.id, streaming),
    progress: null,
  };
}

function placed(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  const index = items.findLastIndex(({ id }) => id === item.id);
  return index === -1 ? [...items, item] : items.with(index, item);
}

function finished({ items, streaming }: ThreadState, item: ThreadItem): readonly ThreadItem[] {
  const others = withId(streaming, item.id, false);
  const known = !streaming.has(item.id) && items.some(({ id }) => id === item.id);
  // A person's message begins a turn: whatever streamed before it is in front of it.
  if (others.size === 0 || known || item.type === "user_message") return placed(items, item);
  const rest = items.filter(({ id }) => id !== item.id);
  const first = rest.findIndex(({ id }) => others.has(id));
  return first === -1 ? [...rest, item] : rest.toSpliced(first, 0, item);
}

// From the end: what changes is nearly always the newest item.
const indexOf = (state: ThreadState, id: string): number =>
  state.items.findLastIndex((item) => item.id === id);

function withId(ids: ReadonlySet<string>, id: string, present: boolean): ReadonlySet<string> {
  if (ids.has(id) === present) return ids;
  const next = new Set(ids);
  if (present) next.add(id);
  else next.delete(id);
  return next;
}
