import {
  type ChatFailure,
  emptyThreadState,
  type SendInput,
  type ThreadState,
  type Verdict,
} from "@waybill/client";
import type { RunState, UserMessageItem } from "@waybill/protocol";

/** A message that the server has not taken: on its way, or failed. */
export interface UnsentTurn {
  /** Unique for this page. */
  readonly key: string;
  readonly input: SendInput;
  /** The message as it is shown. */
  readonly item: UserMessageItem;
  /** Null while it is on its way. */
  readonly verdict: Verdict | null;
}

/** What a conversation looks like at one moment. Never changed in place. */
export interface ChatSnapshot {
  /** `sending` until the server has taken the message, `answering` until the stream ends. */
  readonly phase: "idle" | "loading" | "sending" | "answering";
  /** Null: a new conversation. */
  readonly threadId: string | null;
  readonly state: ThreadState;
  readonly unsent: readonly UnsentTurn[];
  /** The newest failure that is not the fault of an unsent message. */
  readonly failure: { readonly kind: "answer" | "load"; readonly failure: ChatFailure } | null;
  /** Id of the message that is being answered anew, while the former answer still stands; null: none. */
  readonly redoing: string | null;
  /** How the last answer ended, if not by itself. */
  readonly ending: Exclude<RunState, "completed"> | null;
  /** Id behind which older items begin; null: all are here. */
  readonly older: string | null;
  /** The cursor of the older items that are being read; null: none are. */
  readonly readingOlder: string | null;
  /** Row keys of items that were shown before the server named them, by item id. */
  readonly keys: ReadonlyMap<string, string>;
  /** How far images are that a model makes, 0 to 1, by item id. */
  readonly imageProgress: ReadonlyMap<string, number>;
}

/** A new conversation: nothing said, nothing under way. */
export const newChat: ChatSnapshot = {
  phase: "idle",
  threadId: null,
  state: emptyThreadState,
  unsent: [],
  failure: null,
  redoing: null,
  ending: null,
  older: null,
  readingOlder: null,
  keys: new Map(),
  imageProgress: new Map(),
};

/** What changes when a message's other answer begins: all that came after the message goes. */
export function withoutFormer({ state }: ChatSnapshot, messageId: string): Partial<ChatSnapshot> {
  const items = state.items.slice(0, state.items.findIndex(({ id }) => id === messageId) + 1);
  return { redoing: null, state: { ...state, items, streaming: new Set(), progress: null, notices: [] } };
}
