import type { InputTag, StructuredInputItem, ThreadItem, UserMessageItem } from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnAttachment, TurnContext } from "../respond.ts";
import { absent, attachmentPart, type ByteBudget } from "./attachment-part.ts";

type Part = Responses.ResponseInputContent;

const text = (value: string): Part => ({ type: "input_text", text: value });

/**
 * The items of a thread as a model's input, oldest first. Attachments of the newest messages have
 * the first claim on the budget. Widgets count by their text, open tool calls and what is shown
 * beside an answer not at all.
 */
export async function threadInput(
  items: readonly ThreadItem[],
  context: TurnContext,
  budget: ByteBudget,
): Promise<Responses.ResponseInputItem[]> {
  const input: Responses.ResponseInputItem[][] = [];
  for (const item of items.toReversed()) {
    context.signal.throwIfAborted();
    input.push(await inputOf(item, context, budget));
  }
  return input.toReversed().flat();
}

async function inputOf(
  item: ThreadItem,
  context: TurnContext,
  budget: ByteBudget,
): Promise<Responses.ResponseInputItem[]> {
  switch (item.type) {
    case "user_message":
      return [{ role: "user", content: await partsOf(item, context, budget) }];
    case "assistant_message":
      return said(item.content.map((part) => part.text).join("\n\n"));
    case "widget":
      return said(item.copy_text ?? "");
    case "hidden_context_item":
    case "sdk_hidden_context":
      return [{ role: "system", content: plain(item.content) }];
    case "client_tool_call": {
      const { call_id, name, status, output } = item;
      if (status === "pending") return [];
      return [
        { type: "function_call", call_id, name, arguments: JSON.stringify(item.arguments) },
        { type: "function_call_output", call_id, output: plain(output ?? null) },
      ];
    }
    case "structured_input":
      return item.status === "pending" ? [] : [{ role: "user", content: answersOf(item) }];
    default:
      return [];
  }
}

const said = (content: string): Responses.ResponseInputItem[] =>
  content === "" ? [] : [{ role: "assistant", content }];

const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

async function partsOf(message: UserMessageItem, context: TurnContext, budget: ByteBudget): Promise<Part[]> {
  const parts: Part[] = [];
  if (message.quoted_text) {
    parts.push(text(`The message below replies to this:\n${message.quoted_text.replace(/^/gm, "> ")}`));
  }
  const words = message.content.map((part) => (part.type === "input_tag" ? `@${part.text}` : part.text));
  if (words.length > 0) parts.push(text(words.join("")));
  const tags = new Map(
    message.content.filter((part): part is InputTag => part.type === "input_tag").map((tag) => [tag.id, tag]),
  );
  for (const { id, text: name, data } of tags.values()) {
    parts.push(text(`@${name} is: ${JSON.stringify({ id, ...data })}`));
  }
  for (const { id, name, mime_type } of message.attachments) {
    const attachment = await readable(id, context);
    parts.push(
      attachment === null
        ? absent({ name, mime_type }, "which is gone")
        : await attachmentPart(attachment, budget, context.signal),
    );
  }
  // An empty message is refused by the API.
  return parts.length === 0 ? [text("")] : parts;
}

async function readable(id: string, context: TurnContext): Promise<TurnAttachment | null> {
  return context.attachments.find((own) => own.id === id) ?? (await context.attachment(id));
}

function answersOf({ inputs }: StructuredInputItem): string {
  return inputs
    .map(({ question, answer }) => {
      const given = answer === undefined || answer.skipped ? "(skipped)" : answer.values.join(", ");
      return `${question}\n${given}`;
    })
    .join("\n\n");
}
