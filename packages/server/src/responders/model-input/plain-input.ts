import { ChatError } from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { ModelInputItem, ModelInputPart } from "./thread-item-converter.ts";

/** A part of what a person sends. `url` holds the bytes, or says where they are. */
export type PlainPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image" | "file"; readonly url: string; readonly filename?: string };

/** A call that the page has carried out; `arguments` is the text of a JSON object. */
export interface PlainCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A message to a model that knows messages alone. */
export type PlainMessage =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly parts: readonly PlainPart[] }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly PlainCall[] }
  /** `output` is JSON text. */
  | { readonly role: "tool"; readonly id: string; readonly name: string; readonly output: string };

/**
 * Input of the Responses API, which `ThreadItemConverter` makes, as messages: those of one role that follow
 * each other become one, because some models' templates insist on turns; empty ones are left out. Files of
 * text are told as text, which every model reads.
 *
 * @throws ChatError `not_implemented` for what messages cannot tell, as files by their ids
 */
export function plainInput(items: readonly ModelInputItem[]): PlainMessage[] {
  const messages: PlainMessage[] = [];
  const names = new Map<string, string>();
  for (const item of items) {
    const message = plainMessage(item, names);
    const last = messages.at(-1);
    if (message.role === "user" && message.parts.length === 0) continue;
    if (message.role === "user" && last?.role === "user") {
      messages[messages.length - 1] = { role: "user", parts: [...last.parts, ...message.parts] };
    } else if (message.role === "assistant" && last?.role === "assistant") {
      const text = [last.text, message.text].filter((one) => one !== "").join("\n\n");
      messages[messages.length - 1] = { role: "assistant", text, calls: [...last.calls, ...message.calls] };
    } else if (message.role !== "assistant" || message.text !== "" || message.calls.length > 0) {
      messages.push(message);
    }
  }
  return messages;
}

function plainMessage(item: ModelInputItem, names: Map<string, string>): PlainMessage {
  if ("role" in item && "content" in item) {
    const { role, content } = item;
    if (role === "user") {
      const parts = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
      return { role, parts: parts.map(partOf).filter((part) => part.type !== "text" || part.text !== "") };
    }
    const text = typeof content === "string" ? content : content.map(textIn).join("\n\n");
    return role === "assistant" ? { role, text, calls: [] } : { role: "system", text };
  }
  if (item.type === "function_call") {
    const { call_id: id, name, arguments: given } = item;
    names.set(id, name);
    return { role: "assistant", text: "", calls: [{ id, name, arguments: given || "{}" }] };
  }
  if (item.type === "function_call_output" && item.call_id && typeof item.output === "string") {
    const { call_id: id, output } = item;
    return { role: "tool", id, name: names.get(id) ?? "", output };
  }
  throw notImplemented(`input of the kind ${item.type ?? "that has no name"}`);
}

type AnyPart = ModelInputPart | Responses.ResponseOutputText | Responses.ResponseOutputRefusal;

function textIn(part: AnyPart): string {
  if ("text" in part) return part.text;
  return "refusal" in part ? part.refusal : "";
}

function partOf(part: AnyPart | (PlainPart & { readonly type: "text" })): PlainPart {
  if (part.type === "input_image" && part.image_url) return { type: "image", url: part.image_url };
  if (part.type === "input_file") {
    const { filename } = part;
    const url = part.file_data ?? part.file_url;
    const text = url ? /^data:(?:text\/[^;,]+|application\/json);base64,(.*)$/s.exec(url)?.[1] : undefined;
    if (text !== undefined) {
      const words = Buffer.from(text, "base64").toString("utf8");
      return { type: "text", text: `The file ${filename ?? "without a name"}:\n${words}` };
    }
    if (url) return { type: "file", url, ...(filename === undefined ? {} : { filename }) };
  }
  if ("text" in part) return { type: "text", text: part.text };
  throw notImplemented("files by their ids");
}

const notImplemented = (what: string) =>
  new ChatError("not_implemented", { message: `This server's model is given no ${what}.` });
