export type { ModelUsage } from "../model-output/model-usage.ts";
export {
  type ChatCompletionsClient,
  type ChatCompletionsOptions,
  chatCompletions,
} from "./chat-completions.ts";
export { chatMessages } from "./chat-messages.ts";
export { type FromChunksOptions, fromChatCompletionChunks } from "./from-chunks.ts";
