import type { FilePart, ModelMessage, TextPart } from "ai";
import { type PlainPart, plainInput } from "../model-input/plain-input.ts";
import type { ModelInputItem } from "../model-input/thread-item-converter.ts";

/**
 * What a `ThreadItemConverter` makes of a thread, in the words of the AI SDK. Words of the system within the
 * conversation are the user's, in brackets, because the SDK refuses them there.
 *
 * @throws ChatError `not_implemented` for what messages cannot tell
 */
export function modelMessages(items: readonly ModelInputItem[]): ModelMessage[] {
  return plainInput(items).map((message): ModelMessage => {
    switch (message.role) {
      case "system":
        return { role: "user", content: `[${message.text}]` };
      case "user":
        return { role: "user", content: message.parts.map(partOf) };
      case "assistant": {
        const text = message.text === "" ? [] : [{ type: "text" as const, text: message.text }];
        const calls = message.calls.map(({ id, name, arguments: given }) => ({
          type: "tool-call" as const,
          toolCallId: id,
          toolName: name,
          input: JSON.parse(given) as unknown,
        }));
        return { role: "assistant", content: [...text, ...calls] };
      }
      case "tool": {
        const { id: toolCallId, name: toolName } = message;
        const output = { type: "json" as const, value: JSON.parse(message.output) };
        return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] };
      }
    }
  });
}

function partOf(part: PlainPart): TextPart | FilePart {
  if (part.type === "text") return { type: "text", text: part.text };
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(part.url) ?? [];
  const { filename } = part;
  return {
    type: "file",
    mediaType: mediaType ?? (part.type === "image" ? "image/*" : "application/octet-stream"),
    data: data ?? new URL(part.url),
    ...(filename === undefined ? {} : { filename }),
  };
}
