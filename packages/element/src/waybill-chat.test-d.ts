import type { ChatKitEvents, ChatKitOptions, OpenAIChatKit } from "@openai/chatkit";
import type { ChatEventDetails, WaybillChat } from "./index.ts";

/** Compiles only if every `Given` may stand where a `Wanted` is asked for. */
type Assignable<Given extends Wanted, Wanted> = Given;

/** The element has the official element's methods. */
export type Methods = Assignable<
  WaybillChat,
  Pick<
    OpenAIChatKit,
    | "setOptions"
    | "focusComposer"
    | "setThreadId"
    | "sendCustomAction"
    | "sendUserMessage"
    | "setComposerValue"
    | "showHistory"
    | "hideHistory"
    | "fetchUpdates"
  >
>;

/** Official options are options of ours. */
export type Options = Assignable<ChatKitOptions, Parameters<WaybillChat["setOptions"]>[0]>;

/** Our events are the official ones, under the same names and with the same details. */
export type EventNames = Assignable<keyof ChatEventDetails, keyof ChatKitEvents>;
export type ThreadChange = Assignable<
  ChatEventDetails["chatkit.thread.change"],
  ChatKitEvents["chatkit.thread.change"]["detail"]
>;
