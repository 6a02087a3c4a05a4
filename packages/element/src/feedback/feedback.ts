import type { ChatClient } from "@waybill/client";
import type { FeedbackKind } from "@waybill/protocol";
import { html, type TemplateResult } from "lit/html.js";
import { icon } from "../icon/icon.ts";
import type { Strings } from "../strings/en.ts";

/** What a person thought of answers, on this page. */
export class Feedback {
  readonly #client: () => ChatClient | null;
  readonly #changed: () => void;
  readonly #given = new Map<string, FeedbackKind>();

  constructor(client: () => ChatClient | null, changed: () => void) {
    this.#client = client;
    this.#changed = changed;
  }

  /** What was said of an answer, named by its first item; undefined for nothing. */
  of(itemId: string): FeedbackKind | undefined {
    return this.#given.get(itemId);
  }

  /**
   * Sends a judgement of the items of an answer. The same one is sent once: nothing withdraws
   * it. False if it could not be sent, which leaves what was before.
   */
  async give(threadId: string, itemIds: readonly string[], kind: FeedbackKind): Promise<boolean> {
    const [key] = itemIds;
    const client = this.#client();
    if (key === undefined || client === null) return false;
    const before = this.#given.get(key);
    if (before === kind) return true;
    this.#given.set(key, kind);
    this.#changed();
    try {
      await client.sendFeedback(threadId, itemIds, kind);
      return true;
    } catch {
      if (before === undefined) this.#given.delete(key);
      else this.#given.set(key, before);
      this.#changed();
      return false;
    }
  }
}

/** The two toggles. */
export function feedbackButtons(
  given: FeedbackKind | undefined,
  give: (kind: FeedbackKind) => void,
  strings: Strings,
): readonly TemplateResult[] {
  const button = (kind: FeedbackKind, name: string, label: string) =>
    html`<button class="ib s" type="button" part="action" aria-label=${label} aria-pressed=${given === kind ? "true" : "false"} @click=${() => give(kind)}>${icon(name, { small: true })}</button>`;
  return [
    button("positive", "thumbs-up", strings.goodAnswer),
    button("negative", "thumbs-down", strings.poorAnswer),
  ];
}
