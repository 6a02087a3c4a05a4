import {
  type AssistantMessageItem,
  type Attachment,
  ChatError,
  type ClientToolCallItem,
  type EndOfTurnItem,
  type GeneratedImageItem,
  type HiddenContextItem,
  type InputTag,
  type Json,
  type StructuredInputItem,
  type Task,
  type TaskItem,
  type ThreadItem,
  type UserMessageItem,
  type WidgetItem,
  type WorkflowItem,
} from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnAttachment, TurnContext } from "../respond.ts";
import { absent, attachmentPart, type ByteBudget } from "./attachment-part.ts";

const MAX_ATTACHMENT_BYTES = 20 * 1024 ** 2;
const MAX_REQUEST_ATTACHMENT_BYTES = 32 * 1024 ** 2;

/** One item of a model's input, as the Responses API takes it. */
export type ModelInputItem = Responses.ResponseInputItem;
/** One part of a message to a model. */
export type ModelInputPart = Responses.ResponseInputContent;
/** What an item of a thread becomes: nothing, or some items of a model's input, now or later. */
export type ModelInput = readonly ModelInputItem[] | Promise<readonly ModelInputItem[]>;

/** Options of {@link ThreadItemConverter}. */
export interface ThreadItemConverterOptions {
  /** The turn, whose attachments are read. @default none: a message with attachments is refused */
  readonly context?: Pick<TurnContext, "attachments" | "attachment" | "signal"> | undefined;
  /** Largest attachment that the model is given, in bytes; of a larger one it is told. @default 20 MiB */
  readonly maxAttachmentBytes?: number | undefined;
  /** Bytes of all attachments that one input carries, newest first. @default 32 MiB */
  readonly maxRequestAttachmentBytes?: number | undefined;
}

/**
 * The items of a thread as a model's input. Each kind of item has a method, which a subclass may override;
 * an empty list leaves the item out. Make one per turn: the attachments share one budget.
 *
 * Source: openai-chatkit 1.6.5, `agents.py`, `ThreadItemConverter`.
 */
export class ThreadItemConverter {
  readonly #context: ThreadItemConverterOptions["context"];
  readonly #budget: ByteBudget;

  constructor(options: ThreadItemConverterOptions = {}) {
    this.#context = options.context;
    this.#budget = {
      eachBytes: options.maxAttachmentBytes ?? MAX_ATTACHMENT_BYTES,
      leftBytes: options.maxRequestAttachmentBytes ?? MAX_REQUEST_ATTACHMENT_BYTES,
    };
  }

  /**
   * Items, oldest first, as a model's input in the same order; no items are an empty input. Attachments of
   * the newest messages have the first claim on the budget.
   *
   * @throws ChatError `not_implemented` for what no method takes: attachments without a `context`, hidden
   * context that is no text. The turn's own reason if its signal aborts.
   */
  async toModelInput(items: readonly ThreadItem[]): Promise<ModelInputItem[]> {
    const input: (readonly ModelInputItem[])[] = [];
    let answered = false;
    for (const item of items.toReversed()) {
      this.#context?.signal.throwIfAborted();
      input.push(await this.#convert(item, answered));
      answered ||= item.type !== "hidden_context_item" && item.type !== "sdk_hidden_context";
    }
    return input.toReversed().flat();
  }

  #convert(item: ThreadItem, answered: boolean): ModelInput {
    switch (item.type) {
      case "user_message":
        return this.userMessage(item, !answered);
      case "assistant_message":
        return this.assistantMessage(item);
      case "client_tool_call":
        return this.clientToolCall(item);
      case "structured_input":
        return this.structuredInput(item);
      case "widget":
        return this.widget(item);
      case "generated_image":
        return this.generatedImage(item);
      case "task":
        return this.task(item);
      case "workflow":
        return this.workflow(item);
      case "hidden_context_item":
      case "sdk_hidden_context":
        return this.hiddenContext(item);
      case "end_of_turn":
        return this.endOfTurn(item);
    }
  }

  /**
   * A person's message: its text with tags as `@text` and its attachments, then, in messages of their own,
   * what it quotes if it is the one to be answered (`isLast`: nothing but hidden context follows), and its
   * tags, each id once.
   */
  async userMessage(item: UserMessageItem, isLast: boolean): Promise<readonly ModelInputItem[]> {
    const words = item.content.map((part) => (part.type === "input_tag" ? `@${part.text}` : part.text));
    const content: ModelInputPart[] = [text(words.join(""))];
    for (const attachment of item.attachments) content.push(await this.attachment(attachment));
    const input: ModelInputItem[] = [byUser(content)];
    if (item.quoted_text && isLast) {
      input.push(byUser([text(`The message above is about this passage:\n${item.quoted_text}`)]));
    }
    const tags = tagsOf(item);
    if (tags.length > 0) {
      const parts: ModelInputPart[] = [text("What the names with an @ stand for; write them without it:")];
      for (const tag of tags) parts.push(await this.tag(tag));
      input.push(byUser(parts));
    }
    return input;
  }

  /** An attachment of a person's message: its bytes, or a sentence that says what was there. */
  async attachment({ id, name, mime_type }: Attachment): Promise<ModelInputPart> {
    const context = this.#context;
    if (context === undefined) throw notImplemented("attachments, without the turn that has them");
    const attachment = await readable(id, context);
    return attachment === null
      ? absent({ name, mime_type }, "which is gone")
      : attachmentPart(attachment, this.#budget, context.signal);
  }

  /** An entity that a person named. */
  tag({ id, text: name, data }: InputTag): ModelInputPart | Promise<ModelInputPart> {
    return text(`@${name} is: ${JSON.stringify({ id, ...data })}`);
  }

  assistantMessage(item: AssistantMessageItem): ModelInput {
    const content = item.content.map((part) => ({ type: "output_text", text: part.text, annotations: [] }));
    // The API takes earlier answers without id and status; the package's types do not say so.
    return [{ type: "message", role: "assistant", content } as unknown as Responses.EasyInputMessage];
  }

  /** A call that the page has carried out, with its result; one that is pending is left out. */
  clientToolCall({ call_id, name, status, arguments: given, output }: ClientToolCallItem): ModelInput {
    if (status === "pending") return [];
    return [
      { type: "function_call", call_id, name, arguments: JSON.stringify(given) },
      { type: "function_call_output", call_id, output: JSON.stringify(output ?? null) },
    ];
  }

  /** Questions and answers, those without an answer too. */
  structuredInput({ status, inputs }: StructuredInputItem): ModelInput {
    const lines = inputs.map(({ question, answer }) => {
      if (answer === undefined) return `- ${question}: unanswered`;
      return `- ${question}: ${answer.skipped ? "skipped" : answer.values.join(", ")}`;
    });
    const head = `The person was shown questions, which are ${status} by now:`;
    return [byUser([text([head, ...lines].join("\n"))])];
  }

  /** A widget as JSON, without its nulls. */
  widget({ id, widget }: WidgetItem): ModelInput {
    const tree = JSON.stringify(widget, (_, value: Json | undefined) => value ?? undefined);
    return [byUser([text(`The person was shown this widget (${id}):\n${tree}`)])];
  }

  /** A picture by its URL, which, if it holds the picture, shares the attachments' budget; one without any is left out. */
  generatedImage({ image }: GeneratedImageItem): ModelInput {
    if (image === undefined) return [];
    const made = text("The assistant made this picture:");
    const bytes = image.url.startsWith("data:") ? image.url.length : 0;
    if (bytes > Math.min(this.#budget.eachBytes, this.#budget.leftBytes)) {
      return [byUser([made, text("[a picture that is too large to be handed to you]")])];
    }
    this.#budget.leftBytes -= bytes;
    return [byUser([made, { type: "input_image", detail: "auto", image_url: image.url }])];
  }

  /** A task of the application's own with its title and content; other kinds are left out. */
  task({ task }: Pick<TaskItem, "task">): ModelInput {
    const words = wordsOf(task);
    return words === "" ? [] : [byUser([text(`The person was shown that this was done:\n${words}`)])];
  }

  /** The application's own tasks, one message each. */
  async workflow({ workflow }: WorkflowItem): Promise<readonly ModelInputItem[]> {
    const input = await Promise.all(workflow.tasks.map((task) => this.task({ task })));
    return input.flat();
  }

  /** Context for the model alone: the application's, if it is text, and the server's own notes. */
  hiddenContext({ content }: HiddenContextItem): ModelInput {
    if (typeof content !== "string") throw notImplemented("hidden context that is no text");
    return [byUser([text(`Context that the person does not see:\n${content}`)])];
  }

  endOfTurn(_item: EndOfTurnItem): ModelInput {
    return [];
  }
}

/** A part of text. */
export const text = (value: string): Responses.ResponseInputText => ({ type: "input_text", text: value });

/** The tags of a message, each id once, in their order. */
export function tagsOf({ content }: UserMessageItem): InputTag[] {
  const tags = new Map<string, InputTag>();
  for (const part of content) if (part.type === "input_tag" && !tags.has(part.id)) tags.set(part.id, part);
  return [...tags.values()];
}

const byUser = (content: ModelInputPart[]): ModelInputItem => ({ type: "message", role: "user", content });

const notImplemented = (what: string) =>
  new ChatError("not_implemented", { message: `This server's model is given no ${what}.` });

function wordsOf(task: Task): string {
  return task.type === "custom" ? [task.title, task.content].filter(Boolean).join(": ") : "";
}

async function readable(
  id: string,
  context: Pick<TurnContext, "attachments" | "attachment">,
): Promise<TurnAttachment | null> {
  return context.attachments.find((own) => own.id === id) ?? (await context.attachment(id));
}
