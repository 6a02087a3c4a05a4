import type { ThreadItem, UserMessageItem } from "@waybill/protocol";
import type OpenAI from "openai";
import type { Responses } from "openai/resources/responses/responses";
import { type Log, logToStderr } from "../../log.ts";
import { AnyContextConverter } from "../model-input/any-context-converter.ts";
import type { ThreadItemConverter } from "../model-input/thread-item-converter.ts";
import { logged } from "../model-output/log-failure.ts";
import { failureOf } from "../model-output/model-failure.ts";
import { type ModelUsage, usageLine } from "../model-output/model-usage.ts";
import { type Ask, nameThread } from "../model-output/thread-title.ts";
import type { Respond, TurnContext } from "../respond.ts";
import { type FromResponseEventsOptions, fromResponseEvents } from "./from-response-events.ts";
import { responseInput } from "./response-input.ts";

/** Options of {@link openai}. */
export interface OpenAIOptions extends Omit<FromResponseEventsOptions, "partialImages"> {
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
   * on the page, as a client tool, and the answer goes on with its result: of several calls the first.
   * @default none
   */
  readonly tools?: readonly Responses.Tool[];
  /** How the model reasons, for models that do; `summary` makes it visible. @default the model's own */
  readonly reasoning?: OpenAI.Reasoning;
  /**
   * Anything else of the request, as `max_output_tokens` or `include`; null takes away what is asked for by
   * default. @default nothing
   */
  readonly parameters?: Partial<Omit<Responses.ResponseCreateParamsStreaming, "model" | "input" | "stream">>;
  /**
   * What the model says passes through it on the way to the person; what it throws ends the answer, and
   * `takeBack` says whether it takes back what came before. @default nothing stands between
   */
  readonly guard?: (
    events: AsyncIterable<Responses.ResponseStreamEvent>,
    context: TurnContext,
  ) => AsyncIterable<Responses.ResponseStreamEvent>;
  /** The model that names a new conversation after its first answer; null: nobody does. @default `model` */
  readonly titleModel?: string | null;
  /** What makes the thread the model's input. @default a `ThreadItemConverter` that reads attachments, and hidden context of any kind */
  readonly converter?: (context: TurnContext) => Pick<ThreadItemConverter, "toModelInput">;
  /** Newest items of the thread that the model is given. @default 100 */
  readonly historyItems?: number;
  /** Largest attachment that the model is given, in bytes; of a larger one it is told. Not with a `converter`. @default 20 MiB */
  readonly maxAttachmentBytes?: number;
  /** Bytes of all attachments that one request carries, newest first. Not with a `converter`. @default 32 MiB */
  readonly maxRequestAttachmentBytes?: number;
  /** Told what each answer used, and why one failed. @default one line of JSON each, on standard error */
  readonly log?: Log;
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
  const { log = logToStderr, titleModel = options.model } = options;
  let loading: Promise<Pick<OpenAI, "responses">> | undefined;
  return async function* respond(context, message) {
    loading ??= options.client === undefined ? load(options) : Promise.resolve(options.client);
    const client = await loading;
    const items = await context.thread.history(options.historyItems);
    const asked = message ?? items.findLast((item): item is UserMessageItem => item.type === "user_message");
    const body = await requestOf(options, context, items, asked, message === null);
    const onUsage = (usage: ModelUsage) => {
      log({ level: "info", message: usageLine(String(body.model), usage), request_id: context.requestId });
      options.onUsage?.(usage);
    };
    const partialImages = body.tools?.find((tool) => tool.type === "image_generation")?.partial_images;
    const events = modelStream(client, body, context.signal);
    const guarded = options.guard?.(events, context) ?? events;
    const answer = yield* logged(
      fromResponseEvents(context, guarded, { ...options, onUsage, partialImages }),
      context,
      log,
    );
    if (titleModel === null) return;
    const ask: Ask = async (request, within) => {
      const body = { model: titleModel, ...request, store: false };
      const { output_text } = await client.responses.create(body, { signal: within, maxRetries: 0 });
      return output_text;
    };
    await nameThread(context, { ask, asked, answer, log });
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
  const converter =
    options.converter?.(context) ??
    new AnyContextConverter({ context, maxAttachmentBytes, maxRequestAttachmentBytes });
  return {
    model: model !== undefined && options.models?.includes(model) ? model : options.model,
    input: responseInput(await converter.toModelInput(items)),
    stream: true,
    store: false,
    ...(options.instructions === undefined ? {} : { instructions: options.instructions }),
    ...(options.reasoning === undefined ? {} : { reasoning: options.reasoning }),
    // The page carries out one call at a time.
    ...(tools.length === 0 ? {} : { tools: [...tools], parallel_tool_calls: false }),
    ...(chosen?.type === "function" ? { tool_choice: { type: "function", name: chosen.name } } : {}),
    ...options.parameters,
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
}
