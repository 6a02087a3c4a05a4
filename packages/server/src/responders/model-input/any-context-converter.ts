import type { HiddenContextItem } from "@waybill/protocol";
import { type ModelInput, ThreadItemConverter } from "./thread-item-converter.ts";

/** Tells hidden context of any kind as JSON: whatever the application keeps for the model is no reason to refuse a turn. */
export class AnyContextConverter extends ThreadItemConverter {
  override hiddenContext(item: HiddenContextItem): ModelInput {
    const { content } = item;
    return super.hiddenContext({
      ...item,
      content: typeof content === "string" ? content : JSON.stringify(content),
    });
  }
}
