import { createItemId, type GeneratedImageItem } from "@waybill/protocol";
import type { Responses } from "openai/resources/responses/responses";
import type { TurnEvent } from "../respond.ts";
import { MessageItem } from "./message-item.ts";
import { modelFailure } from "./model-failure.ts";
import type { ReasoningView } from "./reasoning-view.ts";

/** A picture, whole or on its way, as the Responses API hands it over. */
export interface ModelImage {
  /** The id of the call that makes it; the same for all that is seen of it on the way. */
  readonly id: string;
  readonly base64: string;
  /** Which picture on the way it is, from 0; absent for the finished one. */
  readonly partialIndex?: number;
}

/** Options of {@link ResponseEvents}. */
export interface ResponseEventsOptions {
  readonly threadId: string;
  readonly now: () => Date;
  readonly reasoning: ReasoningView;
  /** The id of a message in the thread, from the one that the model's server gave it. @default a new one */
  readonly itemId?: ((modelId: string) => string) | undefined;
  /** Where a picture is to be had from. @default a `data:` URL of a PNG */
  readonly imageUrl?: ((image: ModelImage) => string | Promise<string>) | undefined;
  /** How many pictures on the way were asked for: then they tell the progress. @default 0: it stays 0 */
  readonly partialImages?: number | undefined;
}

/**
 * The events of a thread from those of the Responses API: messages with citations and refusals, summaries
 * of reasoning, pictures. What has no place in a thread is passed over; functions are the caller's.
 */
export class ResponseEvents {
  readonly #options: ResponseEventsOptions;
  readonly #messages = new Map<string, MessageItem>();
  readonly #images = new Map<string, GeneratedImageItem>();
  /** What was begun and has not ended, as it was begun. */
  readonly #unfinished = new Map<string, Responses.ResponseOutputItem>();
  #model = "that was asked";
  #open = false;
  #early: string | undefined;

  constructor(options: ResponseEventsOptions) {
    this.#options = options;
  }

  /** Whether a response has begun and not ended. */
  get open(): boolean {
    return this.#open;
  }

  /** Why the last response ended before it was complete; undefined: it did not. */
  get early(): string | undefined {
    return this.#early;
  }

  /**
   * What the end of a response has left open is kept as far as it has come, but for pictures on their way.
   *
   * @throws ChatError `upstream_failed` for an answer that failed.
   */
  async *of(event: Responses.ResponseStreamEvent): AsyncGenerator<TurnEvent> {
    const { reasoning } = this.#options;
    switch (event.type) {
      case "response.created":
        this.#model = String(event.response.model);
        this.#open = true;
        this.#early = undefined;
        break;
      case "response.output_item.added":
        yield* this.#begin(event.item);
        break;
      case "response.content_part.added":
        if (event.part.type !== "reasoning_text") {
          yield this.#message(event.item_id).partAdded(event.content_index, event.part);
        }
        break;
      case "response.output_text.delta":
      case "response.refusal.delta":
        yield* this.#message(event.item_id).delta(event.content_index, event.delta);
        break;
      case "response.output_text.annotation.added":
        yield* this.#message(event.item_id).annotation(event.content_index, event.annotation);
        break;
      case "response.output_text.done":
        yield* this.#message(event.item_id).partDone(event.content_index, event.text);
        break;
      case "response.refusal.done":
        yield* this.#message(event.item_id).partDone(event.content_index, event.refusal);
        break;
      case "response.content_part.done": {
        const { part } = event;
        if (part.type === "reasoning_text") break;
        const text = part.type === "refusal" ? part.refusal : part.text;
        yield* this.#message(event.item_id).partDone(event.content_index, text);
        break;
      }
      case "response.reasoning_summary_text.delta":
        yield* reasoning.textDelta(event.item_id, event.summary_index, event.delta);
        break;
      case "response.reasoning_summary_text.done":
        yield* reasoning.textDone(event.item_id, event.summary_index, event.text);
        break;
      case "response.image_generation_call.partial_image":
        yield* this.#partialImage(event);
        break;
      case "response.output_item.done":
        yield* this.#end(event.item);
        break;
      case "response.completed":
        yield* this.#close();
        break;
      case "response.incomplete":
        yield* this.#close();
        this.#early = event.response.incomplete_details?.reason ?? "incomplete";
        break;
      case "response.failed": {
        const { error } = event.response;
        throw modelFailure({ code: error?.code }, this.#model, new Error(error?.message));
      }
      case "error":
        throw modelFailure({ code: event.code }, this.#model, new Error(event.message));
      default:
    }
  }

  async *#close(): AsyncGenerator<TurnEvent> {
    this.#open = false;
    for (const item of this.#unfinished.values()) yield* this.#end(item);
  }

  /** The message of an id; one that was never begun goes without its beginning. */
  #message(id: string): MessageItem {
    const known = this.#messages.get(id);
    if (known !== undefined) return known;
    const message = new MessageItem(this.#options.threadId, this.#time(), this.#options.itemId?.(id));
    this.#messages.set(id, message);
    return message;
  }

  *#begin(item: Responses.ResponseOutputItem): Generator<TurnEvent> {
    if (item.id !== undefined) this.#unfinished.set(item.id, item);
    if (item.type === "reasoning") yield* this.#options.reasoning.itemAdded(item.id);
    else if (item.type === "message") {
      yield* this.#options.reasoning.messageAdded();
      // Servers that count anew in each response repeat ids.
      this.#messages.delete(item.id);
      yield this.#message(item.id).begin(item.content);
    } else if (item.type === "image_generation_call") {
      const image: GeneratedImageItem = {
        id: createItemId("generated_image"),
        thread_id: this.#options.threadId,
        created_at: this.#time(),
        type: "generated_image",
      };
      this.#images.set(item.id, image);
      yield { type: "thread.item.added", item: image };
    }
  }

  async *#end(item: Responses.ResponseOutputItem): AsyncGenerator<TurnEvent> {
    if (item.id !== undefined) this.#unfinished.delete(item.id);
    if (item.type === "reasoning") yield* this.#options.reasoning.itemDone(item.id);
    else if (item.type === "message") {
      if (!this.#messages.has(item.id)) yield* this.#begin({ ...item, content: [] });
      yield this.#message(item.id).done(item.content);
    } else if (item.type === "image_generation_call") {
      const image = this.#images.get(item.id);
      this.#images.delete(item.id);
      if (image === undefined) return;
      if (item.result) {
        const url = await this.#imageUrl({ id: item.id, base64: item.result });
        yield { type: "thread.item.done", item: { ...image, image: { id: item.id, url } } };
      } else yield { type: "thread.item.removed", item_id: image.id };
    }
  }

  async *#partialImage(event: Responses.ResponseImageGenCallPartialImageEvent): AsyncGenerator<TurnEvent> {
    const image = this.#images.get(event.item_id);
    if (image === undefined) return;
    const { item_id: id, partial_image_index: partialIndex, partial_image_b64: base64 } = event;
    const { partialImages = 0 } = this.#options;
    const url = await this.#imageUrl({ id, base64, partialIndex });
    yield {
      type: "thread.item.updated",
      item_id: image.id,
      update: {
        type: "generated_image.updated",
        image: { id, url },
        progress: partialImages > 0 ? Math.min(1, partialIndex / partialImages) : 0,
      },
    };
  }

  async #imageUrl(image: ModelImage): Promise<string> {
    return (await this.#options.imageUrl?.(image)) ?? `data:image/png;base64,${image.base64}`;
  }

  #time(): string {
    return this.#options.now().toISOString();
  }
}
