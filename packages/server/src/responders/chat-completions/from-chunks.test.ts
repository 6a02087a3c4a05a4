import type { ThreadItem } from "@waybill/protocol";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { expect, test } from "vitest";
import { fromChatCompletionChunks } from "./from-chunks.ts";

type Delta = Readonly<Record<string, unknown>>;

async function itemsOf(...deltas: readonly Delta[]): Promise<ThreadItem[]> {
  async function* chunks() {
    for (const delta of [...deltas, {}]) {
      const finish_reason = Object.keys(delta).length === 0 ? "stop" : null;
      // Servers send what the package's types do not name.
      yield { choices: [{ index: 0, delta, finish_reason }] } as unknown as ChatCompletionChunk;
    }
    // The usage of the SDK's own servers comes without choices, that of others without the field.
    yield { usage: null } as unknown as ChatCompletionChunk;
  }
  const turn = { thread: { id: "thr_1" }, signal: new AbortController().signal };
  const items: ThreadItem[] = [];
  for await (const event of fromChatCompletionChunks(turn, chunks())) {
    if (event.type === "thread.item.done") items.push(event.item);
  }
  return items;
}
const tool = (
  index: number | undefined,
  id: string | undefined,
  name: string | null,
  given: string | null,
) => ({
  tool_calls: [{ ...(index === undefined ? {} : { index }), id, function: { name, arguments: given } }],
});

test("citations are annotations of the message", async () => {
  const citation = { type: "url_citation", url_citation: { url: "https://a.example/", end_index: 4 } };
  const [message] = await itemsOf({ content: "See." }, { annotations: [citation, { type: "file" }] });
  expect(message).toHaveProperty("content.0.annotations", [
    {
      type: "annotation",
      source: { type: "url", title: "https://a.example/", url: "https://a.example/" },
      index: 4,
    },
  ]);
});

test("pictures are items, as data or where they are", async () => {
  const urls = ["data:image/png;base64,UE5H", "https://pictures.example/1"];
  const items = await itemsOf({ content: "Look:" }, { images: urls.map((url) => ({ image_url: { url } })) });
  expect(items).toMatchObject([
    { type: "assistant_message" },
    ...urls.map((url) => ({ type: "generated_image", image: { url } })),
  ]);
});

test("content in parts is told like content", async () => {
  const items = await itemsOf(
    { content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm." }] }] },
    { content: [{ type: "text", text: "Yes." }] },
    { content: null, reasoning_content: null, tool_calls: null, annotations: null },
  );
  expect(items).toMatchObject([
    { type: "workflow", workflow: { tasks: [{ content: "Hm." }] } },
    { type: "assistant_message", content: [{ text: "Yes." }] },
  ]);
});

test.each([
  ["by index", [tool(0, "a", "f", ""), tool(1, "b", "g", "{}"), tool(0, undefined, null, '{"x":1}')]],
  ["by ids, all numbered 0", [tool(0, "a", "f", '{"x":1}'), tool(0, "b", "g", "{}")]],
  ["without any number", [tool(undefined, "a", "f", '{"x"'), tool(undefined, "", null, ":1}")]],
])("of several calls, told apart %s, the first is the page's", async (_, deltas) => {
  expect(await itemsOf(...deltas)).toMatchObject([
    { type: "client_tool_call", call_id: "a", name: "f", arguments: { x: 1 } },
  ]);
});

test("a call without an id has one all the same", async () => {
  const [call] = await itemsOf(tool(0, undefined, "f", null));
  expect(call).toMatchObject({ call_id: expect.stringMatching(/^tc_/), arguments: {} });
});
