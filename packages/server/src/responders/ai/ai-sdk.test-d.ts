import { jsonSchema, type LanguageModel, streamText, tool } from "ai";
import { expectTypeOf, test } from "vitest";
import type { Respond, TurnContext } from "../respond.ts";
import { aiSdk } from "./ai-sdk.ts";
import { fromTextStreamParts } from "./from-text-stream-parts.ts";

const locate = tool({
  inputSchema: jsonSchema<{ what: string }>({ type: "object" }),
  execute: async ({ what }) => what.length,
});

test("typed tools are tools, and a stream of the SDK is one", () => {
  expectTypeOf(
    (model: LanguageModel) => aiSdk({ model, tools: { locate } }) satisfies Respond,
  ).toBeFunction();
  expectTypeOf((model: LanguageModel, turn: TurnContext) => {
    const { stream } = streamText({ model, prompt: "hi", tools: { locate } });
    return fromTextStreamParts(turn, stream);
  }).toBeFunction();
});

test("what the bridge decides is no setting", () => {
  expectTypeOf((model: LanguageModel) => {
    // @ts-expect-error the thread is the input
    aiSdk({ model, settings: { messages: [] } });
  }).toBeFunction();
});
