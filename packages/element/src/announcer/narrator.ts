import type { AssistantMessageItem, WorkflowItem } from "@waybill/protocol";
import type { ChatSnapshot } from "../chat-snapshot.ts";
import { type Blocks, readBlocks } from "../markdown/blocks.ts";
import { spokenText } from "../markdown/plain-text.ts";
import type { Strings } from "../strings/en.ts";
import { taskTitle } from "../task/task.ts";

/** Blocks that may wait to be read before they are dropped. */
const MAX_WAITING = 3;
const FIRST_PATIENCE_MS = 1_500;
const PATIENCE_MS = 15_000;
/** Between two steps of the work that are named. */
const STEP_GAP_MS = 5_000;

/** What a narrator speaks with. */
export interface NarratorVoice {
  readonly say: (text: string) => void;
  readonly waiting: () => number;
  readonly later: (act: () => void, delayMs: number) => void;
}

/** How much of an answer is read. */
export type Narration = "blocks" | "end" | "off";

interface Read {
  readonly blocks: Blocks;
  readonly count: number;
}

/** Reads an answer to those who listen, block by block and not letter by letter. */
export class Narrator {
  readonly #voice: NarratorVoice;
  readonly #strings: () => Strings;
  #read = new Map<string, Read>();
  #texts: string[] = [];
  #turn = 0;
  #hasWords = false;
  #steps = new Set<string>();
  #stepsRest = false;

  constructor(voice: NarratorVoice, strings: () => Strings) {
    this.#voice = voice;
    this.#strings = strings;
  }

  /** The server has the message: an answer is awaited from now on. */
  begin(mode: Narration): void {
    this.#turn += 1;
    this.#read = new Map();
    this.#texts = [];
    this.#hasWords = false;
    this.#steps = new Set();
    if (mode === "off") return;
    this.#voice.say(this.#strings().sent);
    this.#wait(this.#turn, FIRST_PATIENCE_MS);
  }

  #wait(turn: number, delayMs: number): void {
    this.#voice.later(() => {
      if (turn !== this.#turn || this.#hasWords) return;
      this.#voice.say(this.#strings().stillWorking);
      this.#wait(turn, PATIENCE_MS);
    }, delayMs);
  }

  /** Looks for blocks that are complete. To be called after each change while an answer is written. */
  follow({ state, phase }: ChatSnapshot, mode: Narration): void {
    if (phase !== "answering" || mode === "off") return;
    const start = state.items.findLastIndex((item) => item.type === "user_message") + 1;
    for (const item of state.items.slice(start)) {
      if (item.type === "workflow") this.#nameStep(item);
      else if (item.type === "assistant_message") this.#readItem(item, state.streaming.has(item.id), mode);
    }
  }

  #nameStep({ id, workflow }: WorkflowItem): void {
    const index = workflow.tasks.findLastIndex((task) => task.status_indicator === "loading");
    const task = workflow.tasks[index];
    const key = `${id}/${index}`;
    if (task === undefined || this.#stepsRest || this.#steps.has(key)) return;
    this.#steps.add(key);
    this.#stepsRest = true;
    this.#voice.later(() => {
      this.#stepsRest = false;
    }, STEP_GAP_MS);
    this.#voice.say(this.#strings().said(taskTitle(task, this.#strings())));
  }

  #readItem(item: AssistantMessageItem, growing: boolean, mode: Narration): void {
    for (const [index, part] of item.content.entries()) {
      const key = `${item.id}/${index}`;
      const before = this.#read.get(key);
      const blocks = readBlocks(part.text, before?.blocks);
      const complete = growing ? Math.max(0, blocks.tokens.length - 1) : blocks.tokens.length;
      const count = before?.count ?? 0;
      if (part.text !== "") this.#hasWords = true;
      this.#texts.push(
        ...blocks.tokens.slice(count, complete).map((token) =>
          spokenText(token, {
            code: (language, lines) => this.#strings().codeLabel(language, lines),
            table: (columns, rows) => this.#strings().tableLabel(columns, rows),
            plainCode: this.#strings().plainCode,
          }),
        ),
      );
      this.#read.set(key, { blocks, count: Math.max(count, complete) });
    }
    if (mode === "blocks") this.#flush();
  }

  #flush(): void {
    const texts = this.#texts;
    this.#texts = [];
    if (texts.length + this.#voice.waiting() > MAX_WAITING) this.#voice.say(this.#strings().answerContinues);
    else for (const text of texts) this.#voice.say(text);
  }

  /** The answer ended. */
  end(how: "complete" | "stopped", mode: Narration): void {
    this.#turn += 1;
    if (mode === "off") return;
    if (mode === "end") this.#voice.say(this.#texts.join(" "));
    this.#texts = [];
    this.#voice.say(how === "complete" ? this.#strings().answerComplete : this.#strings().stopped);
  }
}
