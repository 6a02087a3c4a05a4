import type { AgentInputItem } from "@openai/agents";
import type { Responses } from "openai/resources/responses/responses";
import type { ModelInputItem } from "../model-input/thread-item-converter.ts";
import { propertyOf } from "./model-events.ts";

type UserPart = Exclude<Extract<AgentInputItem, { role: "user" }>["content"], string>[number];
type Part = Responses.ResponseInputContent;

/**
 * Input of the Responses API, which `ThreadItemConverter` makes, in the words of the Agents SDK for
 * JavaScript, whose items are spelled otherwise. What the SDK has no word for goes to a model behind the
 * Responses API as it is; other models refuse it.
 */
export function agentInput(items: readonly ModelInputItem[]): AgentInputItem[] {
  const names = new Map<string, string>();
  return items.flatMap((item): AgentInputItem[] => {
    if ("role" in item && "content" in item) return messageOf(item);
    if (item.type === "function_call") {
      const { call_id: callId, name, arguments: given } = item;
      names.set(callId, name);
      return [{ type: "function_call", callId, name, arguments: given, status: "completed" }];
    }
    if (item.type === "function_call_output" && item.call_id && typeof item.output === "string") {
      const { call_id: callId, output } = item;
      const name = names.get(callId) ?? "";
      return [{ type: "function_call_result", callId, name, output, status: "completed" }];
    }
    return [{ type: "unknown", providerData: { ...item } }];
  });
}

function messageOf({
  role,
  content,
}: {
  readonly role: string;
  readonly content: unknown;
}): AgentInputItem[] {
  const parts = typeof content === "string" ? [{ type: "input_text", text: content }] : content;
  const list: readonly unknown[] = Array.isArray(parts) ? parts : [];
  // A message without content is refused by the API.
  if (list.length === 0) return [];
  if (role === "user") return [{ role, content: list.filter(isPart).map(partOf) }];
  const texts = list.map((part) => propertyOf(part, "text") ?? propertyOf(part, "refusal"));
  const words = texts.filter((text) => typeof text === "string");
  if (role !== "assistant") return [{ role: "system", content: words.join("\n\n") }];
  return [{ role, status: "completed", content: words.map((text) => ({ type: "output_text", text })) }];
}

function isPart(part: unknown): part is Part {
  return ["input_text", "input_image", "input_file"].includes(String(propertyOf(part, "type")));
}

function partOf(part: Part): UserPart {
  if (part.type === "input_text") return { type: "input_text", text: part.text };
  const { file_id: id } = part;
  if (part.type === "input_image") {
    const image = part.image_url ?? (id ? { id } : undefined);
    return { type: "input_image", detail: part.detail, ...(image === undefined ? {} : { image }) };
  }
  const { file_data, file_url: url, filename } = part;
  const file = file_data ?? (url ? { url } : id ? { id } : undefined);
  return {
    type: "input_file",
    ...(file === undefined ? {} : { file }),
    ...(filename === undefined ? {} : { filename }),
  };
}
