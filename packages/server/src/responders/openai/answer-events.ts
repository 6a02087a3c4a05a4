import { ChatError, createId, type Json } from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnEvent } from "../respond.ts";
import { AnswerItem } from "./answer-item.ts";
import { answerCut, answerIncomplete, modelFailure } from "./model-failure.ts";
import { ReasoningItem } from "./reasoning-item.ts";

/** What a whole answer was. */
export interface Answered {
  readonly text: string;
  readonly response: Responses.Response;
}

/**
 * The events of a turn from those of a Responses stream. Events of kinds that have no place in a
 * thread are passed over.
 *
 * @throws ChatError `upstream_failed` for an answer that failed, is incomplete, empty, or breaks off.
 */
export async function* answerEvents(
  stream: AsyncIterable<Responses.ResponseStreamEvent>,
  { threadId, model, now }: { readonly threadId: string; readonly model: string; readonly now: () => Date },
): AsyncGenerator<TurnEvent, Answered> {
  const answers = new Map<number, AnswerItem>();
  const thoughts = new Map<number, ReasoningItem>();
  const texts: string[] = [];
  let items = 0;

  function* answerAt(index: number): Generator<TurnEvent, AnswerItem> {
    const open = answers.get(index);
    if (open !== undefined) return open;
    const answer = new AnswerItem(threadId, now().toISOString());
    answers.set(index, answer);
    yield answer.begin();
    return answer;
  }
  // A model that reasons without a summary has nothing to show: its item begins with the first thought.
  function* thoughtsAt(index: number): Generator<TurnEvent, ReasoningItem> {
    const open = thoughts.get(index);
    if (open !== undefined) return open;
    const reasoning = new ReasoningItem(threadId, now());
    thoughts.set(index, reasoning);
    yield reasoning.begin();
    return reasoning;
  }

  for await (const event of stream) {
    switch (event.type) {
      case "response.output_item.added":
        if (event.item.type === "message") yield* answerAt(event.output_index);
        break;
      case "response.content_part.added":
        if (event.part.type !== "reasoning_text") {
          yield* (yield* answerAt(event.output_index)).part(event.content_index);
        }
        break;
      case "response.output_text.delta":
      case "response.refusal.delta":
        yield* (yield* answerAt(event.output_index)).delta(event.content_index, event.delta);
        break;
      case "response.output_text.annotation.added":
        yield* (yield* answerAt(event.output_index)).annotation(event.content_index, event.annotation);
        break;
      case "response.content_part.done": {
        const { part } = event;
        if (part.type === "reasoning_text") break;
        const whole = part.type === "refusal" ? part.refusal : part.text;
        yield* (yield* answerAt(event.output_index)).partDone(event.content_index, whole);
        break;
      }
      case "response.reasoning_summary_part.added":
        yield* (yield* thoughtsAt(event.output_index)).thought(event.summary_index);
        break;
      case "response.reasoning_summary_text.delta":
        yield* (yield* thoughtsAt(event.output_index)).delta(event.summary_index, event.delta);
        break;
      case "response.reasoning_summary_text.done":
        yield* (yield* thoughtsAt(event.output_index)).thoughtDone(event.summary_index, event.text);
        break;
      case "response.output_item.done": {
        const reasoning = thoughts.get(event.output_index);
        if (reasoning !== undefined) yield reasoning.done(now());
        if (event.item.type === "message") {
          const answer = yield* answerAt(event.output_index);
          yield answer.done();
          texts.push(answer.text);
          items += 1;
        } else if (event.item.type === "function_call") {
          yield toolCall(event.item, threadId, now().toISOString());
          items += 1;
        }
        break;
      }
      case "response.completed":
        if (items === 0) throw new ChatError("upstream_failed", { message: "The model gave no answer." });
        return { text: texts.join("\n\n"), response: event.response };
      case "response.incomplete":
        throw answerIncomplete(event.response.incomplete_details?.reason);
      case "response.failed":
        throw modelFailure(
          { code: event.response.error?.code },
          model,
          new Error(event.response.error?.message),
        );
      case "error":
        throw modelFailure({ code: event.code }, model, new Error(event.message));
      default:
    }
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
