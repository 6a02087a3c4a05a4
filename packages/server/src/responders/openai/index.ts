export type { OpenAIOptions } from "./openai.ts";
export { openai } from "./openai.ts";
