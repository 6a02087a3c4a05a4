import type { ChatFailure } from "@waybill/client";
import type { EmitChatEvent } from "./chat-events.ts";
import type { UnsentTurn } from "./chat-snapshot.ts";

/** Who is told of what happens. */
export interface ChatObserver {
  readonly emit: EmitChatEvent;
  /** The server has the person's message. */
  readonly sent: () => void;
  /** A card was put up. */
  readonly failed: (failure: ChatFailure) => void;
  /** A notice that must be heard at once. */
  readonly alerted: (text: string) => void;
  /** A message left the conversation unsent: its text belongs back where it was written. */
  readonly returned: (turn: UnsentTurn) => void;
  /** An answer ends: complete, or stopped by the person. The snapshot is as the last event left it. */
  readonly ended: (how: "complete" | "stopped") => void;
}
