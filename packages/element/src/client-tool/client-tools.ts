import type { ClientToolCallItem, Json } from "@waybill/protocol";
import { jsonFields } from "../options/message-content.ts";

/** The page's handler of client tools; the official option `onClientTool`. */
export type ClientToolHandler = (call: {
  readonly name: string;
  readonly params: Readonly<Record<string, Json>>;
}) => unknown;

/** Where a call stands: nobody has taken it, it runs, its result is handed on, there is no handler, or it went wrong. */
export type ToolState =
  | { readonly is: "waiting" | "running" | "used" | "missing" }
  | { readonly is: "failed"; readonly reason: string };

const waiting: ToolState = { is: "waiting" };

/** What carries out calls. */
export interface ToolHost {
  /** Undefined: the page has none. */
  readonly handler: () => ClientToolHandler | undefined;
  /** Hands the result to the server; the answer goes on. */
  readonly answer: (result: Json) => void;
  readonly changed: () => void;
  /** A call could not be carried out. */
  readonly failed: (error: Error) => void;
}

/** Carries out tools that the page offers, each call once unless it is asked for again. */
export class ClientTools {
  readonly #host: ToolHost;
  readonly #states = new Map<string, ToolState>();

  constructor(host: ToolHost) {
    this.#host = host;
  }

  /** The same object for as long as nothing changes. */
  stateOf(call: ClientToolCallItem): ToolState {
    return this.#states.get(call.call_id) ?? waiting;
  }

  /** Carries a call out, unless it is being carried out. */
  async run(call: ClientToolCallItem): Promise<void> {
    if (this.stateOf(call).is === "running") return;
    const handler = this.#host.handler();
    if (handler === undefined) {
      this.#set(call, { is: "missing" });
      this.#host.failed(new Error(`onClientTool is not set, so the tool "${call.name}" cannot be used.`));
      return;
    }
    this.#set(call, { is: "running" });
    try {
      const result = await handler({ name: call.name, params: call.arguments });
      this.#set(call, { is: "used" });
      this.#host.answer(jsonFields(result));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#set(call, { is: "failed", reason });
      this.#host.failed(error instanceof Error ? error : new Error(reason));
    }
  }

  #set(call: ClientToolCallItem, state: ToolState): void {
    this.#states.set(call.call_id, state);
    this.#host.changed();
  }
}
