import type { Annotation } from "@waybill/protocol";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { AnswerWriter, type AnswerWriterOptions } from "../model-output/answer-writer.ts";
import { answerCut } from "../model-output/model-failure.ts";
import type { ModelUsage } from "../model-output/model-usage.ts";
import type { ModelCall } from "../model-output/page-call.ts";
import { takingBack } from "../model-output/take-back.ts";
import type { TurnContext, TurnEvent, TurnThread } from "../respond.ts";

/** Options of {@link fromChatCompletionChunks}. */
export interface FromChunksOptions {
  /** Where a picture is to be had from; it is given as a `data:` URL. @default that URL, which is stored with the thread */
  readonly imageUrl?: AnswerWriterOptions["imageUrl"];
  /**
   * Whether what the person has seen of the answer is taken back after this failure, which may be the
   * exception of a guard of the author's, around `chunks`. @default never
   */
  readonly takeBack?: (error: unknown) => boolean;
  /** Told what the answer has used, if the server says so. */
  readonly onUsage?: (usage: ModelUsage) => void;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/** What servers send beside what the API names. */
interface Delta extends Omit<ChatCompletionChunk.Choice.Delta, "content"> {
  /** Mistral sends thoughts as parts of the content. */
  readonly content?: string | readonly ContentPart[] | null;
  /** Thoughts, as DeepSeek and vLLM spell them. */
  readonly reasoning_content?: string | null;
  /** Thoughts, as OpenRouter, Ollama and newer vLLMs spell them. */
  readonly reasoning?: string | null;
  readonly annotations?: readonly { readonly type?: string; readonly url_citation?: Citation }[] | null;
  readonly images?: readonly { readonly image_url?: { readonly url?: string } }[] | null;
}
interface ContentPart {
  readonly text?: string;
  readonly thinking?: readonly { readonly text?: string }[];
}
interface Citation {
  readonly url?: string;
  readonly title?: string;
  readonly end_index?: number;
}

/**
 * The events of a turn from the chunks of one streamed chat completion. Text and refusals are a message,
 * with the citations that the server names; thoughts are a workflow with a duration; a picture is one. Of
 * the calls of functions the first is the page's to carry out. An answer that ends early is followed by a
 * notice. Returns the text of the answer.
 *
 * @throws ChatError `upstream_failed` for an answer that breaks off, is empty, or is withheld as a whole;
 * what `chunks` throws as it is.
 */
export function fromChatCompletionChunks(
  turn: Pick<TurnContext, "signal"> & { readonly thread: Pick<TurnThread, "id"> },
  chunks: AsyncIterable<ChatCompletionChunk>,
  options: FromChunksOptions = {},
): AsyncGenerator<TurnEvent, string> {
  return takingBack(eventsOf(turn, chunks, options), turn.signal, options.takeBack);
}

async function* eventsOf(
  { thread, signal }: Parameters<typeof fromChatCompletionChunks>[0],
  chunks: AsyncIterable<ChatCompletionChunk>,
  { imageUrl, onUsage, now = () => new Date() }: FromChunksOptions,
): AsyncGenerator<TurnEvent, string> {
  const writer = new AnswerWriter({ threadId: thread.id, now, imageUrl });
  let call: (ModelCall & { readonly index: number }) | undefined;
  let finish: string | undefined;
  let usage: ChatCompletionChunk["usage"];
  for await (const chunk of chunks) {
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    const delta: Delta | undefined = choice?.delta;
    if (delta === undefined) continue;
    yield* writer.think(delta.reasoning_content || delta.reasoning || "");
    for (const { thinking = [], text = "" } of partsOf(delta.content)) {
      for (const thought of thinking) yield* writer.think(thought.text ?? "");
      yield* writer.write(text);
    }
    yield* writer.write(delta.refusal ?? "");
    for (const { url_citation } of delta.annotations ?? []) {
      const annotation = annotationOf(url_citation);
      if (annotation !== undefined) writer.annotate(annotation);
    }
    for (const { image_url } of delta.images ?? []) if (image_url?.url) yield* writer.picture(image_url.url);
    for (const part of delta.tool_calls ?? []) call = withPart(call, part);
  }
  // The package ends a stream that was aborted without a word.
  signal.throwIfAborted();
  if (finish === undefined) throw answerCut();
  if (usage) onUsage?.(usageOf(usage));
  yield* writer.end(call, finish === "length" || finish === "content_filter" ? finish : undefined);
  return writer.text;
}

function partsOf(content: Delta["content"]): readonly ContentPart[] {
  return typeof content === "string" ? [{ text: content }] : (content ?? []);
}

/** The page carries out one call at a time: of several the first counts, also where servers number all of them 0. */
function withPart(
  call: (ModelCall & { readonly index: number }) | undefined,
  { index = 0, id, function: given }: ChatCompletionChunk.Choice.Delta.ToolCall,
) {
  const { name = "", arguments: more = "" } = given ?? {};
  if (call === undefined) return { index, call_id: id ?? "", name, arguments: more ?? "" };
  if (index !== call.index || (id && call.call_id && id !== call.call_id)) return call;
  return {
    index,
    call_id: call.call_id || (id ?? ""),
    name: call.name || (name ?? ""),
    arguments: call.arguments + (more ?? ""),
  };
}

function annotationOf({ url, title, end_index: index }: Citation = {}): Annotation | undefined {
  if (!url) return undefined;
  const source = { type: "url" as const, title: title || url, url };
  return { type: "annotation", source, ...(index === undefined ? {} : { index }) };
}

function usageOf(usage: NonNullable<ChatCompletionChunk["usage"]>): ModelUsage {
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    cachedInputTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
