import { createId, type Task, type WorkflowItem, type WorkflowSummary } from "@waybill/protocol";
import type { TaskInput, TurnEvent } from "./respond.ts";

/** How a workflow begins. */
export interface WorkflowOptions {
  /** Steps of the application's own, or thoughts of a model. @default "custom" */
  readonly type?: "custom" | "reasoning";
  /** Steps that are there at the beginning. @default none */
  readonly tasks?: readonly TaskInput[];
  /** Whether the steps are shown unfolded while they are taken. @default false */
  readonly expanded?: boolean;
}

/** How a workflow ends. */
export interface WorkflowEnd {
  /** What it is called from then on. @default its duration in whole seconds */
  readonly summary?: WorkflowSummary;
  /** Whether the steps stay unfolded. @default false */
  readonly expanded?: boolean;
}

/** A workflow under way: `start` first, `end` last; only what is ended is kept. */
export interface TurnWorkflow {
  /** The item as it stands. */
  readonly item: WorkflowItem;
  start(): TurnEvent;
  /** Adds a step behind the others. */
  addTask(task: TaskInput): TurnEvent;
  /** Replaces a step. @throws RangeError if there is none of this index, from 0 */
  updateTask(index: number, task: TaskInput): TurnEvent;
  end(end?: WorkflowEnd): TurnEvent;
}

/** A task with its defaults. */
export function taskOf(task: TaskInput): Task {
  return { ...task, status_indicator: task.status_indicator ?? "none" };
}

/** A workflow of a thread that has not begun. */
export function createWorkflow(
  threadId: string,
  now: () => Date,
  { type = "custom", tasks = [], expanded = false }: WorkflowOptions = {},
): TurnWorkflow {
  const startedAt = now();
  let item: WorkflowItem = {
    id: createId("workflow"),
    thread_id: threadId,
    created_at: startedAt.toISOString(),
    type: "workflow",
    workflow: { type, tasks: tasks.map(taskOf), expanded },
  };
  const change = (workflow: Partial<WorkflowItem["workflow"]>) => {
    item = { ...item, workflow: { ...item.workflow, ...workflow } };
  };
  const updated = (kind: "added" | "updated", task_index: number, task: Task): TurnEvent => ({
    type: "thread.item.updated",
    item_id: item.id,
    update: { type: `workflow.task.${kind}`, task_index, task },
  });
  return {
    get item() {
      return item;
    },
    start: () => ({ type: "thread.item.added", item }),
    addTask(given) {
      const task = taskOf(given);
      change({ tasks: [...item.workflow.tasks, task] });
      return updated("added", item.workflow.tasks.length - 1, task);
    },
    updateTask(index, given) {
      if (!Number.isInteger(index) || index < 0 || index >= item.workflow.tasks.length) {
        throw new RangeError(
          `The workflow has ${item.workflow.tasks.length} tasks, and none of index ${index}.`,
        );
      }
      const task = taskOf(given);
      change({ tasks: item.workflow.tasks.with(index, task) });
      return updated("updated", index, task);
    },
    end({ summary, expanded: staysExpanded = false } = {}) {
      const duration = Math.max(0, Math.floor((now().getTime() - startedAt.getTime()) / 1_000));
      change({ summary: summary ?? { duration }, expanded: staysExpanded });
      return { type: "thread.item.done", item };
    },
  };
}
