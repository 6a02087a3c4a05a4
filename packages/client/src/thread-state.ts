import type { ThreadItem, ThreadMetadata } from "@waybill/protocol";

/** What a page shows of a thread: reduced from events, never changed in place. */
export interface ThreadState {
  /** Null before the first event of a new thread. */
  readonly thread: ThreadMetadata | null;
  /** Oldest first. */
  readonly items: readonly ThreadItem[];
  /** Ids of items that are still being streamed. */
  readonly streaming: ReadonlySet<string>;
  /** What the server says it is doing, until the next item. */
  readonly progress: { readonly text: string; readonly icon?: string } | null;
  /** Whether the running answer may be stopped. */
  readonly allowCancel: boolean;
  /** Notices of this session, oldest first. */
  readonly notices: readonly {
    readonly level: "info" | "warning" | "danger";
    readonly message: string;
    readonly title?: string;
    /** Id of the item behind which it arrived; null: before any. */
    readonly after: string | null;
  }[];
}
