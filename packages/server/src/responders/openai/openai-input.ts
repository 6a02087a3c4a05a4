import type {
  AssistantMessageItem,
  HiddenContextItem,
  StructuredInputItem,
  UserMessageItem,
  WidgetItem,
} from "@waybill/protocol";
import {
  type ModelInput,
  type ModelInputItem,
  type ModelInputPart,
  ThreadItemConverter,
  tagsOf,
  text,
} from "../model-input/thread-item-converter.ts";

/**
 * A thread as the model behind the Responses API is given it: each message of the person is one, with
 * what it quotes in front and its tags and attachments behind; hidden context is the system's; widgets
 * count by their text, questions once they are answered.
 */
export class OpenAIInput extends ThreadItemConverter {
  override async userMessage(item: UserMessageItem): Promise<readonly ModelInputItem[]> {
    const content: ModelInputPart[] = [];
    if (item.quoted_text) {
      content.push(text(`The message below replies to this:\n${item.quoted_text.replace(/^/gm, "> ")}`));
    }
    const words = item.content.map((part) => (part.type === "input_tag" ? `@${part.text}` : part.text));
    if (words.length > 0) content.push(text(words.join("")));
    for (const tag of tagsOf(item)) content.push(await this.tag(tag));
    for (const attachment of item.attachments) content.push(await this.attachment(attachment));
    // An empty message is refused by the API.
    return [{ role: "user", content: content.length === 0 ? [text("")] : content }];
  }

  override assistantMessage(item: AssistantMessageItem): ModelInput {
    return said(item.content.map((part) => part.text).join("\n\n"));
  }

  override widget(item: WidgetItem): ModelInput {
    return said(item.copy_text ?? "");
  }

  override hiddenContext({ content }: HiddenContextItem): ModelInput {
    return [{ role: "system", content: typeof content === "string" ? content : JSON.stringify(content) }];
  }

  override structuredInput(item: StructuredInputItem): ModelInput {
    return item.status === "pending" ? [] : super.structuredInput(item);
  }
}

const said = (content: string): ModelInput => (content === "" ? [] : [{ role: "assistant", content }]);
