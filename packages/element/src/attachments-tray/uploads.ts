import {
  type ChatClient,
  ChatFailure,
  type PageAttachment,
  type UploadOptions,
  type Verdict,
} from "@waybill/client";
import type { Attachment } from "@waybill/protocol";
import { shownName } from "../attachments/file-name.ts";

/** Uploads that run at a time. */
const PARALLEL = 3;

/** One file of a message that is being written. */
export interface TrayItem {
  /** Unique for this page. */
  readonly key: number;
  readonly name: string;
  readonly mimeType: string;
  /** Null for one that came with its id. */
  readonly sizeBytes: number | null;
  /** `reserved` until it is its turn. */
  readonly state: "reserved" | "uploading" | "failed" | "ready";
  readonly sentBytes: number;
  /** Why it failed, in words, and whether another attempt could succeed. */
  readonly fault: { readonly reason: string; readonly mayRetry: boolean } | null;
  /** Set when ready. */
  readonly attachment: PageAttachment | null;
  /** The bytes, for another attempt; null for one that came with its id. */
  readonly file: File | null;
  /** An object URL of an image; revoked when the item leaves. */
  readonly thumbnail: string | null;
}

/** What uploads need, and whom they tell. */
export interface UploadsHost {
  readonly client: () => ChatClient | null;
  readonly strategy: () => UploadOptions["strategy"] | null;
  /** Something of a draft's list changed; `ready` are those that can be sent. */
  readonly changed: (draft: string, ready: readonly PageAttachment[]) => void;
  /** An upload ended. */
  readonly ended: (item: TrayItem) => void;
  /** Told why an attachment could not be deleted from the server; it goes by itself in time. */
  readonly deleteFailed: (error: unknown) => void;
}

let keys = 0;

function isMoving({ state }: TrayItem): boolean {
  return state === "reserved" || state === "uploading";
}

function pageAttachmentOf({ id, name, mime_type, ...more }: Attachment): PageAttachment {
  return more.type === "image" && more.preview_url
    ? { id, name, mime_type, type: "image", preview_url: more.preview_url }
    : { id, name, mime_type, type: more.type };
}

/**
 * The files of all drafts of one page. An upload belongs to the draft it was begun in and goes on
 * while another conversation is open, or the element is moved.
 */
export class Uploads {
  readonly #host: UploadsHost;
  readonly #running = new Map<number, AbortController>();
  #drafts = new Map<string, readonly TrayItem[]>();

  constructor(host: UploadsHost) {
    this.#host = host;
  }

  /** The files of a draft in the order they were added; none for an unknown draft. */
  of(draft: string): readonly TrayItem[] {
    return this.#drafts.get(draft) ?? [];
  }

  /** Those that can be sent. */
  ready(draft: string): readonly PageAttachment[] {
    return this.of(draft).flatMap(({ attachment }) => (attachment === null ? [] : [attachment]));
  }

  /** Goes on with the files of a draft under another name. */
  move(from: string, to: string): void {
    const items = this.of(from);
    if (items.length === 0) return;
    this.#drafts.delete(from);
    this.#drafts.set(to, [...this.of(to), ...items]);
  }

  /** Makes these the attachments of a draft that can be sent; those under way stay. */
  set(draft: string, attachments: readonly PageAttachment[]): void {
    const items = this.of(draft);
    const known = new Map(items.map((item) => [item.attachment?.id, item]));
    const ready = attachments.map((attachment) => known.get(attachment.id) ?? givenItem(attachment));
    for (const item of items) {
      if (item.state === "ready" && !ready.includes(item)) release(item);
    }
    this.#write(draft, [...ready, ...items.filter(({ state }) => state !== "ready")]);
  }

  /** Adds files and begins to upload them. */
  add(draft: string, files: readonly File[]): void {
    const items = files.map((file): TrayItem => {
      keys += 1;
      return {
        key: keys,
        name: shownName(file.name),
        mimeType: file.type,
        sizeBytes: file.size,
        state: "reserved",
        sentBytes: 0,
        fault: null,
        attachment: null,
        file,
        thumbnail: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
      };
    });
    this.#write(draft, [...this.of(draft), ...items]);
    this.#pump();
  }

  /** Uploads a failed file again. */
  retry(key: number): void {
    this.#change(key, { state: "reserved", sentBytes: 0, fault: null });
    this.#pump();
  }

  /** Takes a file out of its draft: ends its upload, and deletes what this page uploaded. */
  remove(key: number): void {
    const [draft, item] = this.#find(key);
    if (draft === undefined || item === undefined) return;
    this.#running.get(key)?.abort(new DOMException("Removed by the person.", "AbortError"));
    this.#write(
      draft,
      this.of(draft).filter((other) => other.key !== key),
    );
    release(item);
    if (item.file !== null && item.attachment !== null)
      this.#host.client()?.deleteAttachment(item.attachment.id).catch(this.#host.deleteFailed);
  }

  #find(key: number): readonly [string, TrayItem] | readonly [] {
    for (const [draft, items] of this.#drafts) {
      const item = items.find((other) => other.key === key);
      if (item !== undefined) return [draft, item];
    }
    return [];
  }

  #write(draft: string, items: readonly TrayItem[]): void {
    if (items.length === 0) this.#drafts.delete(draft);
    else this.#drafts.set(draft, items);
    this.#host.changed(draft, this.ready(draft));
  }

  #change(key: number, change: Partial<TrayItem>): TrayItem | undefined {
    const [draft, item] = this.#find(key);
    if (draft === undefined || item === undefined) return undefined;
    const changed = { ...item, ...change };
    this.#write(
      draft,
      this.of(draft).map((other) => (other === item ? changed : other)),
    );
    return changed;
  }

  #pump(): void {
    for (const item of [...this.#drafts.values()].flat()) {
      if (this.#running.size >= PARALLEL) return;
      if (item.state === "reserved" && item.file !== null) void this.#upload(item, item.file);
    }
  }

  async #upload({ key }: TrayItem, file: File): Promise<void> {
    const running = new AbortController();
    this.#running.set(key, running);
    this.#change(key, { state: "uploading" });
    try {
      const client = this.#host.client();
      if (client === null) throw new Error("This chat has no server yet");
      const strategy = this.#host.strategy();
      const attachment = await client.upload(file, {
        signal: running.signal,
        onProgress: ({ sentBytes }) => void this.#change(key, { sentBytes }),
        ...(strategy ? { strategy } : {}),
      });
      this.#end(key, { state: "ready", attachment: pageAttachmentOf(attachment), sentBytes: file.size });
    } catch (error) {
      const verdict = error instanceof ChatFailure ? error.verdict : null;
      const reason =
        verdict === null ? (error instanceof Error ? error.message : String(error)) : reasonIn(verdict);
      this.#end(key, { state: "failed", fault: { reason, mayRetry: verdict?.retry !== "never" } });
    } finally {
      this.#running.delete(key);
      this.#pump();
    }
  }

  #end(key: number, change: Partial<TrayItem>): void {
    const item = this.#change(key, change);
    if (item !== undefined) this.#host.ended(item);
  }
}

/** Why a file was not taken: in the server's own words, where it had any. */
function reasonIn({ cause, userMessage, title }: Verdict): string {
  return cause === "server_error" && userMessage !== "" ? userMessage.replace(/\.$/, "") : title;
}

/** How many are under way, and the first that failed. */
export function unsettled(items: readonly TrayItem[]): {
  readonly moving: number;
  readonly failed: TrayItem | undefined;
} {
  return {
    moving: items.filter(isMoving).length,
    failed: items.find(({ state }) => state === "failed"),
  };
}

function givenItem(attachment: PageAttachment): TrayItem {
  keys += 1;
  return {
    key: keys,
    name: shownName(attachment.name),
    mimeType: attachment.mime_type,
    sizeBytes: null,
    state: "ready",
    sentBytes: 0,
    fault: null,
    attachment,
    file: null,
    thumbnail: null,
  };
}

function release({ thumbnail }: TrayItem): void {
  if (thumbnail !== null) URL.revokeObjectURL(thumbnail);
}
