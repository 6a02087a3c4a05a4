import { Agent, OpenAIResponsesModel, type RunContext, Runner, tool } from "@openai/agents";
import type { Respond, TurnEvent } from "@waybill/server";
import { type AgentContext, type AgentsOptions, agents } from "@waybill/server/responders/agents";
import OpenAI from "openai";
import { contextOf, type Outcome, type Situation, said } from "./model-turn.ts";
import { answer, message, type ResponsesApi, type Step, sendStream } from "./responses-api.ts";

type AgentConfig = ConstructorParameters<typeof Agent<AgentContext>>[0];

/** Answers the requests one after the other. */
export function streamAnswers(api: ResponsesApi, ...answers: Step[][]): void {
  const left = [...answers];
  api.script = (_, response) => sendStream(response, left.shift() ?? []);
}

/** A responder whose agent asks the model's server of the test. */
export function guide(
  api: ResponsesApi,
  config: Partial<AgentConfig> = {},
  options: Partial<AgentsOptions> = {},
): Respond {
  const client = new OpenAI({ apiKey: "sk-secret", baseURL: api.baseURL, maxRetries: 0 });
  const agent = new Agent<AgentContext>({
    name: "Guide",
    model: new OpenAIResponsesModel(client, "test-model"),
    ...config,
  });
  const runner = new Runner({ tracingDisabled: true });
  return agents({ agent, runner, log: () => undefined, ...options });
}

/** One turn of a responder. */
export async function agentTurn(
  respond: Respond,
  situation: Situation = {},
  onEvent: (event: TurnEvent) => void = () => undefined,
): Promise<Pick<Outcome, "events" | "error">> {
  const events: TurnEvent[] = [];
  try {
    for await (const event of respond(contextOf(situation), said())) {
      events.push(event);
      onEvent(event);
    }
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** A tool without parameters that gets the context of its run. */
export const toolOf = (
  name: string,
  execute: (context: AgentContext) => string | Promise<string>,
  options: { readonly errorFunction?: null } = {},
) =>
  tool({
    name,
    description: "A tool of a test.",
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    strict: false,
    ...options,
    execute: (_, run?: RunContext<AgentContext>) => {
      if (run === undefined) throw new Error("The tool has no context.");
      return execute(run.context);
    },
  });

/** The steps of a call of a function, whose ids end in its name. */
export function functionCall(name: string, given = "{}"): Step[] {
  const item = { type: "function_call" as const, id: `fc_${name}`, call_id: `call_${name}`, name };
  return [
    { type: "response.output_item.added", output_index: 0, item: { ...item, arguments: "" } },
    { type: "response.output_item.done", output_index: 0, item: { ...item, arguments: given } },
  ];
}

/** A whole answer that ends with what its steps have finished, which is what the SDK goes by. */
export function answered(...steps: Step[]): Step[] {
  const output = steps.flatMap((step) => (step.type === "response.output_item.done" ? [step.item] : []));
  return answer(...steps).map((step) =>
    step.type === "response.completed" ? { ...step, response: { ...step.response, output } } : step,
  );
}

/** A whole answer of one message in pieces. */
export const saying = (...pieces: string[]): Step[] => answered(...message(pieces));
