import type { Responses } from "openai/resources/responses/responses";
import { answerCut, answerEmpty } from "../model-output/model-failure.ts";
import { pageCall } from "../model-output/page-call.ts";
import { ResponseEvents, type ResponseEventsOptions } from "../model-output/response-events.ts";
import { titledThoughts } from "../model-output/titled-thoughts.ts";
import type { TurnEvent } from "../respond.ts";

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
      yield pageCall(event.item, threadId, now().toISOString());
    }
    if (event.type !== "response.completed") continue;
    if (items === 0) throw answerEmpty();
    return { text: texts.join("\n\n"), response: event.response };
  }
  throw answerCut();
}
