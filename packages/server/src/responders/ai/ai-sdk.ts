import type { UserMessageItem } from "@waybill/protocol";
import type { LanguageModel, streamText, ToolSet } from "ai";
import { type Log, logToStderr } from "../../log.ts";
import { AnyContextConverter } from "../model-input/any-context-converter.ts";
import type { ThreadItemConverter } from "../model-input/thread-item-converter.ts";
import { logged } from "../model-output/log-failure.ts";
import { type ModelUsage, usageLine } from "../model-output/model-usage.ts";
import { type Ask, nameThread } from "../model-output/thread-title.ts";
import type { Respond, TurnContext } from "../respond.ts";
import { aiFailure } from "./ai-failure.ts";
import { type FromTextStreamPartsOptions, fromTextStreamParts } from "./from-text-stream-parts.ts";
import { modelMessages } from "./model-messages.ts";

type StreamTextOptions = Parameters<typeof streamText<ToolSet>>[0];

/** Settings of the SDK's `streamText` that are not the bridge's own. */
export type AiSdkSettings = Partial<
  Omit<
    StreamTextOptions,
    "model" | "messages" | "prompt" | "system" | "instructions" | "tools" | "abortSignal"
  >
>;

/** Options of {@link aiSdk}. */
export interface AiSdkOptions extends Omit<FromTextStreamPartsOptions, "modelName"> {
  /** The model that answers, of any provider of the AI SDK. */
  readonly model: LanguageModel;
  /** Models that a message may ask for instead, by the names that it uses; what is not here is not asked. @default none */
  readonly models?: Readonly<Record<string, LanguageModel>>;
  /** What the model is told before the conversation. @default nothing */
  readonly instructions?: string;
  /**
   * Tools of the AI SDK, or those of one turn. With `execute` they run on the server, one step of the model
   * unless `settings.stopWhen` allows more; without, the page carries them out. @default none
   */
  readonly tools?: ToolSet | ((context: TurnContext) => ToolSet);
  /** Anything else that `streamText` takes, as `stopWhen`, `temperature` or `providerOptions`. @default nothing */
  readonly settings?: AiSdkSettings;
  /** The model that names a new conversation after its first answer; null: nobody does. @default `model` */
  readonly titleModel?: LanguageModel | null;
  /** What makes the thread the model's input. @default a `ThreadItemConverter` that reads attachments, and hidden context of any kind */
  readonly converter?: (context: TurnContext) => Pick<ThreadItemConverter, "toModelInput">;
  /** Newest items of the thread that the model is given. @default 100 */
  readonly historyItems?: number;
  /** Told what each answer used, and why one failed. @default one line of JSON each, on standard error */
  readonly log?: Log;
}

/**
 * The responder for any model of the Vercel AI SDK, which is loaded with the first answer. The thread is its
 * input; the SDK runs the tools that it can run. When the turn's signal aborts, or the answer fails, the
 * request ends.
 *
 * @throws what `fromTextStreamParts` throws
 */
export function aiSdk(options: AiSdkOptions): Respond {
  const { log = logToStderr, models = {}, titleModel = options.model, settings = {} } = options;
  return async function* respond(context, message) {
    const { requestId: request_id, signal } = context;
    const sdk = await import("ai");
    const items = await context.thread.history(options.historyItems);
    const asked = message ?? items.findLast((item): item is UserMessageItem => item.type === "user_message");
    const { model: wanted = "", tool_choice } = asked?.inference_options ?? {};
    const model = (Object.hasOwn(models, wanted) ? models[wanted] : undefined) ?? options.model;
    const name = nameOf(model);
    const converter = options.converter?.(context) ?? new AnyContextConverter({ context });
    const tools = typeof options.tools === "function" ? options.tools(context) : options.tools;
    const chosen =
      message !== null && tool_choice !== undefined && Object.hasOwn(tools ?? {}, tool_choice.id);
    const failed = new AbortController();
    const request: StreamTextOptions = {
      // The SDK's own way is the console.
      onError: () => undefined,
      ...settings,
      ...(options.instructions === undefined ? {} : { instructions: options.instructions }),
      ...(tools === undefined ? {} : { tools }),
      ...(chosen ? { prepareStep: firstCalling(tool_choice.id, settings.prepareStep) } : {}),
      model,
      messages: modelMessages(await converter.toModelInput(items)),
      abortSignal: AbortSignal.any([signal, failed.signal]),
    };
    const events = fromTextStreamParts(context, sdk.streamText(request).stream, {
      ...options,
      modelName: name,
      onUsage: (usage: ModelUsage) => {
        log({ level: "info", message: usageLine(name, usage), request_id });
        options.onUsage?.(usage);
      },
      onToolError: (error, toolName) => {
        log({ level: "warning", message: `The tool ${toolName} failed`, request_id, error });
        options.onToolError?.(error, toolName);
      },
    });
    let answer: string;
    try {
      answer = yield* logged(events, context, log);
    } finally {
      failed.abort();
    }
    if (titleModel === null) return;
    const ask: Ask = async ({ instructions, input }, within) => {
      try {
        const short = { model: titleModel, instructions, prompt: input, maxRetries: 0, abortSignal: within };
        return (await sdk.generateText(short)).text;
      } catch (error) {
        throw aiFailure(error, nameOf(titleModel));
      }
    };
    await nameThread(context, { ask, asked, answer, log });
  };
}

const nameOf = (model: LanguageModel): string => (typeof model === "string" ? model : model.modelId);

/** The choice holds for the first step alone: else the tool would be called again and again. */
function firstCalling(
  toolName: string,
  own: AiSdkSettings["prepareStep"],
): NonNullable<AiSdkSettings["prepareStep"]> {
  return async (step) => ({
    ...(step.stepNumber === 0 ? { toolChoice: { type: "tool" as const, toolName } } : {}),
    ...(await own?.(step)),
  });
}
