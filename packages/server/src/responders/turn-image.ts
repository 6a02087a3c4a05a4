import { createId, type GeneratedImageItem } from "@waybill/protocol";
import type { TurnEvent } from "./respond.ts";

/** A picture in the making: `start` first, `done` last; only what is done is kept. */
export interface TurnImage {
  start(): TurnEvent;
  /** What there is to see so far: an absolute or `data:` URL, and how much of the way is done, 0 to 1. */
  update(url: string, progress?: number): TurnEvent;
  /** The picture, at an absolute or `data:` URL. */
  done(url: string): TurnEvent;
}

/** A picture of a thread that is not begun. `createdAt` is ISO 8601. */
export function createImage(threadId: string, createdAt: string): TurnImage {
  const item: GeneratedImageItem = {
    id: createId("message"),
    thread_id: threadId,
    created_at: createdAt,
    type: "generated_image",
  };
  const imageAt = (url: string) => ({ id: item.id, url });
  return {
    start: () => ({ type: "thread.item.added", item }),
    update: (url, progress) => ({
      type: "thread.item.updated",
      item_id: item.id,
      update: {
        type: "generated_image.updated",
        image: imageAt(url),
        ...(progress === undefined ? {} : { progress }),
      },
    }),
    done: (url) => ({ type: "thread.item.done", item: { ...item, image: imageAt(url) } }),
  };
}
