import type { Responses } from "openai/resources/responses/responses";
import { answerEnd, isAnswer } from "../model-output/answer-end.ts";
import { answerCut } from "../model-output/model-failure.ts";
import type { ModelUsage } from "../model-output/model-usage.ts";
import type { ModelCall } from "../model-output/page-call.ts";
import { ResponseEvents, type ResponseEventsOptions } from "../model-output/response-events.ts";
import { takingBack } from "../model-output/take-back.ts";
import { titledThoughts } from "../model-output/titled-thoughts.ts";
import type { TurnContext, TurnEvent, TurnThread } from "../respond.ts";

/** Options of {@link fromResponseEvents}. */
export interface FromResponseEventsOptions {
  /** Where a picture is to be had from, those on the way too. @default a `data:` URL of a PNG, which is stored with the thread */
  readonly imageUrl?: ResponseEventsOptions["imageUrl"];
  /** How many pictures on the way the image tool was asked for. @default 0: their progress stays 0 */
  readonly partialImages?: number | undefined;
  /**
   * Whether what the person has seen of the answer is taken back after this failure, which may be the
   * exception of a guard of the author's, around the stream. @default never
   */
  readonly takeBack?: (error: unknown) => boolean;
  /** Told what the answer has used, if the server says so. */
  readonly onUsage?: (usage: ModelUsage) => void;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/**
 * The events of a turn from those of one streamed response. Text and refusals are messages with their
 * citations, summaries of reasoning workflows with a duration, pictures items; events of kinds that have no
 * place in a thread are passed over. Of the calls of functions the first is the page's to carry out. An
 * answer that ends early is followed by a notice. Returns the text of the answer.
 *
 * @throws ChatError `upstream_failed` for an answer that fails, breaks off, is empty, or is withheld as a
 * whole; the signal's reason once it has aborted; what `stream` throws as it is.
 */
export function fromResponseEvents(
  turn: Pick<TurnContext, "signal"> & { readonly thread: Pick<TurnThread, "id"> },
  stream: AsyncIterable<Responses.ResponseStreamEvent>,
  options: FromResponseEventsOptions = {},
): AsyncGenerator<TurnEvent, string> {
  return takingBack(eventsOf(turn, stream, options), turn.signal, options.takeBack);
}

async function* eventsOf(
  { thread, signal }: Parameters<typeof fromResponseEvents>[0],
  stream: AsyncIterable<Responses.ResponseStreamEvent>,
  { imageUrl, partialImages, onUsage, now = () => new Date() }: FromResponseEventsOptions,
): AsyncGenerator<TurnEvent, string> {
  const threadId = thread.id;
  const reasoning = titledThoughts(threadId, now);
  const events = new ResponseEvents({ threadId, now, reasoning, imageUrl, partialImages });
  const texts: string[] = [];
  let said = false;
  let call: ModelCall | undefined;
  for await (const event of stream) {
    for await (const out of events.of(event)) {
      const item = out.type === "thread.item.done" ? out.item : undefined;
      const isSaid = item !== undefined && isAnswer(item);
      said ||= isSaid;
      if (item?.type === "assistant_message") texts.push(...item.content.map(({ text }) => text));
      // A message without a word is none.
      const isBlank = item?.type === "assistant_message" && !isSaid;
      yield isBlank ? { type: "thread.item.removed", item_id: item.id } : out;
    }
    if (event.type === "response.output_item.done" && event.item.type === "function_call") {
      // One that the end of the answer has cut off is no call.
      if (event.item.status !== "incomplete") call ??= event.item;
    }
    if (event.type !== "response.completed" && event.type !== "response.incomplete") continue;
    if (event.response.usage) onUsage?.(usageOf(event.response.usage));
    const { early } = events;
    yield* answerEnd({ threadId, createdAt: now().toISOString(), said, call, early });
    return texts.filter((text) => text !== "").join("\n\n");
  }
  // The package ends a stream that was aborted without a word.
  signal.throwIfAborted();
  throw answerCut();
}

function usageOf(usage: Responses.ResponseUsage): ModelUsage {
  return {
    inputTokens: usage.input_tokens ?? 0,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.output_tokens ?? 0,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
