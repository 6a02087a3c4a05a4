import {
  type Annotation,
  type AssistantMessageContent,
  type AssistantMessageItem,
  createId,
  type Source,
  type ThreadItemUpdate,
} from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnEvent } from "../respond.ts";

type ModelAnnotation = Responses.ResponseOutputTextAnnotationAddedEvent["annotation"];

/** One message of a model while it streams: the events that it becomes, and the item in the end. */
export class AnswerItem {
  readonly #base: Omit<AssistantMessageItem, "content">;
  readonly #parts: { text: string; annotations: Annotation[] }[] = [];

  constructor(threadId: string, createdAt: string) {
    this.#base = {
      id: createId("message"),
      thread_id: threadId,
      created_at: createdAt,
      type: "assistant_message",
    };
  }

  begin(): TurnEvent {
    return { type: "thread.item.added", item: { ...this.#base, content: [] } };
  }

  /** A part begins; what has begun already, by itself or by a delta that came first, does not begin again. */
  *part(index: number): Generator<TurnEvent> {
    while (this.#parts.length <= index) {
      const content_index = this.#parts.push({ text: "", annotations: [] }) - 1;
      yield this.#update({
        type: "assistant_message.content_part.added",
        content_index,
        content: this.#content(content_index),
      });
    }
  }

  *delta(index: number, delta: string): Generator<TurnEvent> {
    yield* this.part(index);
    const part = this.#parts[index];
    if (part === undefined || delta === "") return;
    part.text += delta;
    yield this.#update({
      type: "assistant_message.content_part.text_delta",
      content_index: index,
      delta,
    });
  }

  *annotation(index: number, given: ModelAnnotation): Generator<TurnEvent> {
    const annotation = annotationOf(given);
    yield* this.part(index);
    const part = this.#parts[index];
    if (part === undefined || annotation === null) return;
    yield this.#update({
      type: "assistant_message.content_part.annotation_added",
      content_index: index,
      annotation_index: part.annotations.push(annotation) - 1,
      annotation,
    });
  }

  /** A part ends; what its deltas left out is `whole`'s. */
  *partDone(index: number, whole: string): Generator<TurnEvent> {
    const part = this.#parts[index];
    if (part === undefined || (part.text !== whole && whole.startsWith(part.text))) {
      yield* this.delta(index, whole.slice(part?.text.length ?? 0));
    }
    yield this.#update({
      type: "assistant_message.content_part.done",
      content_index: index,
      content: this.#content(index),
    });
  }

  done(): TurnEvent {
    const content = this.#parts.map((_, index) => this.#content(index));
    return { type: "thread.item.done", item: { ...this.#base, content } };
  }

  /** What has been written so far. */
  get text(): string {
    return this.#parts.map((part) => part.text).join("\n\n");
  }

  #content(index: number): AssistantMessageContent {
    const part = this.#parts[index];
    return { type: "output_text", text: part?.text ?? "", annotations: [...(part?.annotations ?? [])] };
  }

  #update(update: ThreadItemUpdate): TurnEvent {
    return { type: "thread.item.updated", item_id: this.#base.id, update };
  }
}

/** Files that the model made itself have no name and no address that a page could use: null. */
function annotationOf(given: ModelAnnotation): Annotation | null {
  const at = (source: Source, index: number): Annotation => ({ type: "annotation", source, index });
  switch (given?.type) {
    case "url_citation":
      return at({ type: "url", title: given.title || given.url, url: given.url }, given.end_index);
    case "file_citation":
      return at({ type: "file", title: given.filename, filename: given.filename }, given.index);
    case "container_file_citation":
      return at({ type: "file", title: given.filename, filename: given.filename }, given.end_index);
    default:
      return null;
  }
}
