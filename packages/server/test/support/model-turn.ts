import type { AssistantMessageItem, ThreadItem, UserMessageItem } from "@waybill/protocol";
import type { LogEntry, TurnAttachment, TurnContext, TurnEvent } from "@waybill/server";
import { type OpenAIOptions, openai } from "@waybill/server/responders/openai";
import OpenAI from "openai";
import { ThreadDraft } from "../../src/responders/thread-draft.ts";
import { createTurnThread } from "../../src/responders/turn-thread.ts";
import type { ResponsesApi } from "./responses-api.ts";

const AT = "2026-01-02T03:04:05.000Z";
/** What the items of these tests share. */
export const base = { thread_id: "thr_1", created_at: AT };

/** A person's message. */
export const said = (change: Partial<UserMessageItem> = {}): UserMessageItem => ({
  ...base,
  id: "msg_1",
  type: "user_message",
  content: [{ type: "input_text", text: "hello" }],
  attachments: [],
  inference_options: {},
  ...change,
});

/** An attachment of such bytes. */
export const attachment = (
  id: string,
  mime_type: string,
  bytes: string,
  change: Partial<TurnAttachment> = {},
): TurnAttachment => ({
  id,
  name: id,
  mime_type,
  type: mime_type.startsWith("image/") ? "image" : "file",
  size_bytes: bytes.length,
  sha256: "0".repeat(64),
  stream: async () => new Blob([bytes]).stream(),
  ...change,
});

/** What a turn finds. */
export interface Situation {
  readonly history?: readonly ThreadItem[];
  readonly attachments?: readonly TurnAttachment[];
  readonly earlier?: readonly TurnAttachment[];
  readonly title?: string;
  readonly signal?: AbortSignal;
  readonly options?: Partial<OpenAIOptions>;
}

/** What came of a turn. */
export interface Outcome {
  readonly events: readonly TurnEvent[];
  readonly error: unknown;
  readonly logged: readonly LogEntry[];
  /** What the thread is called at the end. */
  readonly title: string | undefined;
}

/** The turn of a situation: its thread has a title, unless the situation says otherwise. */
export function contextOf(situation: Situation): TurnContext {
  const {
    history = [said()],
    attachments = [],
    earlier = [],
    signal = new AbortController().signal,
  } = situation;
  const principal = { tenant: "default", user: "local" };
  const title = "title" in situation ? situation.title : "A title";
  return {
    thread: createTurnThread(
      new ThreadDraft({
        id: "thr_1",
        owner: principal,
        created_at: AT,
        ...(title === undefined || title === "" ? {} : { title }),
        status: { type: "active" },
        metadata: {},
      }),
      { now: () => new Date(AT), history: async () => history },
    ),
    attachments,
    attachment: async (id) => earlier.find((one) => one.id === id) ?? null,
    principal,
    signal,
    requestId: "req_1",
  };
}

/** One turn of a situation. */
export async function turn(
  api: ResponsesApi,
  situation: Situation = {},
  onEvent: (event: TurnEvent) => void = () => undefined,
): Promise<Outcome> {
  const { history = [said()] } = situation;
  const logged: LogEntry[] = [];
  const context = contextOf(situation);
  const respond = openai({
    client: new OpenAI({ apiKey: "sk-secret", baseURL: api.baseURL, maxRetries: 0 }),
    model: "test-model",
    log: (entry) => logged.push(entry),
    now: () => new Date(AT),
    ...situation.options,
  });
  const events: TurnEvent[] = [];
  try {
    const last = history.at(-1);
    for await (const event of respond(context, last?.type === "user_message" ? last : null)) {
      events.push(event);
      onEvent(event);
    }
    return { events, error: undefined, logged, title: context.thread.title };
  } catch (error) {
    return { events, error, logged, title: context.thread.title };
  }
}

/** The types of events, and of updates. */
export const kinds = (events: readonly TurnEvent[]) =>
  events.map((event) => (event.type === "thread.item.updated" ? event.update.type : event.type));
/** The answer among events. */
export const answerIn = (events: readonly TurnEvent[]): AssistantMessageItem | undefined =>
  events
    .map((event) => (event.type === "thread.item.done" ? event.item : undefined))
    .find((item) => item?.type === "assistant_message");
