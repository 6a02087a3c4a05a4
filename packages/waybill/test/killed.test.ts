import { once } from "node:events";
import { SseDecoder, type ThreadStreamEvent } from "@waybill/protocol";
import { parseItemPage, parseRunInfo, parseStreamEvent } from "@waybill/protocol/schema";
import { expect, test } from "vitest";
import { startWaybill } from "./support/waybill-process.ts";

/** The events of an answer, one by one, until the connection breaks. */
async function* turn(api: string, text: string): AsyncGenerator<ThreadStreamEvent> {
  const response = await fetch(`${api}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({
      type: "threads.create",
      params: { input: { content: [{ type: "input_text", text }], attachments: [], inference_options: {} } },
    }),
  });
  const decoder = new SseDecoder();
  for await (const chunk of response.body ?? []) {
    for (const { data } of decoder.push(chunk)) {
      const event = parseStreamEvent(JSON.parse(data));
      if (!event.ok) throw new Error(JSON.stringify(event.issues));
      yield event.value;
    }
  }
}

test("after SIGKILL in mid-answer the text so far is stored, and the run is interrupted", async () => {
  await using first = await startWaybill();
  let threadId = "";
  let received = "";
  let deltas = 0;
  const exit = once(first.child, "exit");
  try {
    for await (const event of turn(first.api, "tell me")) {
      if (event.type === "thread.created") threadId = event.thread.id;
      if (
        event.type === "thread.item.updated" &&
        event.update.type === "assistant_message.content_part.text_delta"
      ) {
        received += event.update.delta;
        deltas += 1;
        if (deltas === 10) first.child.kill("SIGKILL");
      }
    }
  } catch {
    // The connection breaks: that is the point.
  }
  await exit;
  expect(deltas).toBeGreaterThanOrEqual(10);

  await using second = await startWaybill({}, { dataDir: first.dataDir });
  const list = await fetch(`${second.api}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "items.list", params: { thread_id: threadId, order: "asc" } }),
  });
  const items = parseItemPage(await list.json());
  if (!items.ok) throw new Error(JSON.stringify(items.issues));
  expect(items.value.data.map((item) => item.type)).toEqual(["user_message", "assistant_message"]);
  const answer = items.value.data[1];
  const stored = answer?.type === "assistant_message" ? (answer.content[0]?.text ?? "") : "";
  // Journal first: whatever a reader has seen is there, and perhaps a little more.
  expect(stored.startsWith(received)).toBe(true);
  const run = parseRunInfo(await (await fetch(`${second.api}/v1/runs?thread_id=${threadId}`)).json());
  expect(run).toMatchObject({ ok: true, value: { state: "interrupted", thread_id: threadId } });
  expect(second.output()).toContain("interrupted when the server last ended");

  const again: string[] = [];
  const userMessageId = items.value.data[0]?.id;
  const retry = await fetch(`${second.api}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      type: "threads.retry_after_item",
      params: { thread_id: threadId, item_id: userMessageId },
    }),
  });
  const decoder = new SseDecoder();
  for await (const chunk of retry.body ?? []) for (const { data } of decoder.push(chunk)) again.push(data);
  expect(again.at(-1)).toContain('"thread.item.done"');
});
