import type { UserMessageItem } from "@waybill/protocol";
import type OpenAI from "openai";
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { type Log, logToStderr } from "../../log.ts";
import { AnyContextConverter } from "../model-input/any-context-converter.ts";
import type { ThreadItemConverter } from "../model-input/thread-item-converter.ts";
import { logged } from "../model-output/log-failure.ts";
import { failureOf } from "../model-output/model-failure.ts";
import { type ModelUsage, usageLine } from "../model-output/model-usage.ts";
import { type Ask, nameThread } from "../model-output/thread-title.ts";
import type { Respond, TurnContext } from "../respond.ts";
import { chatMessages } from "./chat-messages.ts";
import { type FromChunksOptions, fromChatCompletionChunks } from "./from-chunks.ts";

/** The part of a client of the `openai` package that is asked. */
export interface ChatCompletionsClient {
  readonly chat: { readonly completions: Pick<OpenAI["chat"]["completions"], "create"> };
}

/** Options of {@link chatCompletions}. */
export interface ChatCompletionsOptions extends FromChunksOptions {
  /** A client of the `openai` package. @default one of `apiKey` and `baseURL` */
  readonly client?: ChatCompletionsClient;
  /** @default the package's own: `OPENAI_API_KEY` */
  readonly apiKey?: string;
  /** Base URL of any server that offers `/chat/completions`. @default the package's own: `OPENAI_BASE_URL` */
  readonly baseURL?: string;
  /** The model that answers. */
  readonly model: string;
  /** Models that a message may ask for instead; what is not listed is not asked. @default none */
  readonly models?: readonly string[];
  /** What the model is told before the conversation. @default nothing */
  readonly instructions?: string;
  /** Functions, which the page carries out as client tools; the answer goes on with the result. @default none */
  readonly tools?: readonly ChatCompletionFunctionTool[];
  /**
   * Anything else of the request, as `temperature` or `max_completion_tokens`; null takes away what is asked for by
   * default, as `stream_options` for a server that does not know it. @default nothing
   */
  readonly parameters?: Partial<Omit<ChatCompletionCreateParamsStreaming, "model" | "messages" | "stream">>;
  /**
   * What the server sends passes through it on the way to the person; what it throws ends the answer, and
   * `takeBack` says whether it takes back what came before. @default nothing stands between
   */
  readonly guard?: (
    chunks: AsyncIterable<ChatCompletionChunk>,
    context: TurnContext,
  ) => AsyncIterable<ChatCompletionChunk>;
  /** The model that names a new conversation after its first answer; null: nobody does. @default `model` */
  readonly titleModel?: string | null;
  /** What makes the thread the model's input. @default a `ThreadItemConverter` that reads attachments, and hidden context of any kind */
  readonly converter?: (context: TurnContext) => Pick<ThreadItemConverter, "toModelInput">;
  /** Newest items of the thread that the model is given. @default 100 */
  readonly historyItems?: number;
  /** Told what each answer used, and why one failed. @default one line of JSON each, on standard error */
  readonly log?: Log;
}

/**
 * The responder for a model behind the Chat Completions API, by the official `openai` package, which is
 * loaded with the first answer: for the many servers that offer no Responses API. The thread is its input.
 *
 * What fails at the model's server is told as `upstream_failed`; when the turn's signal aborts, so does
 * the request.
 */
export function chatCompletions(options: ChatCompletionsOptions): Respond {
  const { log = logToStderr, titleModel = options.model } = options;
  let loading: Promise<ChatCompletionsClient> | undefined;
  return async function* respond(context, message) {
    loading ??= options.client === undefined ? load(options) : Promise.resolve(options.client);
    const client = await loading;
    const items = await context.thread.history(options.historyItems);
    const asked = message ?? items.findLast((item): item is UserMessageItem => item.type === "user_message");
    const converter = options.converter?.(context) ?? new AnyContextConverter({ context });
    const messages = chatMessages(await converter.toModelInput(items));
    const body = requestOf(options, messages, asked, message === null);
    const onUsage = (usage: ModelUsage) => {
      log({ level: "info", message: usageLine(body.model, usage), request_id: context.requestId });
      options.onUsage?.(usage);
    };
    const chunks = chunksOf(client, body, context.signal);
    const guarded = options.guard?.(chunks, context) ?? chunks;
    const answer = yield* logged(
      fromChatCompletionChunks(context, guarded, { ...options, onUsage }),
      context,
      log,
    );
    if (titleModel === null) return;
    const ask: Ask = async ({ instructions, input }, signal) => {
      const turns = [said("system", instructions), said("user", input)];
      const short = { model: titleModel, messages: turns, stream: false as const };
      const completion = await client.chat.completions.create(short, { signal, maxRetries: 0 });
      return completion.choices[0]?.message.content ?? "";
    };
    await nameThread(context, { ask, asked, answer, log });
  };
}

async function load({ apiKey, baseURL }: ChatCompletionsOptions): Promise<OpenAI> {
  const { default: OpenAI } = await import("openai");
  return new OpenAI({
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseURL === undefined ? {} : { baseURL }),
  });
}

const said = (role: "system" | "user", content: string): ChatCompletionMessageParam => ({ role, content });

function requestOf(
  options: ChatCompletionsOptions,
  messages: readonly ChatCompletionMessageParam[],
  asked: UserMessageItem | undefined,
  continues: boolean,
): ChatCompletionCreateParamsStreaming {
  const { models = [], instructions, tools = [], parameters } = options;
  const { model, tool_choice } = asked?.inference_options ?? {};
  // Once the tool has been called, the choice is made.
  const chosen = continues ? undefined : tools.find((tool) => tool.function.name === tool_choice?.id);
  return {
    model: model !== undefined && models.includes(model) ? model : options.model,
    messages: [...(instructions === undefined ? [] : [said("system", instructions)]), ...messages],
    stream: true,
    stream_options: { include_usage: true },
    // The page carries out one call at a time.
    ...(tools.length === 0 ? {} : { tools: [...tools], parallel_tool_calls: false }),
    ...(chosen === undefined
      ? {}
      : { tool_choice: { type: "function", function: { name: chosen.function.name } } }),
    ...parameters,
  };
}

/** The server's own chunks; whatever goes wrong on the way is an `upstream_failed`, or the turn's abort. */
async function* chunksOf(
  client: ChatCompletionsClient,
  body: ChatCompletionCreateParamsStreaming,
  signal: AbortSignal,
): AsyncGenerator<ChatCompletionChunk> {
  try {
    yield* await client.chat.completions.create(body, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, body.model);
  }
}
