import type { Json } from "@waybill/protocol";
import { type AgentRunEvent, ModelEvents } from "./model-events.ts";

/** A widget's component that shows text. */
export interface TextComponent {
  readonly [key: string]: Json;
  readonly type: "Markdown" | "Text";
}

/**
 * The states of a component whose text a run writes: first as it was given, then with what has been written
 * so far, at last whole and with `streaming` false. Without any text the last one is empty.
 *
 * Source: openai-chatkit 1.6.5, `agents.py`, `accumulate_text`.
 */
export async function* accumulateText(
  run: AsyncIterable<AgentRunEvent>,
  component: TextComponent,
): AsyncGenerator<TextComponent> {
  let value = "";
  yield component;
  const model = new ModelEvents();
  for await (const event of run) {
    for (const told of model.read(event)) {
      if (told.type !== "response.output_text.delta") continue;
      value += told.delta;
      yield { ...component, value };
    }
  }
  yield { ...component, value, streaming: false };
}
