import { ChatError, type ThreadItem, type UserMessageItem } from "@waybill/protocol";
import type { ChatKitServerConfig } from "@waybill/server";
import { runScript, runSyncScript } from "./run-script.ts";
import type { Script, Scripts } from "./script.ts";

const ALL_ITEMS = 1_000_000;

type Handlers = Pick<
  ChatKitServerConfig,
  "respond" | "action" | "syncAction" | "streamOptions" | "transcribe"
>;

/** What a server is configured with so that it does what the scripts say. */
export function scriptedChat(scripts: Scripts): Handlers {
  const scriptOf = (name: string): Script | undefined =>
    Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  const fallback = scriptOf("default") ?? [];
  return {
    async *respond(context, message) {
      const script =
        message === null
          ? (scriptOf(continuationOf(await context.thread.history(ALL_ITEMS))) ?? [])
          : (scriptOf(nameIn(message) ?? "default") ?? fallback);
      yield* runScript(script, { context, message });
    },
    async *action(context, action, sender) {
      const script = scriptOf(`action:${action.type}`);
      if (script === undefined) throw new Error(`There is no script for the action ${action.type}.`);
      yield* runScript(script, { context, action, sender });
    },
    syncAction(context, action, sender) {
      const script = scriptOf(`sync:${action.type}`);
      if (script === undefined) throw new ChatError("not_implemented");
      return runSyncScript(script, { context, action, sender });
    },
    streamOptions: ({ thread }) => ({ allow_cancel: thread.metadata["allow_cancel"] !== false }),
    transcribe: (_, { audio, mime_type }) => `${mime_type} ${audio.byteLength} bytes`,
  };
}

/** The script that a message names in its first text. */
function nameIn(message: UserMessageItem): string | undefined {
  const text = message.content.find((part) => part.type === "input_text")?.text ?? "";
  return text.startsWith("script:") ? text.slice("script:".length) : undefined;
}

/** The script of the newest message, one step on for each tool call and each form completed since. */
function continuationOf(items: readonly ThreadItem[]): string {
  const at = items.findLastIndex((item) => item.type === "user_message");
  const message = items[at];
  if (message?.type !== "user_message") return "";
  const steps = items
    .slice(at + 1)
    .filter(
      (item) =>
        (item.type === "client_tool_call" || item.type === "structured_input") && item.status !== "pending",
    );
  return (nameIn(message) ?? "default") + ".next".repeat(steps.length);
}
