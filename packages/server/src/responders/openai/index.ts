export type { ModelUsage } from "../model-output/model-usage.ts";
export type { ModelImage } from "../model-output/response-events.ts";
export { type FromResponseEventsOptions, fromResponseEvents } from "./from-response-events.ts";
export type { OpenAIOptions } from "./openai.ts";
export { openai } from "./openai.ts";
export { responseInput } from "./response-input.ts";
