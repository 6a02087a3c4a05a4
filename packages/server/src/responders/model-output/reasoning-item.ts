import { createId, type Task, type Workflow, type WorkflowItem } from "@waybill/protocol";
import type { TurnEvent } from "../respond.ts";

/** Characters by which a thought grows before it is sent again: each time goes out whole. */
const STEP_CHARS = 120;

/** The summary of a model's reasoning while it streams, as a workflow of thoughts. */
export class ReasoningItem {
  readonly #base: Omit<WorkflowItem, "workflow">;
  readonly #began: number;
  readonly #thoughts: { text: string; sentChars: number; done: boolean }[] = [];

  constructor(threadId: string, now: Date) {
    this.#began = now.getTime();
    this.#base = {
      id: createId("workflow"),
      thread_id: threadId,
      created_at: now.toISOString(),
      type: "workflow",
    };
  }

  begin(): TurnEvent {
    return { type: "thread.item.added", item: { ...this.#base, workflow: this.#workflow() } };
  }

  *thought(index: number): Generator<TurnEvent> {
    while (this.#thoughts.length <= index) {
      const task_index = this.#thoughts.push({ text: "", sentChars: 0, done: false }) - 1;
      yield this.#update("workflow.task.added", task_index);
    }
  }

  *delta(index: number, delta: string): Generator<TurnEvent> {
    yield* this.thought(index);
    const thought = this.#thoughts[index];
    if (thought === undefined) return;
    thought.text += delta;
    if (thought.text.length - thought.sentChars < STEP_CHARS) return;
    thought.sentChars = thought.text.length;
    yield this.#update("workflow.task.updated", index);
  }

  *thoughtDone(index: number, whole: string): Generator<TurnEvent> {
    yield* this.thought(index);
    this.#thoughts[index] = { text: whole, sentChars: whole.length, done: true };
    yield this.#update("workflow.task.updated", index);
  }

  /** The end; `now` tells how long it took. */
  done(now: Date): TurnEvent {
    for (const thought of this.#thoughts) thought.done = true;
    const seconds = Math.max(1, Math.round((now.getTime() - this.#began) / 1_000));
    const workflow = { ...this.#workflow(), summary: { duration: seconds } };
    return { type: "thread.item.done", item: { ...this.#base, workflow } };
  }

  #workflow(): Workflow {
    return { type: "reasoning", tasks: this.#thoughts.map((_, index) => this.#task(index)), expanded: false };
  }

  #task(index: number): Task {
    const { text = "", done = false } = this.#thoughts[index] ?? {};
    // A summary's first line is its title, in bold.
    const [head = "", title] = /^\s*\*\*([^*\n]+)\*\*\s*/.exec(text) ?? [];
    return {
      type: "thought",
      ...(title === undefined ? {} : { title }),
      content: text.slice(head.length),
      status_indicator: done ? "complete" : "loading",
    };
  }

  #update(type: "workflow.task.added" | "workflow.task.updated", task_index: number): TurnEvent {
    return {
      type: "thread.item.updated",
      item_id: this.#base.id,
      update: { type, task_index, task: this.#task(task_index) },
    };
  }
}
