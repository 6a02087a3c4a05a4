import type { Thread, ThreadItem, ThreadStreamEvent } from "@waybill/protocol";
import type { ChatPage } from "./chat-page.ts";
import { threadOf } from "./events.ts";
import type { ScriptedChat, ScriptedTurn } from "./scripted-chat.ts";

/** One state of the element as the design's reference shows it. */
export interface GalleryState {
  /** The reference's name, and after a hyphen the part of its sheet. */
  readonly name: string;
  /** What the page sets besides theme and locale; the same with other values changes no conversation. */
  readonly options: object;
  /** CSS pixels of the reference; the height shows all of it. @default 720 */
  readonly width?: number;
  /** @default 720 */
  readonly height?: number;
  /**
   * Brings a fresh page into the state, with these options over its own; resolves when it is seen.
   * `setOptions({ ...options, ...settings })` afterwards changes theme or language in place.
   */
  open(page: ChatPage, chat: ScriptedChat, settings?: object): Promise<void>;
}

/** The composer that every state has. */
export const composer = {
  placeholder: "Ask about the survey",
  attachments: { enabled: true },
  dictation: { enabled: true },
  tools: [
    { id: "web", label: "Search the web", icon: "globe", pinned: true },
    { id: "archive", label: "Study the archive", icon: "book-open" },
  ],
  models: [
    { id: "two", label: "Field 2", description: "For most work", default: true },
    { id: "mini", label: "Field 2 mini", description: "Quick, for short questions" },
  ],
};

/** Options of every state. */
export const common = {
  composer,
  threadItemActions: { feedback: true, retry: true },
  disclaimer: { text: "Answers can be wrong. Check what matters. [Privacy](https://example.com/privacy)" },
};

const inThread = { ...common, initialThread: "thr_1" };

/** Opens a thread called "Lighthouse survey" with these items. */
export async function openThread(
  page: ChatPage,
  chat: ScriptedChat,
  items: readonly ThreadItem[],
  options: object,
  more: Partial<Thread> = {},
): Promise<void> {
  chat.threads.set("thr_1", threadOf("thr_1", items, { title: "Lighthouse survey", ...more }));
  await page.setOptions(options);
  await page.part("transcript").waitFor();
  if (items.length > 0) await page.part("user-message").first().waitFor();
}

/** Sends a message in the open thread; the answer has begun with these events and goes on. */
export async function stream(
  page: ChatPage,
  chat: ScriptedChat,
  message: ThreadItem,
  ...events: readonly ThreadStreamEvent[]
): Promise<ScriptedTurn> {
  await page.send({ text: "…" });
  const turn = await chat.nextTurn();
  turn.send(
    { type: "thread.item.done", item: message },
    { type: "stream_options", stream_options: { allow_cancel: true } },
    ...events,
  );
  return turn;
}

/** A state of the conversation "Lighthouse survey". */
export function inConversation(
  name: string,
  act: (page: ChatPage, chat: ScriptedChat, settings: object) => Promise<unknown>,
  { height = 720, ...options }: { height?: number } & Record<string, unknown> = {},
): GalleryState {
  const all = { ...inThread, ...options };
  return {
    name,
    options: all,
    height,
    open: async (page, chat, settings = {}) => {
      await act(page, chat, { ...all, ...settings });
    },
  };
}

/** A state of the composer of a new conversation. */
export function ofComposer(
  name: string,
  act: (page: ChatPage, chat: ScriptedChat) => Promise<unknown>,
  { height = 420, ...options }: { height?: number } & Record<string, unknown> = {},
): GalleryState {
  const all = { ...common, ...options };
  return {
    name,
    options: all,
    height,
    open: async (page, chat, settings = {}) => {
      await page.setOptions({ ...all, ...settings });
      await page.part("composer").waitFor();
      await act(page, chat);
    },
  };
}

/** The body of a refusal. */
export const failure = (code: string, message: string, details: object = {}): object => ({
  error: { code, message, request_id: "req_8f2c41d09be7", details },
  message,
});
