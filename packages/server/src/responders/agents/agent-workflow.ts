import { createItemId, type Task, type WorkflowItem } from "@waybill/protocol";
import type { ReasoningView } from "../model-output/reasoning-view.ts";
import type { TaskInput, TurnEvent } from "../respond.ts";
import { taskOf, type WorkflowEnd, type WorkflowOptions } from "../turn-workflow.ts";

/**
 * The workflow of a run, which the model's thoughts and the tools' tasks share: at most one is open. One
 * without tasks is told of with its first, unless it is for thoughts; what was never told of never ends.
 *
 * Source: openai-chatkit 1.6.5, `agents.py`, `AgentContext` and `stream_agent_response`.
 */
export class AgentWorkflow implements ReasoningView {
  readonly #threadId: string;
  readonly #now: () => Date;
  #item: WorkflowItem | undefined;
  #told = false;
  /** The thought that is being written; only the first of a workflow is shown while it grows. */
  #thought: { readonly key: string; readonly index: number; text: string } | undefined;

  constructor(threadId: string, now: () => Date) {
    this.#threadId = threadId;
    this.#now = now;
  }

  /** The id of the open workflow. */
  get id(): string | undefined {
    return this.#item?.id;
  }

  /** Goes on with a workflow of an earlier turn. */
  resume(item: WorkflowItem): void {
    this.#item = item;
    this.#told = true;
  }

  *start({ type = "custom", tasks = [], expanded = false }: WorkflowOptions = {}): Generator<TurnEvent> {
    yield* this.end();
    this.#item = {
      id: createItemId("workflow"),
      thread_id: this.#threadId,
      created_at: this.#now().toISOString(),
      type: "workflow",
      workflow: { type, tasks: tasks.map(taskOf), expanded },
    };
    this.#told = false;
    if (type === "reasoning" || tasks.length > 0) yield this.#tell(this.#item);
  }

  *addTask(given: TaskInput): Generator<TurnEvent> {
    if (this.#item === undefined) yield* this.start();
    yield* this.#add(taskOf(given));
  }

  *updateTask(index: number, given: TaskInput): Generator<TurnEvent> {
    const count = this.#item?.workflow.tasks.length ?? 0;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(`The workflow has ${count} tasks, and none of index ${index}.`);
    }
    yield* this.#replace(index, taskOf(given));
  }

  *end({ summary, expanded = false }: WorkflowEnd = {}): Generator<TurnEvent> {
    const item = this.#item;
    const told = this.#told;
    this.#forget();
    if (item === undefined || !told) return;
    const seconds = Math.floor((this.#now().getTime() - Date.parse(item.created_at)) / 1_000);
    const named = summary ?? item.workflow.summary ?? { duration: Math.max(0, seconds) };
    yield {
      type: "thread.item.done",
      item: { ...item, workflow: { ...item.workflow, summary: named, expanded } },
    };
  }

  /** The end of the run: what is open is kept without a summary, so that a later turn may go on with it. */
  *keep(): Generator<TurnEvent> {
    const item = this.#item;
    const told = this.#told;
    this.#forget();
    if (item !== undefined && told) yield { type: "thread.item.done", item };
  }

  *itemAdded(): Generator<TurnEvent> {
    if (this.#item === undefined) yield* this.start({ type: "reasoning" });
  }

  *textDelta(itemId: string, index: number, delta: string): Generator<TurnEvent> {
    const workflow = this.#item?.workflow;
    if (workflow === undefined) return;
    const key = `${itemId} ${index}`;
    if (workflow.type === "reasoning" && workflow.tasks.length === 0) {
      this.#thought = { key, index: 0, text: delta };
      yield* this.#add(thoughtOf(delta));
    } else if (this.#thought?.key === key) {
      this.#thought.text += delta;
      yield* this.#replace(this.#thought.index, thoughtOf(this.#thought.text));
    }
  }

  *textDone(itemId: string, index: number, text: string): Generator<TurnEvent> {
    if (this.#item === undefined) return;
    const thought = this.#thought;
    if (thought?.key === `${itemId} ${index}`) {
      this.#thought = undefined;
      yield* this.#replace(thought.index, thoughtOf(text));
    } else yield* this.#add(thoughtOf(text));
  }

  /** The next reasoning item goes on with the same workflow. */
  itemDone(): readonly TurnEvent[] {
    return [];
  }

  messageAdded(): Generator<TurnEvent> {
    return this.end();
  }

  *#add(task: Task): Generator<TurnEvent> {
    const item = this.#change((tasks) => [...tasks, task]);
    if (item === undefined) return;
    const task_index = item.workflow.tasks.length - 1;
    if (!this.#told) yield this.#tell(item);
    else {
      yield {
        type: "thread.item.updated",
        item_id: item.id,
        update: { type: "workflow.task.added", task_index, task },
      };
    }
  }

  *#replace(task_index: number, task: Task): Generator<TurnEvent> {
    const item = this.#change((tasks) => tasks.with(task_index, task));
    if (item === undefined) return;
    yield {
      type: "thread.item.updated",
      item_id: item.id,
      update: { type: "workflow.task.updated", task_index, task },
    };
  }

  #change(change: (tasks: readonly Task[]) => readonly Task[]): WorkflowItem | undefined {
    const item = this.#item;
    if (item === undefined) return undefined;
    this.#item = { ...item, workflow: { ...item.workflow, tasks: change(item.workflow.tasks) } };
    return this.#item;
  }

  #tell(item: WorkflowItem): TurnEvent {
    this.#told = true;
    return { type: "thread.item.added", item };
  }

  #forget(): void {
    this.#item = undefined;
    this.#thought = undefined;
    this.#told = false;
  }
}

const thoughtOf = (content: string): Task => ({ type: "thought", content, status_indicator: "none" });
