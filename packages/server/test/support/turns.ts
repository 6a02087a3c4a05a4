import { type TestServer, textInput } from "./chat-server.ts";

/** A request that opens a thread with this text. */
export const create = (text: string, attachments: string[] = []) => ({
  type: "threads.create",
  params: { input: textInput(text, attachments) },
});
/** The types of events, in their order. */
export const types = (events: readonly Record<string, unknown>[]) => events.map((event) => event["type"]);
/** The id of the thread that a turn has opened. */
export const threadIdOf = (events: readonly Record<string, unknown>[]) => idOf(events[0]?.["thread"]);

const idOf = (value: unknown) => (value as { readonly id: string }).id;

/** What a thread lists, oldest first. */
export async function items(api: TestServer, threadId: string) {
  const response = await api.send({ type: "items.list", params: { thread_id: threadId, order: "asc" } });
  return ((await response.json()) as { data: { type: string; content?: { text: string }[] }[] }).data;
}
