import { reduceThread } from "@waybill/client";
import type { ThreadStreamEvent } from "@waybill/protocol";
import type { ChatObserver } from "./chat-observer.ts";
import type { ChatSnapshot } from "./chat-snapshot.ts";

/** What an event changes in a conversation; the empty object for nothing. */
export function changeOf(snapshot: ChatSnapshot, event: ThreadStreamEvent): Partial<ChatSnapshot> {
  const state = reduceThread(snapshot.state, event);
  const change = state === snapshot.state ? {} : { state };
  if (event.type === "thread.created") return { ...change, threadId: event.thread.id };
  const progress =
    event.type === "thread.item.updated" && event.update.type === "generated_image.updated"
      ? { id: event.item_id, share: event.update.progress }
      : null;
  if (progress?.share === undefined) return change;
  return { ...change, imageProgress: new Map(snapshot.imageProgress).set(progress.id, progress.share) };
}

/** Tells the page and those who listen of what an event is beside a change; nothing of most. */
export function tellOf(event: ThreadStreamEvent, observer: ChatObserver): void {
  if (event.type === "client_effect") observer.emit("chatkit.effect", { name: event.name, data: event.data });
  else if (event.type === "notice" && event.level === "danger")
    observer.alerted([event.title, event.message].filter(Boolean).join(". "));
}
