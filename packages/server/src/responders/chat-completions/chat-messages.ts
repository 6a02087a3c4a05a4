import type {
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { type PlainPart, plainInput } from "../model-input/plain-input.ts";
import type { ModelInputItem } from "../model-input/thread-item-converter.ts";

/**
 * What a `ThreadItemConverter` makes of a thread, in the words of the Chat Completions API. Text alone is
 * sent as a string, which every server takes.
 *
 * @throws ChatError `not_implemented` for what the API has no word for
 */
export function chatMessages(items: readonly ModelInputItem[]): ChatCompletionMessageParam[] {
  return plainInput(items).map((message): ChatCompletionMessageParam => {
    switch (message.role) {
      case "system":
        return { role: "system", content: message.text };
      case "user": {
        const texts = message.parts.map((part) => (part.type === "text" ? part.text : undefined));
        const plain = texts.every((text) => text !== undefined);
        return { role: "user", content: plain ? texts.join("\n\n") : message.parts.map(partOf) };
      }
      case "assistant": {
        const { text, calls } = message;
        if (calls.length === 0) return { role: "assistant", content: text };
        const tool_calls = calls.map(({ id, name, arguments: given }) => ({
          type: "function" as const,
          id,
          function: { name, arguments: given },
        }));
        return { role: "assistant", content: text === "" ? null : text, tool_calls };
      }
      case "tool":
        return { role: "tool", tool_call_id: message.id, content: message.output };
    }
  });
}

function partOf(part: PlainPart): ChatCompletionContentPart {
  if (part.type === "text") return { type: "text", text: part.text };
  if (part.type === "image") return { type: "image_url", image_url: { url: part.url } };
  const { filename } = part;
  const file = { file_data: part.url, ...(filename === undefined ? {} : { filename }) };
  return { type: "file", file };
}
