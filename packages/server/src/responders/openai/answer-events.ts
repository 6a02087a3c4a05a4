import { ChatError, createId, type Json } from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import { answerCut } from "../model-output/model-failure.ts";
import { ResponseEvents, type ResponseEventsOptions } from "../model-output/response-events.ts";
import type { TurnEvent } from "../respond.ts";
import { titledThoughts } from "./titled-thoughts.ts";

/** What a whole answer was. */
export interface Answered {
  readonly text: string;
  readonly response: Responses.Response;
}

/** What an answer's events need. */
export interface AnswerOptions extends Pick<ResponseEventsOptions, "threadId" | "now" | "partialImages"> {}

/**
 * The events of a turn from those of a Responses stream. Events of kinds that have no place in a
 * thread are passed over.
 *
 * @throws ChatError `upstream_failed` for an answer that failed, is incomplete, empty, or breaks off.
 */
export async function* answerEvents(
  stream: AsyncIterable<Responses.ResponseStreamEvent>,
  { threadId, now, partialImages }: AnswerOptions,
): AsyncGenerator<TurnEvent, Answered> {
  const events = new ResponseEvents({
    threadId,
    now,
    partialImages,
    reasoning: titledThoughts(threadId, now),
  });
  const texts: string[] = [];
  let items = 0;
  for await (const event of stream) {
    for await (const out of events.of(event)) {
      if (out.type === "thread.item.done" && out.item.type !== "workflow") {
        items += 1;
        if (out.item.type === "assistant_message") texts.push(...out.item.content.map(({ text }) => text));
      }
      yield out;
    }
    if (event.type === "response.output_item.done" && event.item.type === "function_call") {
      items += 1;
      yield toolCall(event.item, threadId, now().toISOString());
    }
    if (event.type !== "response.completed") continue;
    if (items === 0) throw new ChatError("upstream_failed", { message: "The model gave no answer." });
    return { text: texts.join("\n\n"), response: event.response };
  }
  throw answerCut();
}

/** A function that the server does not have is the page's: it carries the call out and the answer goes on. */
function toolCall(call: Responses.ResponseFunctionToolCall, threadId: string, createdAt: string): TurnEvent {
  return {
    type: "thread.item.done",
    item: {
      id: createId("tool_call"),
      thread_id: threadId,
      created_at: createdAt,
      type: "client_tool_call",
      status: "pending",
      call_id: call.call_id,
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
