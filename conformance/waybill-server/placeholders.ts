import {
  type CustomAction,
  createId,
  createItemId,
  type IdKind,
  type Json,
  type ThreadItem,
  type UserMessageItem,
  type WidgetItem,
} from "@waybill/protocol";
import type { TurnContext } from "@waybill/server";

const WHOLE = /^\$([a-z_]+(?:[:.][A-Za-z0-9_#.]+)?)$/;
const PART = /\$\{([a-z_]+(?:[:.][A-Za-z0-9_#.]+)?)\}/g;
const ALL_ITEMS = 1_000_000;
const ID_KINDS: Readonly<Record<string, IdKind>> = {
  thread: "thread",
  message: "message",
  tool_call: "tool_call",
  workflow: "workflow",
  task: "task",
  attachment: "attachment",
  sdk_hidden_context: "hidden_context",
};

/** What a script is run for. */
export interface Turn {
  readonly context: TurnContext;
  readonly message?: UserMessageItem | null;
  readonly action?: CustomAction;
  readonly sender?: WidgetItem | null;
}

/** The values that the placeholders of one turn stand for. */
export class Placeholders {
  readonly #turn: Turn;
  readonly #labels = new Map<string, string>();
  /** What `$n` is. */
  n = 0;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** The value with every placeholder in it replaced. */
  async fill(value: Json): Promise<Json> {
    if (typeof value === "string") return this.#fillText(value);
    if (Array.isArray(value)) return Promise.all(value.map((entry: Json) => this.fill(entry)));
    if (value === null || typeof value !== "object") return value;
    const entries: [string, Json][] = [];
    // One after the other: labels are given in the order of the text.
    for (const [key, entry] of Object.entries(value)) entries.push([key, await this.fill(entry)]);
    return Object.fromEntries(entries);
  }

  /** The text with every placeholder in it replaced. */
  async text(template: string): Promise<string> {
    return inWords(await this.#fillText(template));
  }

  /** An item with what every item has. */
  async item(template: Json): Promise<Json> {
    const given = await this.fill(template);
    if (given === null || typeof given !== "object" || Array.isArray(given)) return given;
    const { thread } = this.#turn.context;
    const type = "type" in given && typeof given.type === "string" ? given.type : "";
    return {
      id: createItemId(type),
      thread_id: thread.id,
      created_at: new Date().toISOString(),
      ...given,
    };
  }

  async #fillText(template: string): Promise<Json> {
    const whole = WHOLE.exec(template)?.[1];
    if (whole !== undefined) return this.#value(whole);
    let text = "";
    let at = 0;
    for (const match of template.matchAll(PART)) {
      text += template.slice(at, match.index) + inWords(await this.#value(match[1] ?? ""));
      at = match.index + match[0].length;
    }
    return text + template.slice(at);
  }

  async #value(name: string): Promise<Json> {
    const { context, message, action, sender } = this.#turn;
    const { thread } = context;
    const colon = name.indexOf(":");
    if (name.startsWith("id:")) return this.#id(name.slice(colon + 1));
    if (name.startsWith("last:")) {
      const type = name.slice(colon + 1);
      return (await this.#stored()).findLast((item) => item.type === type)?.id ?? null;
    }
    if (name.startsWith("payload.")) return member(action?.payload, name.slice("payload.".length));
    switch (name) {
      case "thread":
        return thread.id;
      case "now":
        return new Date().toISOString();
      case "n":
        return this.n;
      case "history":
        return (await this.#stored()).map(({ type }) => type).join(",");
      case "tool_outputs":
        return (await this.#stored())
          .filter((item) => item.type === "client_tool_call")
          .map(({ output }) => output ?? null);
      case "answers":
        return (await this.#stored())
          .filter((item) => item.type === "structured_input")
          .flatMap(({ inputs }) => inputs.map(({ answer }) => (answer === undefined ? null : { ...answer })));
      case "metadata":
        return thread.metadata;
      case "title":
        return thread.title ?? null;
      case "status":
        return thread.status.type;
      case "sender":
        return sender?.id ?? null;
      case "action":
        return action?.type ?? null;
      case "payload":
        return action?.payload ?? null;
      default:
        return message === null || message === undefined ? null : ofMessage(message, name);
    }
  }

  async #stored(): Promise<readonly ThreadItem[]> {
    return this.#turn.context.thread.history(ALL_ITEMS);
  }

  #id(spelling: string): string {
    const [kind = "", label] = spelling.split("#", 2);
    const known = label === undefined ? undefined : this.#labels.get(label);
    if (known !== undefined) return known;
    const id = createId(ID_KINDS[kind] ?? "message");
    if (label !== undefined) this.#labels.set(label, id);
    return id;
  }
}

function ofMessage(message: UserMessageItem, name: string): Json {
  switch (name) {
    case "user_message":
      return message.id;
    case "content":
      return message.content.map((part) => ({ ...part }));
    case "quoted":
      return message.quoted_text ?? null;
    case "model":
      return message.inference_options.model ?? null;
    case "tool":
      return message.inference_options.tool_choice?.id ?? null;
    case "attachments":
      return message.attachments.map((attachment) => attachment.name);
    default:
      return null;
  }
}

function member(value: Json | undefined, key: string): Json {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const entry: Json | undefined = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  return entry ?? null;
}

function inWords(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
