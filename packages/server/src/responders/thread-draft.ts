import { isDeepStrictEqual } from "node:util";
import { changedThread } from "../ports/changed-thread.ts";
import type { ThreadChange, ThreadRecord } from "../ports/store.ts";

/** A thread that a turn changes, and what of it is not stored yet. */
export class ThreadDraft {
  #record: ThreadRecord;
  #stored: ThreadRecord;

  constructor(stored: ThreadRecord) {
    this.#record = stored;
    this.#stored = stored;
  }

  /** The thread with every change. */
  get record(): ThreadRecord {
    return this.#record;
  }

  /** Changes it. What the caller does to the values later changes nothing here. */
  change(change: ThreadChange): void {
    this.#record = changedThread(this.#record, structuredClone(change));
  }

  /** Takes note of what somebody else has stored: it is no change of the turn's. */
  stored(change: ThreadChange): void {
    this.#record = changedThread(this.#record, change);
    this.#stored = changedThread(this.#stored, change);
  }

  /** What has changed since the last call, which the caller stores; undefined if nothing has. */
  take(): ThreadChange | undefined {
    const before = this.#stored;
    const now = this.#record;
    if (now === before) return undefined;
    this.#stored = now;
    const change: ThreadChange = {
      ...(now.title === before.title ? {} : { title: now.title ?? null }),
      ...(isDeepStrictEqual(now.status, before.status) ? {} : { status: now.status }),
      ...(isDeepStrictEqual(now.metadata, before.metadata) ? {} : { metadata: now.metadata }),
      ...(isDeepStrictEqual(now.allowed_image_domains, before.allowed_image_domains)
        ? {}
        : { allowed_image_domains: now.allowed_image_domains ?? null }),
    };
    return Object.keys(change).length === 0 ? undefined : change;
  }
}
