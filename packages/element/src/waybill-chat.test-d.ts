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

/** What an error's listener may read without a cast. */
export type Cause = Assignable<
  NonNullable<ChatEventDetails["chatkit.error"]["error"]["verdict"]>["cause"],
  string
>;

/** Our events are the official ones, under the same names and with the same details. */
export type EventNames = Assignable<keyof ChatEventDetails, keyof ChatKitEvents>;
export type ThreadChange = Assignable<
  ChatEventDetails["chatkit.thread.change"],
  ChatKitEvents["chatkit.thread.change"]["detail"]
>;
