import type { Annotation, Source } from "@waybill/protocol";
import { createId } from "@waybill/protocol";
import type { TaskInput, TurnEvent } from "../respond.ts";
import { createImage } from "../turn-image.ts";
import { createWorkflow, type TurnWorkflow } from "../turn-workflow.ts";
import { answerEnd } from "./answer-end.ts";
import { MessageItem } from "./message-item.ts";
import type { ModelCall } from "./page-call.ts";
import { titledThoughts } from "./titled-thoughts.ts";

/** Options of {@link AnswerWriter}. */
export interface AnswerWriterOptions {
  readonly threadId: string;
  readonly now: () => Date;
  /** Where a picture is to be had from; it is given as a `data:` URL. @default that URL, which is stored with the thread */
  readonly imageUrl?: ((dataUrl: string) => string | Promise<string>) | undefined;
}

/**
 * The events of an answer from a model that names no items: what it says goes into one item until it says
 * something of another kind. Thoughts are a workflow with a duration, steps another, text is a message.
 */
export class AnswerWriter {
  readonly #options: AnswerWriterOptions;
  readonly #reasoning;
  readonly #texts: string[] = [];
  #count = 0;
  #message: { readonly item: MessageItem; text: string } | undefined;
  #thought: { readonly id: string; key: string; index: number; text: string } | undefined;
  #steps: { readonly workflow: TurnWorkflow; readonly running: Map<string, number> } | undefined;
  #annotations: Annotation[] = [];

  constructor(options: AnswerWriterOptions) {
    this.#options = options;
    this.#reasoning = titledThoughts(options.threadId, options.now);
  }

  /** What has been said in finished messages. */
  get text(): string {
    return this.#texts.join("\n\n");
  }

  /** Characters of the message that is being written; 0 without one. */
  get messageChars(): number {
    return this.#message?.text.length ?? 0;
  }

  /** More of the message. */
  *write(delta: string): Generator<TurnEvent> {
    if (delta === "") return;
    if (this.#message === undefined) {
      yield* this.close();
      this.#message = { item: new MessageItem(this.#options.threadId, this.#time()), text: "" };
      yield this.#message.item.begin([]);
      yield this.#message.item.partAdded(0, { type: "output_text", text: "", annotations: [] });
    }
    this.#message.text += delta;
    yield* this.#message.item.delta(0, delta);
  }

  /** A source of the message that is being written or comes next; told at its end, each source once unless it has a place. */
  annotate(annotation: Annotation): void {
    this.#annotations.push(annotation);
  }

  /** More of a thought; another `key` is another thought. */
  *think(delta: string, key = ""): Generator<TurnEvent> {
    if (delta === "") return;
    if (this.#thought === undefined) {
      yield* this.close();
      this.#thought = { id: createId("workflow"), key, index: 0, text: "" };
    }
    const thought = this.#thought;
    if (thought.key !== key) {
      yield* this.#reasoning.textDone(thought.id, thought.index, thought.text);
      Object.assign(thought, { key, index: thought.index + 1, text: "" });
    }
    thought.text += delta;
    yield* this.#reasoning.textDelta(thought.id, thought.index, delta);
  }

  /** A step begins; steps that follow each other share a workflow. */
  *step(id: string, task: TaskInput): Generator<TurnEvent> {
    if (this.#steps === undefined) {
      yield* this.close();
      const workflow = createWorkflow(this.#options.threadId, this.#options.now);
      this.#steps = { workflow, running: new Map() };
      yield workflow.start();
    }
    const { workflow, running } = this.#steps;
    running.set(id, workflow.item.workflow.tasks.length);
    yield workflow.addTask({ ...task, status_indicator: "loading" });
  }

  /** A step is done; one that nobody sees any more is passed over. */
  *stepDone(id: string): Generator<TurnEvent> {
    const { workflow, running } = this.#steps ?? {};
    const index = running?.get(id);
    const task = index === undefined ? undefined : workflow?.item.workflow.tasks[index];
    running?.delete(id);
    if (workflow === undefined || index === undefined || task === undefined) return;
    yield workflow.updateTask(index, { ...task, status_indicator: "complete" });
  }

  /** A picture, as a `data:` URL, or at an address of its own. */
  async *picture(url: string): AsyncGenerator<TurnEvent> {
    yield* this.close();
    const { imageUrl, threadId } = this.#options;
    const image = createImage(threadId, this.#time());
    yield image.start();
    const kept = url.startsWith("data:") ? await imageUrl?.(url) : undefined;
    this.#count += 1;
    yield image.done(kept ?? url);
  }

  /** Ends the message and the thoughts; steps go on. */
  *pause(): Generator<TurnEvent> {
    const message = this.#message;
    const thought = this.#thought;
    this.#message = undefined;
    this.#thought = undefined;
    if (thought !== undefined) {
      yield* this.#reasoning.textDone(thought.id, thought.index, thought.text);
      yield* this.#reasoning.itemDone(thought.id);
    }
    if (message === undefined) return;
    for (const annotation of this.#takeAnnotations()) yield message.item.annotate(0, annotation);
    yield* message.item.partDone(0, message.text);
    this.#count += 1;
    this.#texts.push(message.text);
    yield message.item.done([]);
  }

  /** Ends whatever is being written. */
  *close(): Generator<TurnEvent> {
    yield* this.pause();
    const steps = this.#steps;
    if (steps === undefined) return;
    for (const id of steps.running.keys()) yield* this.stepDone(id);
    this.#steps = undefined;
    yield steps.workflow.end();
  }

  /**
   * The end of the answer. `call`, if there is one, is the page's to carry out; an answer that ended early
   * is followed by a notice that says so.
   *
   * @throws ChatError `upstream_failed` if nothing has been said, or nobody understands the call
   */
  *end(call: ModelCall | undefined, early: "length" | "content_filter" | undefined): Generator<TurnEvent> {
    yield* this.close();
    const { threadId } = this.#options;
    yield* answerEnd({ threadId, createdAt: this.#time(), said: this.#count > 0, call, early });
  }

  #takeAnnotations(): Annotation[] {
    const all = this.#annotations;
    this.#annotations = [];
    const seen = new Set(all.filter(({ index }) => index !== undefined).map(({ source }) => keyOf(source)));
    return all.filter(({ index, source }) => {
      if (index !== undefined) return true;
      const known = seen.has(keyOf(source));
      seen.add(keyOf(source));
      return !known;
    });
  }

  #time(): string {
    return this.#options.now().toISOString();
  }
}

function keyOf(source: Source): string {
  if (source.type === "url") return source.url;
  return source.type === "file" ? `file ${source.filename}` : `entity ${source.id}`;
}
