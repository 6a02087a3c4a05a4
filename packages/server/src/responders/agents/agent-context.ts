import type { Json } from "@waybill/protocol";
import { type StreamWidgetOptions, streamWidget, type WidgetSource } from "../../widgets/stream-widget.ts";
import type { TaskInput, TurnContext, TurnEvent, TurnThread } from "../respond.ts";
import type { WorkflowEnd, WorkflowOptions } from "../turn-workflow.ts";
import { AgentWorkflow } from "./agent-workflow.ts";
import { EventQueue } from "./event-queue.ts";

/** What a run needs of its turn; a `TurnContext` has it all. */
export interface AgentTurn extends Pick<TurnContext, "signal"> {
  readonly thread: Pick<TurnThread, "id" | "history">;
}

/** A call that the page is to carry out. */
export interface AgentToolCall {
  readonly name: string;
  /** @default none */
  readonly arguments?: { readonly [key: string]: Json };
  /** The call of the model that it answers. @default the last one that the run has told of, else a new id */
  readonly call_id?: string;
}

/** What the tools of a run and the bridge share. */
export interface AgentStream {
  readonly queue: EventQueue<TurnEvent>;
  readonly workflow: AgentWorkflow;
  readonly now: () => Date;
  /** What tools have begun to say and not said yet. */
  readonly pending: Set<Promise<unknown>>;
  call: AgentToolCall | undefined;
}

let streamOf: (context: AgentContext<AgentTurn>) => AgentStream;

/**
 * The context of one run, for the tools in it: hand it to `run()` as `context`. What a tool says goes into
 * the thread while the model streams, behind what the model had said by then. Each method resolves when
 * its events stand in line.
 *
 * Source: openai-chatkit 1.6.5, `agents.py`, `AgentContext`.
 */
export class AgentContext<Turn extends AgentTurn = TurnContext> {
  /** The turn that the run answers. */
  readonly turn: Turn;
  readonly #stream: AgentStream;

  static {
    streamOf = (context) => context.#stream;
  }

  /** `now` is the system's clock unless given. */
  constructor(turn: Turn, options: { readonly now?: () => Date } = {}) {
    this.turn = turn;
    const now = options.now ?? (() => new Date());
    this.#stream = {
      queue: new EventQueue(),
      workflow: new AgentWorkflow(turn.thread.id, now),
      now,
      pending: new Set(),
      call: undefined,
    };
  }

  /**
   * Says an event, or those of a maker of the thread, as they come. An item that people see ends the open
   * workflow above it. Rejects with what `events` throws.
   */
  async stream(events: TurnEvent | Iterable<TurnEvent> | AsyncIterable<TurnEvent>): Promise<void> {
    await this.#track(async () => {
      if ("type" in events) await this.#say(() => this.#placed(events));
      else for await (const event of events) await this.#say(() => this.#placed(event));
    });
  }

  /** Shows a widget, at once or state by state. Rejects with what `widget` throws; then it is not kept. */
  async streamWidget(widget: WidgetSource, options: StreamWidgetOptions = {}): Promise<void> {
    const { turn } = this;
    await this.stream(streamWidget(turn.thread.id, this.#stream.now().toISOString(), widget, options));
  }

  /** Opens a workflow; one that is open ends. */
  async startWorkflow(options: WorkflowOptions = {}): Promise<void> {
    await this.#track(() => this.#say(() => this.#stream.workflow.start(options)));
  }

  /** Adds a task to the open workflow, which begins if there is none. */
  async addWorkflowTask(task: TaskInput): Promise<void> {
    await this.#track(() => this.#say(() => this.#stream.workflow.addTask(task)));
  }

  /** Replaces a task, counted from 0. Rejects with a RangeError if the open workflow has none of this index. */
  async updateWorkflowTask(index: number, task: TaskInput): Promise<void> {
    await this.#track(() => this.#say(() => this.#stream.workflow.updateTask(index, task)));
  }

  /** Ends the open workflow; none is no error. */
  async endWorkflow(end: WorkflowEnd = {}): Promise<void> {
    await this.#track(() => this.#say(() => this.#stream.workflow.end(end)));
  }

  /**
   * Has the page carry out a call once the run has ended: name the tool that asks for it in the agent's
   * `stopAtToolNames`. A page carries out one call at a time: the last one counts.
   */
  clientToolCall(call: AgentToolCall): void {
    this.#stream.call = call;
  }

  *#placed(event: TurnEvent): Generator<TurnEvent> {
    if (event.type === "thread.item.added" || event.type === "thread.item.done") {
      const quiet = ["hidden_context_item", "sdk_hidden_context", "client_tool_call"];
      if (!quiet.includes(event.item.type)) yield* this.#stream.workflow.end();
    }
    yield event;
  }

  /** What the model had said by now goes first, also if nobody has taken it over yet. */
  async #say(events: () => Iterable<TurnEvent>): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    for (const event of events()) this.#stream.queue.put(event);
  }

  /** The end of the run waits for tools that nobody waits for; their failures are theirs. */
  async #track(saying: () => Promise<void>): Promise<void> {
    const said = saying();
    const settled = said.catch(() => undefined);
    this.#stream.pending.add(settled);
    try {
      await said;
    } finally {
      this.#stream.pending.delete(settled);
    }
  }
}

export { streamOf };
