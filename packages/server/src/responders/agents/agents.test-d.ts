import { Agent, run } from "@openai/agents";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Respond, TurnContext } from "../respond.ts";
import { AgentContext } from "./agent-context.ts";
import { agents } from "./agents.ts";
import { streamAgentResponse } from "./stream-agent-response.ts";

test("an agent with a context of its own, without any, and with typed output answer", () => {
  expectTypeOf(agents({ agent: new Agent<AgentContext>({ name: "a" }) })).toEqualTypeOf<Respond>();
  const plain = new Agent({ name: "a" });
  expectTypeOf(agents({ agent: plain })).toEqualTypeOf<Respond>();
  const outputType = z.object({ answer: z.string() });
  expectTypeOf(agents({ agent: new Agent({ name: "a", outputType }) })).toEqualTypeOf<Respond>();
  const handoffs = [new Agent<AgentContext>({ name: "b" })];
  expectTypeOf(
    agents({ agent: Agent.create<"text", typeof handoffs>({ name: "a", handoffs }) }),
  ).toEqualTypeOf<Respond>();
});

test("a streamed run of the SDK is a run", () => {
  expectTypeOf(async (turn: TurnContext) => {
    const context = new AgentContext(turn);
    const result = await run(new Agent<AgentContext>({ name: "a" }), "hi", { stream: true, context });
    return streamAgentResponse(context, result);
  }).toBeFunction();
});
