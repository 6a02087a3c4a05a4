import { ChatError, createId, type Json } from "@waybill/protocol";
import type { TurnEvent } from "../respond.ts";

/** A call of a function as models write it: the arguments are the text of a JSON object, or none. */
export interface ModelCall {
  /** Empty: a new one. */
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

/**
 * A function that the server does not have is the page's: it carries the call out and the answer goes on.
 *
 * @throws ChatError `upstream_failed` if the arguments are no JSON object
 */
export function pageCall(call: ModelCall, threadId: string, createdAt: string): TurnEvent {
  return {
    type: "thread.item.done",
    item: {
      id: createId("tool_call"),
      thread_id: threadId,
      created_at: createdAt,
      type: "client_tool_call",
      status: "pending",
      call_id: call.call_id || createId("tool_call"),
      name: call.name,
      arguments: argumentsOf(call.arguments),
    },
  };
}

function argumentsOf(text: string): { readonly [key: string]: Json } {
  try {
    const value: unknown = JSON.parse(text || "{}");
    if (isObject(value)) return value;
    throw new TypeError("The arguments are no object.");
  } catch (cause) {
    const message = "The model called a tool in a way that nobody understands.";
    throw new ChatError("upstream_failed", { message, cause });
  }
}

function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
