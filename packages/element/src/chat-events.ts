import type { Verdict } from "@waybill/client";

/**
 * The events of the element, by name, with their details.
 *
 * Source: `@openai/chatkit` 1.9, `ChatKitEvents`.
 */
export interface ChatEventDetails {
  /**
   * The element has its options and is drawn. Fired once, before every other event, in a task
   * behind the one of `setOptions`; without a listener on the element it waits for the first.
   */
  "chatkit.ready": undefined;
  /**
   * Something failed; the person sees a card for it. A request that failed has a verdict; without one it is the
   * options, or a tool of the page.
   */
  "chatkit.error": { readonly error: Error & { readonly verdict?: Verdict } };
  "chatkit.response.start": undefined;
  /** Follows every start, whatever became of the answer. */
  "chatkit.response.end": undefined;
  /** Null: a new conversation. */
  "chatkit.thread.change": { readonly threadId: string | null };
  "chatkit.thread.load.start": { readonly threadId: string };
  /** Follows every start, also if the thread could not be loaded. */
  "chatkit.thread.load.end": { readonly threadId: string };
  /** A `chatkit-link:` of an answer was pressed. */
  "chatkit.deeplink": { readonly name: string; readonly data?: Readonly<Record<string, unknown>> };
  "chatkit.history.open": undefined;
  "chatkit.history.close": undefined;
  "chatkit.effect": { readonly name: string; readonly data?: Readonly<Record<string, unknown>> };
  /** The tool that is on for the next message; null: none. */
  "chatkit.tool.change": { readonly toolId: string | null };
  /** Remarks for the developer: options and items without effect, unknown events. */
  "chatkit.log": { readonly name: string; readonly data?: Readonly<Record<string, unknown>> };
}

/** Fires one of the events. */
export type EmitChatEvent = <Name extends keyof ChatEventDetails>(
  name: Name,
  detail: ChatEventDetails[Name],
) => void;
