import type { ThreadItem, UserMessageItem } from "@waybill/protocol";
import type OpenAI from "openai";
import type { Responses } from "openai/resources/responses/responses";
import { type Log, logToStderr } from "../../log.ts";
import { logged } from "../model-output/log-failure.ts";
import { failureOf } from "../model-output/model-failure.ts";
import { usageLine } from "../model-output/model-usage.ts";
import { type Ask, nameThread } from "../model-output/thread-title.ts";
import type { Respond, TurnContext } from "../respond.ts";
import { answerEvents } from "./answer-events.ts";
import { OpenAIInput } from "./openai-input.ts";

/** Options of {@link openai}. */
export interface OpenAIOptions {
  /** A client of the `openai` package. @default one of `apiKey` and `baseURL` */
  readonly client?: Pick<OpenAI, "responses">;
  /** @default the package's own: `OPENAI_API_KEY` */
  readonly apiKey?: string;
  /** Base URL of any server that offers the Responses API. @default the package's own: `OPENAI_BASE_URL` */
  readonly baseURL?: string;
  /** The model that answers. */
  readonly model: string;
  /** Models that a message may ask for instead; what is not listed is not asked. @default none */
  readonly models?: readonly string[];
  /** What the model is told before the conversation. @default nothing */
  readonly instructions?: string;
  /**
   * Tools of the Responses API. The server's own (search and the like) run there; a function is called
   * on the page, as a client tool, and the answer goes on with its result. @default none
   */
  readonly tools?: readonly Responses.Tool[];
  /** How the model reasons, for models that do; `summary` makes it visible. @default the model's own */
  readonly reasoning?: OpenAI.Reasoning;
  /** The model that names a new conversation after its first answer; null: nobody does. @default `model` */
  readonly titleModel?: string | null;
  /** Newest items of the thread that the model is given. @default 100 */
  readonly historyItems?: number;
  /** Largest attachment that the model is given, in bytes; of a larger one it is told. @default 20 MiB */
  readonly maxAttachmentBytes?: number;
  /** Bytes of all attachments that one request carries, newest first. @default 32 MiB */
  readonly maxRequestAttachmentBytes?: number;
  /** Told what each answer used, and why one failed. @default one line of JSON each, on standard error */
  readonly log?: Log;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/**
 * The responder for a model behind the Responses API, by the official `openai` package, which is
 * loaded with the first answer. The model is given the thread with the attachments of its messages.
 * Its words arrive as they are written, with citations; a summary of its reasoning is a workflow, a
 * refusal is an answer. A new conversation gets a title; if that fails, it has none.
 *
 * What fails at the model's server is told as `upstream_failed`; when the turn's signal aborts, so does
 * the request.
 */
export function openai(options: OpenAIOptions): Respond {
  const log = options.log ?? logToStderr;
  const now = options.now ?? (() => new Date());
  let loading: Promise<Pick<OpenAI, "responses">> | undefined;
  const clientOf = () => {
    loading ??= options.client === undefined ? load(options) : Promise.resolve(options.client);
    return loading;
  };

  return async function* respond(context, message) {
    const { thread, signal, requestId } = context;
    const client = await clientOf();
    const items = await thread.history(options.historyItems);
    const asked = message ?? items.findLast((item): item is UserMessageItem => item.type === "user_message");
    const body = await requestOf(options, context, items, asked, message === null);
    const partialImages = options.tools?.find((tool) => tool.type === "image_generation")?.partial_images;
    const stream = modelStream(client, body, signal);
    const { text, response } = yield* logged(
      answerEvents(stream, { threadId: thread.id, now, partialImages }),
      context,
      log,
    );
    log({ level: "info", message: usageOf(response), request_id: requestId });

    const titleModel = options.titleModel === undefined ? options.model : options.titleModel;
    if (titleModel === null) return;
    const ask: Ask = async (request, within) => {
      const body = { model: titleModel, ...request, store: false };
      const { output_text } = await client.responses.create(body, { signal: within, maxRetries: 0 });
      return output_text;
    };
    await nameThread(context, { ask, asked, answer: text, log });
  };
}

async function load({ apiKey, baseURL }: OpenAIOptions): Promise<OpenAI> {
  const { default: OpenAI } = await import("openai");
  return new OpenAI({
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseURL === undefined ? {} : { baseURL }),
  });
}

async function requestOf(
  options: OpenAIOptions,
  context: TurnContext,
  items: readonly ThreadItem[],
  asked: UserMessageItem | undefined,
  continues: boolean,
): Promise<Responses.ResponseCreateParamsStreaming> {
  const { model, tool_choice } = asked?.inference_options ?? {};
  const tools = options.tools ?? [];
  // Once the tool has been called, the choice is made.
  const chosen = continues
    ? undefined
    : tools.find((tool) => tool.type === "function" && tool.name === tool_choice?.id);
  const { maxAttachmentBytes, maxRequestAttachmentBytes } = options;
  const input = await new OpenAIInput({
    context,
    maxAttachmentBytes,
    maxRequestAttachmentBytes,
  }).toModelInput(items);
  return {
    model: model !== undefined && options.models?.includes(model) ? model : options.model,
    input,
    stream: true,
    store: false,
    ...(options.instructions === undefined ? {} : { instructions: options.instructions }),
    ...(options.reasoning === undefined ? {} : { reasoning: options.reasoning }),
    // The page carries out one call at a time.
    ...(tools.length === 0 ? {} : { tools: [...tools], parallel_tool_calls: false }),
    ...(chosen?.type === "function" ? { tool_choice: { type: "function", name: chosen.name } } : {}),
  };
}

/** The model's own events; whatever goes wrong on the way is an `upstream_failed`, or the turn's abort. */
async function* modelStream(
  client: Pick<OpenAI, "responses">,
  body: Responses.ResponseCreateParamsStreaming,
  signal: AbortSignal,
): AsyncGenerator<Responses.ResponseStreamEvent> {
  try {
    yield* await client.responses.create(body, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, String(body.model));
  }
  // The package ends a stream that was aborted without a word.
  signal.throwIfAborted();
}

function usageOf({ model, usage }: Responses.Response): string {
  if (usage === undefined) return `${model} answered`;
  return usageLine(model, {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.output_tokens,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  });
}
