import type { Agent, AgentOutputType, Runner } from "@openai/agents";
import { type Log, logToStderr } from "../../log.ts";
import { AnyContextConverter } from "../model-input/any-context-converter.ts";
import type { ThreadItemConverter } from "../model-input/thread-item-converter.ts";
import { logged } from "../model-output/log-failure.ts";
import type { Respond, TurnContext } from "../respond.ts";
import { AgentContext } from "./agent-context.ts";
import { agentInput } from "./agent-input.ts";
import {
  type AgentUsage,
  type StreamAgentResponseOptions,
  streamAgentResponse,
} from "./stream-agent-response.ts";

/** Options of {@link agents}. */
export interface AgentsOptions<Output extends AgentOutputType = "text"> extends StreamAgentResponseOptions {
  /** The agent that answers. Its tools find the `AgentContext` of the run as their context. */
  readonly agent: Agent<AgentContext, Output> | Agent<unknown, Output>;
  /** Runs the agent. @default a `Runner` of the SDK with its own settings */
  readonly runner?: Pick<Runner, "run">;
  /** What makes the thread the model's input. @default a `ThreadItemConverter` that reads attachments, and hidden context of any kind */
  readonly converter?: (context: TurnContext) => Pick<ThreadItemConverter, "toModelInput">;
  /** Newest items of the thread that the agent is given. @default 100 */
  readonly historyItems?: number;
  /** Requests to models within one run. @default the SDK's own */
  readonly maxTurns?: number;
  /** Told what each run has used, and why one failed. @default one line of JSON each, on standard error */
  readonly log?: Log;
}

/**
 * The responder for an agent of the OpenAI Agents SDK, which is loaded with the first answer: the thread is
 * its input, its run is the answer, and the turn's signal ends the run.
 *
 * @throws what `streamAgentResponse` throws
 */
export function agents<Output extends AgentOutputType = "text">(options: AgentsOptions<Output>): Respond {
  const { agent, historyItems, maxTurns, log = logToStderr } = options;
  let loading: Promise<Pick<Runner, "run">> | undefined;
  return async function* respond(turn) {
    loading ??= options.runner === undefined ? load() : Promise.resolve(options.runner);
    const runner = await loading;
    const converter = options.converter?.(turn) ?? new AnyContextConverter({ context: turn });
    const input = await converter.toModelInput(await turn.thread.history(historyItems));
    const context = new AgentContext(turn);
    const run = await runner.run(agent, agentInput(input), {
      stream: true,
      context,
      signal: turn.signal,
      ...(maxTurns === undefined ? {} : { maxTurns }),
    });
    const onUsage = (usage: AgentUsage) => {
      log({ level: "info", message: usageOf(agent.name, usage), request_id: turn.requestId });
      options.onUsage?.(usage);
    };
    yield* logged(streamAgentResponse(context, run, { ...options, onUsage }), turn, log);
  };
}

async function load(): Promise<Runner> {
  const { Runner } = await import("@openai/agents");
  return new Runner();
}

function usageOf(name: string, { requests, inputTokens, outputTokens }: AgentUsage): string {
  return `${name} answered: ${inputTokens} tokens in, ${outputTokens} out, ${requests} requests`;
}
