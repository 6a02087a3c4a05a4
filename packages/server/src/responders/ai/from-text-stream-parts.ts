import type { Annotation } from "@waybill/protocol";
import type { TextStreamPart, ToolSet } from "ai";
import { AnswerWriter, type AnswerWriterOptions } from "../model-output/answer-writer.ts";
import { answerCut } from "../model-output/model-failure.ts";
import type { ModelUsage } from "../model-output/model-usage.ts";
import type { ModelCall } from "../model-output/page-call.ts";
import { takingBack } from "../model-output/take-back.ts";
import type { TaskInput, TurnContext, TurnEvent, TurnThread } from "../respond.ts";
import { aiFailure } from "./ai-failure.ts";

/** A part of a stream of the AI SDK, by its shape. */
export interface AiStreamPart {
  readonly type: string;
}

/** A call of a tool that runs on the server. */
export interface AiToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

/** Options of {@link fromTextStreamParts}. */
export interface FromTextStreamPartsOptions {
  /** How a call of a tool is shown while it runs; null: not at all. @default no call is shown */
  readonly showTool?: (call: AiToolCall) => TaskInput | null;
  /** Where a picture is to be had from; it is given as a `data:` URL. @default that URL, which is stored with the thread */
  readonly imageUrl?: AnswerWriterOptions["imageUrl"];
  /**
   * Whether what the person has seen of the answer is taken back after this failure, which may be the
   * exception of a guard of the author's, in a transform of the stream. @default never
   */
  readonly takeBack?: (error: unknown) => boolean;
  /** Told what the answer has used, all of its steps together. */
  readonly onUsage?: (usage: ModelUsage) => void;
  /** Told of a tool that failed: the model is, too, and goes on. @default nobody is told */
  readonly onToolError?: (error: unknown, toolName: string) => void;
  /** What the model is called where a failure names it. @default "that was asked" */
  readonly modelName?: string;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/**
 * The events of a turn from the parts of a stream of the AI SDK (`streamText(…).stream`). Text is a message
 * with its sources and citations, reasoning a workflow with a duration, a picture an item; files of other
 * kinds are passed over. A call that has no result in the end, as of a tool without `execute`, is the
 * page's to carry out: the first, if there are several. A call that waits for an approval is nobody's. An
 * answer that ends early is followed by a notice. Returns the text of the answer.
 *
 * @throws ChatError `upstream_failed` if the model's server fails, the answer breaks off, is empty, or is
 * withheld as a whole; the signal's reason once it has aborted; any other error of the stream as it is.
 */
export function fromTextStreamParts(
  turn: Pick<TurnContext, "signal"> & { readonly thread: Pick<TurnThread, "id"> },
  parts: AsyncIterable<AiStreamPart>,
  options: FromTextStreamPartsOptions = {},
): AsyncGenerator<TurnEvent, string> {
  const { takeBack, modelName = "that was asked" } = options;
  const events = eventsOf(turn, parts, options);
  return failing(takingBack(events, turn.signal, takeBack), (error) => {
    turn.signal.throwIfAborted();
    return aiFailure(error, modelName);
  });
}

async function* failing<R>(
  events: AsyncGenerator<TurnEvent, R>,
  failureOf: (error: unknown) => unknown,
): AsyncGenerator<TurnEvent, R> {
  try {
    return yield* events;
  } catch (error) {
    throw failureOf(error);
  }
}

async function* eventsOf(
  { thread, signal }: Parameters<typeof fromTextStreamParts>[0],
  parts: AsyncIterable<AiStreamPart>,
  options: FromTextStreamPartsOptions,
): AsyncGenerator<TurnEvent, string> {
  const { showTool, imageUrl, now = () => new Date() } = options;
  const writer = new AnswerWriter({ threadId: thread.id, now, imageUrl });
  const calls = new Map<string, ModelCall>();
  let blockStart = 0;
  for await (const given of parts) {
    const part = given as TextStreamPart<ToolSet>;
    switch (part.type) {
      case "text-start":
        blockStart = writer.messageChars;
        break;
      case "text-delta":
        yield* writer.write(part.text);
        break;
      case "text-end":
        for (const { source, endIndex } of part.citations ?? []) {
          writer.annotate(annotationOf(source, endIndex === undefined ? undefined : blockStart + endIndex));
        }
        break;
      case "source":
        writer.annotate(annotationOf(part));
        break;
      case "reasoning-delta":
        yield* writer.think(part.text, part.id);
        break;
      case "file": {
        const { mediaType, base64 } = part.file;
        if (mediaType.startsWith("image/")) yield* writer.picture(`data:${mediaType};base64,${base64}`);
        break;
      }
      case "tool-call": {
        const { toolCallId, toolName, input } = part;
        const invalid = "invalid" in part && part.invalid === true;
        if (!invalid && part.providerExecuted !== true) {
          calls.set(toolCallId, {
            call_id: toolCallId,
            name: toolName,
            arguments: JSON.stringify(input ?? {}),
          });
        }
        const task = showTool?.({ toolCallId, toolName, input }) ?? null;
        if (task === null) yield* writer.pause();
        else yield* writer.step(toolCallId, task);
        break;
      }
      case "tool-result":
        if (part.preliminary === true) break;
        calls.delete(part.toolCallId);
        yield* writer.stepDone(part.toolCallId);
        break;
      case "tool-error":
        calls.delete(part.toolCallId);
        options.onToolError?.(part.error, part.toolName);
        yield* writer.stepDone(part.toolCallId);
        break;
      case "tool-output-denied":
        calls.delete(part.toolCallId);
        break;
      case "tool-approval-request":
        calls.delete(part.toolCall.toolCallId);
        break;
      case "abort":
        signal.throwIfAborted();
        throw answerCut(part.reason);
      case "error":
        throw part.error;
      case "finish": {
        const { finishReason, totalUsage } = part;
        options.onUsage?.({
          inputTokens: totalUsage.inputTokens ?? 0,
          cachedInputTokens: totalUsage.inputTokenDetails?.cacheReadTokens ?? 0,
          outputTokens: totalUsage.outputTokens ?? 0,
          reasoningTokens: totalUsage.outputTokenDetails?.reasoningTokens ?? 0,
        });
        const early = finishReason === "content-filter" ? "content_filter" : finishReason;
        const [call] = calls.values();
        yield* writer.end(call, early === "content_filter" || early === "length" ? early : undefined);
        return writer.text;
      }
      default:
    }
  }
  signal.throwIfAborted();
  throw answerCut();
}

type AiSource =
  | { readonly sourceType: "url"; readonly url: string; readonly title?: string }
  | { readonly sourceType: "document"; readonly title: string; readonly filename?: string };

function annotationOf(given: AiSource, index?: number): Annotation {
  const { title } = given;
  const source =
    given.sourceType === "url"
      ? { type: "url" as const, title: title || given.url, url: given.url }
      : { type: "file" as const, title: given.title, filename: given.filename || given.title };
  return { type: "annotation", source, ...(index === undefined ? {} : { index }) };
}
