import type { PageAttachment, SendInput } from "@waybill/client";
import type { UserMessageContent } from "@waybill/protocol";
import { fieldsOf } from "../options/fields.ts";
import { readMessageContent } from "../options/message-content.ts";
import { isBlank, joinContent, textContent } from "./content.ts";

/** What a person has written and not sent. */
export interface Draft {
  readonly content: readonly UserMessageContent[];
  /** Those that the server has. */
  readonly attachments: readonly PageAttachment[];
  /** The passage it replies to; null if there is none. */
  readonly quotedText: string | null;
}

/** Nothing written. */
export const emptyDraft: Draft = { content: [], attachments: [], quotedText: null };

/** A message as it was written. */
export function draftOf({ text, content, attachments, quotedText }: SendInput): Draft {
  return {
    content: content ?? textContent(text ?? ""),
    attachments: attachments ?? [],
    quotedText: quotedText ?? null,
  };
}

/** Whether there is nothing that could be sent. A quote alone is nothing. */
export function isEmptyDraft({ content, attachments }: Draft): boolean {
  return isBlank(content) && attachments.length === 0;
}

/** Two drafts as one: the first above the second. */
export function joinDrafts(first: Draft, second: Draft): Draft {
  const ids = new Set(first.attachments.map(({ id }) => id));
  return {
    content: joinContent(first.content, second.content),
    attachments: [...first.attachments, ...second.attachments.filter(({ id }) => !ids.has(id))],
    quotedText: first.quotedText ?? second.quotedText,
  };
}

/** What a store of drafts needs; `sessionStorage` has it. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

function isAttachment(value: unknown): value is PageAttachment {
  const { id, name, mime_type: mimeType, type } = fieldsOf(value);
  return (
    [id, name, mimeType].every((field) => typeof field === "string") && (type === "image" || type === "file")
  );
}

/**
 * Keeps drafts for as long as the tab lives. Where a page has no storage, or none left, a draft
 * lives as long as the page.
 */
export class DraftStore {
  readonly #storage: () => DraftStorage;
  readonly #memory = new Map<string, string>();

  /** `storage` is called each time, and may throw: browsers do, where a page may not store. */
  constructor(storage: () => DraftStorage) {
    this.#storage = storage;
  }

  /** The draft under a key; the empty one if there is none, or none that can be read. */
  read(key: string): Draft {
    const stored = this.#memory.get(key) ?? this.#stored(key);
    if (stored === null) return emptyDraft;
    try {
      const { content, attachments, quotedText } = fieldsOf(JSON.parse(stored));
      return {
        content: readMessageContent(content),
        attachments: Array.isArray(attachments) ? attachments.filter(isAttachment) : [],
        quotedText: typeof quotedText === "string" ? quotedText : null,
      };
    } catch {
      return emptyDraft;
    }
  }

  /** Keeps a draft in the place of the last one; an empty one is removed. */
  write(key: string, draft: Draft): void {
    this.#memory.delete(key);
    try {
      if (isEmptyDraft(draft)) this.#storage().removeItem(key);
      else this.#storage().setItem(key, JSON.stringify(draft));
    } catch {
      this.#memory.set(key, JSON.stringify(draft));
    }
  }

  #stored(key: string): string | null {
    try {
      return this.#storage().getItem(key);
    } catch {
      return null;
    }
  }
}
