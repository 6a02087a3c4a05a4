import type { ThreadItem } from "./items.ts";
import type { Page } from "./page.ts";

/** Whether a thread takes messages; `reason` is shown to the person as it is. */
export type ThreadStatus =
  | { readonly type: "active" }
  | { readonly type: "locked"; readonly reason?: string }
  | { readonly type: "closed"; readonly reason?: string };

/** A thread without its items. */
export interface ThreadMetadata {
  readonly id: string;
  readonly created_at: string;
  readonly title?: string;
  readonly status: ThreadStatus;
  /** Hosts from which images in answers may be loaded; absent: any. */
  readonly allowed_image_domains?: readonly string[];
  /** Always `{}` on the wire; the real metadata stays on the server. */
  readonly metadata: Readonly<Record<string, never>>;
}

/**
 * A thread with a page of its items.
 *
 * Source: openai-chatkit 1.6.5, `types.py`, `Thread`.
 */
export interface Thread extends ThreadMetadata {
  readonly items: Page<ThreadItem>;
}
