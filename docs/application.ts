// What the examples of the documentation take for granted: the application around the chat.
import type { Agent, Tool } from "@openai/agents";
import type { OpenAIChatKit } from "@openai/chatkit";
import type { ChatFailure } from "@waybill/client";
import type { WaybillChat } from "@waybill/element";
import type { UserMessageItem } from "@waybill/protocol";
import type { ChatKitServerConfig, TurnAttachment } from "@waybill/server";
import type { FileStore, Principal, Store } from "@waybill/server/ports";
import type { testStore } from "@waybill/server/ports/testing";
import type { AgentContext, ModelImage } from "@waybill/server/responders/agents";
import { describe as describing } from "@waybill/server/responders/describe";
import { Card, Text } from "@waybill/server/widgets";

// What an earlier example of the same page has imported.
export { createChatKitServer, keepPartialMessages } from "@waybill/server";
export { Card, Markdown, Text } from "@waybill/server/widgets";
export { describe, test } from "vitest";

interface Stoppable {
  readonly signal: AbortSignal;
}

/** The parts of a configuration that an example leaves out. */
export declare const application: ChatKitServerConfig;
/** What the official types do not know of the element. */
interface Ours extends Pick<WaybillChat, "setOptions"> {
  addEventListener(
    type: "chatkit.error",
    listener: (event: {
      readonly detail: { readonly error: Error & Partial<Pick<ChatFailure, "verdict">> };
    }) => void,
  ): void;
}
/** The element on a page, and the page around it. */
export declare const chat: OpenAIChatKit & Ours;
export declare const chatKit: OpenAIChatKit;
export declare const page: {
  readonly cart: { total(currency: unknown): Promise<number> };
  highlight(row: unknown): void;
  confirm(question: string): Promise<void>;
};
export declare const token: string;
export declare const api: { readonly url: string; readonly domainKey: string };
/** An agent with tools, and what they find. */
export declare const agent: Agent<AgentContext>;
export declare const find: Tool<AgentContext>;
export declare const locate: Tool<AgentContext>;
export declare const catalogue: {
  search(
    words: string,
    options: { readonly signal: AbortSignal | undefined },
  ): Promise<readonly { readonly name: string }[]>;
};
export declare const keepPicture: (image: ModelImage) => Promise<string>;
export declare const myHarness: Parameters<typeof testStore>[1];
export declare const myStore: Store;
export declare const myFiles: FileStore;

/** A model that knows one thing. */
export const model = {
  async *words(_options: Stoppable): AsyncGenerator<string> {
    yield "a cat";
    yield ".";
  },
  async *answer(
    message: UserMessageItem | null,
    attachments: readonly TurnAttachment[],
    _options: Stoppable,
  ): AsyncGenerator<string> {
    yield `${message?.content.length ?? 0} part, `;
    yield `${attachments.length} files.`;
  },
};
export const myModel = model;
export const respond = describing();
export const answer = (found: string): string => found;
export const goOn = (item: object | undefined): string => `${item === undefined ? "What" : "Thank you"}.`;
export const search = async (_message: UserMessageItem | null, { signal }: Stoppable): Promise<string> => {
  signal.throwIfAborted();
  return "They sleep.";
};
export const painter = {
  async *paint(_what: string, _options: Stoppable) {
    yield { url: "data:image/png;base64,AA==", progress: 0.5 };
    yield { url: "data:image/png;base64,AAAA", progress: 1 };
  },
};
export const orders = {
  async ofUser(principal: Principal, payload: unknown): Promise<{ readonly id: number } | null> {
    const isSeven =
      typeof payload === "object" && payload !== null && "order" in payload && payload.order === 7;
    return isSeven && principal.user === "local" ? { id: 7 } : null;
  },
};
export const ears = {
  listen: async (speech: Blob, _options: Stoppable) => `${speech.size} bytes of ${speech.type}`,
};
export const survey = {
  answers: [] as object[],
  async add(answer: object): Promise<void> {
    survey.answers.push(answer);
  },
};
/** What hooks have written down. */
export const journal: string[] = [];
export const log = (path: string, message: string): void => void journal.push(`${path}: ${message}`);
export const userOf = async (request: Request): Promise<Principal | null> => {
  const user = request.headers.get("x-user");
  return user === null ? null : { tenant: "default", user };
};
export const order = Card({}, [Text({ value: "Order 7" })]);
export const lines = ["coffee", "cake"];
export const pieces = ["Two ", "coffees"];
export const text = JSON.stringify(order);
