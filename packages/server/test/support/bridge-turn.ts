import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LogEntry, Respond, TurnEvent } from "@waybill/server";
import { type AiSdkOptions, aiSdk } from "@waybill/server/responders/ai";
import { type ChatCompletionsOptions, chatCompletions } from "@waybill/server/responders/chat-completions";
import OpenAI from "openai";
import type { ChatCompletionsApi } from "./chat-completions-api.ts";
import { contextOf, type Outcome, type Situation, said } from "./model-turn.ts";

const AT = "2026-01-02T03:04:05.000Z";
const now = () => new Date(AT);

/** A responder by the real `openai` package. */
export const byChatCompletions = (
  api: ChatCompletionsApi,
  options: Partial<ChatCompletionsOptions> = {},
): Respond =>
  chatCompletions({
    client: new OpenAI({ apiKey: "sk-secret", baseURL: api.baseURL, maxRetries: 0, logLevel: "off" }),
    model: "test-model",
    log: () => undefined,
    now,
    ...options,
  });

/** A model of the real `@ai-sdk/openai-compatible`. */
export const compatible = (api: ChatCompletionsApi, model = "test-model") =>
  createOpenAICompatible({ name: "test", baseURL: api.baseURL, apiKey: "sk-secret", includeUsage: true })(
    model,
  );

/** A responder by the real `ai` package. */
export const byAiSdk = (api: ChatCompletionsApi, options: Partial<AiSdkOptions> = {}): Respond =>
  aiSdk({
    model: compatible(api),
    log: () => undefined,
    now,
    ...options,
    settings: { maxRetries: 0, ...options.settings },
  });

/** One turn of a responder that is made with the log of the turn. */
export async function bridgeTurn(
  respond: (log: (entry: LogEntry) => void) => Respond,
  situation: Situation = {},
  onEvent: (event: TurnEvent) => void = () => undefined,
): Promise<Outcome> {
  const { history = [said()] } = situation;
  const logged: LogEntry[] = [];
  const context = contextOf(situation);
  const events: TurnEvent[] = [];
  const last = history.at(-1);
  const message = last?.type === "user_message" ? last : null;
  let error: unknown;
  try {
    for await (const event of respond((entry) => logged.push(entry))(context, message)) {
      events.push(event);
      onEvent(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { events, error, logged, title: context.thread.title };
}
