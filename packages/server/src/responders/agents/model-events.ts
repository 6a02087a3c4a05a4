import type { Responses } from "openai/resources/responses/responses";

/** An event of a run of the Agents SDK, by its shape. */
export interface AgentRunEvent {
  readonly type: string;
  /** What the model says, in a `raw_model_stream_event`. */
  readonly data?: unknown;
  /** What has come of it, in a `run_item_stream_event`. */
  readonly item?: unknown;
}

type ModelEvent = Responses.ResponseStreamEvent;

/** A property of whatever it is; undefined where there is none. */
export function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/**
 * The events of the Responses API in those of a run. A model that speaks another API has its text told in
 * the same events: the SDK knows it, if not as closely.
 */
export class ModelEvents {
  #native = false;
  #count = 0;
  #text: string | undefined;

  *read(event: AgentRunEvent): Generator<ModelEvent> {
    if (event.type !== "raw_model_stream_event") return;
    const { data } = event;
    switch (propertyOf(data, "type")) {
      case "response_started":
        this.#native = false;
        break;
      case "model": {
        const model = propertyOf(data, "event");
        if (!isResponseEvent(model)) break;
        this.#native = true;
        yield model;
        break;
      }
      case "output_text_delta": {
        const delta = propertyOf(data, "delta");
        if (this.#native || typeof delta !== "string") break;
        if (this.#text === undefined) yield* this.#begin();
        this.#text += delta;
        yield { ...this.#at(), type: "response.output_text.delta", delta, logprobs: [] };
        break;
      }
      case "response_done":
        if (this.#native) break;
        if (this.#text === undefined) {
          const text = textIn(propertyOf(data, "response"));
          if (text === "") break;
          yield* this.#begin();
          this.#text = text;
        }
        yield* this.#end(this.#text);
        break;
      default:
    }
  }

  *#begin(): Generator<ModelEvent> {
    this.#count += 1;
    this.#text = "";
    yield { ...this.#at(), type: "response.output_item.added", item: this.#message("in_progress", []) };
    yield { ...this.#at(), type: "response.content_part.added", part: partOf("") };
  }

  *#end(text: string): Generator<ModelEvent> {
    this.#text = undefined;
    yield { ...this.#at(), type: "response.output_text.done", text, logprobs: [] };
    const item = this.#message("completed", [partOf(text)]);
    yield { ...this.#at(), type: "response.output_item.done", item };
  }

  #at() {
    return { item_id: this.#id, output_index: 0, content_index: 0, sequence_number: 0 };
  }

  #message(status: "in_progress" | "completed", content: Responses.ResponseOutputText[]) {
    return { id: this.#id, type: "message" as const, role: "assistant" as const, status, content };
  }

  get #id(): string {
    return `text_${this.#count}`;
  }
}

const partOf = (text: string) => ({ type: "output_text" as const, text, annotations: [] });

function isResponseEvent(value: unknown): value is ModelEvent {
  const type = propertyOf(value, "type");
  return typeof type === "string" && (type === "error" || type.startsWith("response."));
}

/** The text of a whole answer, as the SDK keeps it. */
function textIn(response: unknown): string {
  const output = propertyOf(response, "output");
  if (!Array.isArray(output)) return "";
  return output
    .filter((item) => propertyOf(item, "role") === "assistant")
    .flatMap((item) => propertyOf(item, "content"))
    .map((part) => propertyOf(part, "text") ?? propertyOf(part, "refusal"))
    .filter((text) => typeof text === "string")
    .join("\n\n");
}
