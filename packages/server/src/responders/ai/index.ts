export type { ModelUsage } from "../model-output/model-usage.ts";
export { type AiSdkOptions, type AiSdkSettings, aiSdk } from "./ai-sdk.ts";
export {
  type AiStreamPart,
  type AiToolCall,
  type FromTextStreamPartsOptions,
  fromTextStreamParts,
} from "./from-text-stream-parts.ts";
export { modelMessages } from "./model-messages.ts";
