import type { ModelInputItem, ModelInputPart } from "../model-input/thread-item-converter.ts";

/**
 * What a `ThreadItemConverter` makes of a thread, as every server of the Responses API takes it: earlier
 * answers are plain text, because parts of them without the server's own ids are refused by some; what
 * has no words and no files is left out.
 */
export function responseInput(items: readonly ModelInputItem[]): ModelInputItem[] {
  return items.flatMap((item): readonly ModelInputItem[] => {
    if (!("role" in item && "content" in item) || typeof item.content === "string") return [item];
    const parts = item.content.filter((part) => !("text" in part) || part.text !== "");
    if (parts.length === 0) return [];
    if (item.role !== "assistant") return [{ role: item.role, content: parts.filter(isInput) }];
    const texts = parts.map((part) => ("text" in part ? part.text : "refusal" in part ? part.refusal : ""));
    return [{ role: "assistant", content: texts.join("\n\n") }];
  });
}

const isInput = (part: { readonly type: string }): part is ModelInputPart => part.type.startsWith("input_");
