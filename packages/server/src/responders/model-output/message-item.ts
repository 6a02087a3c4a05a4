import {
  type Annotation,
  type AssistantMessageContent,
  type AssistantMessageItem,
  createId,
  type ThreadItemUpdate,
} from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnEvent } from "../respond.ts";

/** A part of a message of the Responses API. */
export type ModelPart = Responses.ResponseOutputText | Responses.ResponseOutputRefusal;
/** A citation of the Responses API, as it is streamed or as it stands in a part. */
export type ModelAnnotation = Responses.ResponseOutputTextAnnotationAddedEvent["annotation"];

/** One message of a model while it streams: the events that it becomes, and the item in the end. */
export class MessageItem {
  readonly #base: Omit<AssistantMessageItem, "content">;
  readonly #parts: { text: string; annotations: Annotation[]; done: boolean }[] = [];

  constructor(threadId: string, createdAt: string, id: string = createId("message")) {
    this.#base = { id, thread_id: threadId, created_at: createdAt, type: "assistant_message" };
  }

  begin(content: readonly ModelPart[]): TurnEvent {
    return { type: "thread.item.added", item: { ...this.#base, content: content.map(contentOf) } };
  }

  partAdded(content_index: number, part: ModelPart): TurnEvent {
    const content = contentOf(part);
    this.#part(content_index).text = content.text;
    return this.#update({ type: "assistant_message.content_part.added", content_index, content });
  }

  *delta(content_index: number, delta: string): Generator<TurnEvent> {
    if (delta === "") return;
    this.#part(content_index).text += delta;
    yield this.#update({ type: "assistant_message.content_part.text_delta", content_index, delta });
  }

  /** A citation; indexes stay dense where one is left out. */
  *annotation(content_index: number, given: ModelAnnotation): Generator<TurnEvent> {
    const annotation = annotationOf(given);
    if (annotation !== null) yield this.annotate(content_index, annotation);
  }

  annotate(content_index: number, annotation: Annotation): TurnEvent {
    const annotation_index = this.#part(content_index).annotations.push(annotation) - 1;
    return this.#update({
      type: "assistant_message.content_part.annotation_added",
      content_index,
      annotation_index,
      annotation,
    });
  }

  /** A part ends, for the first time: the API says so twice. */
  *partDone(content_index: number, text: string): Generator<TurnEvent> {
    const part = this.#part(content_index);
    if (part.done) return;
    part.done = true;
    part.text = text;
    const content = this.#content(content_index);
    yield this.#update({ type: "assistant_message.content_part.done", content_index, content });
  }

  /** The end. What a server leaves out of the finished message is taken from what it had streamed. */
  done(content: readonly ModelPart[]): TurnEvent {
    const whole = Array.from({ length: Math.max(content.length, this.#parts.length) }, (_, index) => {
      const streamed = this.#content(index);
      const part = content[index];
      if (part === undefined) return streamed;
      const { text, annotations } = contentOf(part);
      return {
        type: "output_text" as const,
        text: text || streamed.text,
        annotations: annotations.length > 0 ? annotations : streamed.annotations,
      };
    });
    return { type: "thread.item.done", item: { ...this.#base, content: whole } };
  }

  #part(index: number) {
    while (this.#parts.length <= index) this.#parts.push({ text: "", annotations: [], done: false });
    const part = this.#parts[index];
    if (part === undefined) throw new RangeError(`A message has no part ${index}.`);
    return part;
  }

  #content(index: number): AssistantMessageContent {
    const { text = "", annotations = [] } = this.#parts[index] ?? {};
    return { type: "output_text", text, annotations: [...annotations] };
  }

  #update(update: ThreadItemUpdate): TurnEvent {
    return { type: "thread.item.updated", item_id: this.#base.id, update };
  }
}

/** A refusal is what the model says. */
function contentOf(part: ModelPart): AssistantMessageContent {
  if (part.type === "refusal") return { type: "output_text", text: part.refusal, annotations: [] };
  const annotations = (part.annotations ?? []).map(annotationOf).filter((one) => one !== null);
  return { type: "output_text", text: part.text, annotations };
}

/** Files that the model made itself have no name and no address that a page could use: null. */
export function annotationOf(given: ModelAnnotation): Annotation | null {
  switch (given?.type) {
    case "url_citation": {
      const { title, url, end_index: index } = given;
      return { type: "annotation", source: { type: "url", title: title || url, url }, index };
    }
    case "file_citation":
      return fileAnnotation(given.filename, given.index);
    case "container_file_citation":
      return fileAnnotation(given.filename, given.end_index);
    default:
      return null;
  }
}

function fileAnnotation(filename: string, index: number): Annotation | null {
  return filename === ""
    ? null
    : { type: "annotation", source: { type: "file", title: filename, filename }, index };
}
