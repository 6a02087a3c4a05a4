export type { ModelImage } from "../model-output/response-events.ts";
export { accumulateText, type TextComponent } from "./accumulate-text.ts";
export { AgentContext, type AgentToolCall, type AgentTurn } from "./agent-context.ts";
export { agentInput } from "./agent-input.ts";
export { type AgentsOptions, agents } from "./agents.ts";
export type { AgentRunEvent } from "./model-events.ts";
export {
  type AgentRun,
  type AgentUsage,
  type StreamAgentResponseOptions,
  streamAgentResponse,
} from "./stream-agent-response.ts";
