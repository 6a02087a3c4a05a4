import type { ThreadItem } from "@waybill/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  agentTurn,
  answered,
  functionCall,
  guide,
  saying,
  streamAnswers,
  toolOf,
} from "./support/agent-turn.ts";
import { eventsOf, startChatServer, textInput } from "./support/chat-server.ts";
import { answerIn, attachment, base, kinds, said } from "./support/model-turn.ts";
import { message, type ResponsesApi, type Step, startResponsesApi } from "./support/responses-api.ts";

let api: ResponsesApi;
beforeEach(async () => {
  api = await startResponsesApi(() => undefined);
});
afterEach(() => api[Symbol.asyncDispose]());

test("an answer arrives as it is written, and what it used is told", async () => {
  streamAnswers(api, saying("Hel", "lo."));
  const used: number[] = [];
  const lines: string[] = [];
  const respond = guide(
    api,
    { instructions: "Be brief." },
    { onUsage: ({ totalTokens }) => used.push(totalTokens), log: (entry) => lines.push(entry.message) },
  );
  const { events, error } = await agentTurn(respond);
  expect(error).toBeUndefined();
  expect(kinds(events)).toEqual([
    "thread.item.added",
    "assistant_message.content_part.added",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.done",
    "thread.item.done",
  ]);
  expect(answerIn(events)?.content).toEqual([{ type: "output_text", text: "Hello.", annotations: [] }]);
  expect(api.seen[0]?.body).toMatchObject({
    instructions: "Be brief.",
    input: [{ role: "user", content: [{ type: "input_text", text: "hello" }] }],
  });
  expect(used).toEqual([19]);
  expect(lines).toEqual(["Guide answered: 12 tokens in, 7 out, 1 requests"]);
});

test("the agent is given the thread: attachments, answers, calls of the page, pictures", async () => {
  streamAnswers(api, saying("Yes."));
  const file = { id: "notes.txt", name: "notes.txt", mime_type: "text/plain", type: "file" as const };
  const history: ThreadItem[] = [
    said({ id: "msg_0", attachments: [file, { ...file, id: "cat.png", name: "cat.png" }] }),
    {
      ...base,
      id: "msg_a",
      type: "assistant_message",
      content: [{ type: "output_text", text: "I see.", annotations: [] }],
    },
    {
      ...base,
      id: "tc_1",
      type: "client_tool_call",
      status: "completed",
      call_id: "call_1",
      name: "locate",
      arguments: { precise: true },
      output: { lat: 1 },
    },
    { ...base, id: "msg_p", type: "generated_image", image: { id: "ig", url: "https://a.example/p.png" } },
    said(),
  ];
  await agentTurn(guide(api), {
    history,
    earlier: [attachment("notes.txt", "text/plain", "notes"), attachment("cat.png", "image/png", "PNG")],
  });
  expect(api.seen[0]?.body.input).toMatchObject([
    {
      role: "user",
      content: [
        { type: "input_text", text: "hello" },
        { type: "input_file", filename: "notes.txt", file_data: "data:text/plain;base64,bm90ZXM=" },
        { type: "input_image", image_url: "data:image/png;base64,UE5H" },
      ],
    },
    { role: "assistant", content: [{ type: "output_text", text: "I see." }] },
    { type: "function_call", call_id: "call_1", name: "locate", arguments: '{"precise":true}' },
    { type: "function_call_output", call_id: "call_1", output: '{"lat":1}' },
    {
      role: "user",
      content: [{ type: "input_text" }, { type: "input_image", image_url: "https://a.example/p.png" }],
    },
    { role: "user", content: [{ type: "input_text", text: "hello" }] },
  ]);
});

test("streamed citations become annotations", async () => {
  const [added, part, delta, ...rest] = message(["See."]);
  const annotation = {
    type: "url_citation" as const,
    url: "https://a.example/",
    title: "A",
    start_index: 0,
    end_index: 3,
  };
  const cited: Step = {
    type: "response.output_text.annotation.added",
    item_id: "msg_0",
    output_index: 0,
    content_index: 0,
    annotation_index: 0,
    annotation,
  };
  if (!added || !part || !delta) throw new Error("The message has too few steps.");
  streamAnswers(api, answered(added, part, delta, cited, ...rest));
  const { events, error } = await agentTurn(guide(api));
  expect(error).toBeUndefined();
  expect(kinds(events)).toContain("assistant_message.content_part.annotation_added");
  expect(answerIn(events)?.content[0]?.annotations).toEqual([
    { type: "annotation", source: { type: "url", title: "A", url: "https://a.example/" }, index: 3 },
  ]);
});

test("what tools say stands between what the model says, in order", async () => {
  streamAnswers(api, answered(...message(["Let me look."]), ...functionCall("search")), saying("Found it."));
  const search = toolOf("search", async (context) => {
    await context.startWorkflow({
      tasks: [{ type: "custom", title: "Search", status_indicator: "loading" }],
    });
    await context.updateWorkflowTask(0, { type: "custom", title: "Search", status_indicator: "complete" });
    await context.stream(context.turn.thread.progress("Reading"));
    return "42";
  });
  const { events, error } = await agentTurn(guide(api, { tools: [search] }));
  expect(error).toBeUndefined();
  expect(kinds(events)).toEqual([
    "thread.item.added",
    "assistant_message.content_part.added",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.done",
    "thread.item.done",
    "thread.item.added",
    "workflow.task.updated",
    "progress_update",
    "thread.item.done",
    "thread.item.added",
    "assistant_message.content_part.added",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.done",
    "thread.item.done",
  ]);
  expect(events[8]).toMatchObject({
    item: { type: "workflow", workflow: { tasks: [{ title: "Search", status_indicator: "complete" }] } },
  });
  expect(api.seen[1]?.body.input).toMatchObject([
    { role: "user" },
    { role: "assistant" },
    { type: "function_call" },
    { type: "function_call_output", output: "42" },
  ]);
});

test("a call of the page ends the run, and the agent goes on with its result", async () => {
  streamAnswers(api, answered(...functionCall("locate")), saying("You are here."));
  const locate = toolOf("locate", (context) => {
    context.clientToolCall({ name: "locate", arguments: { precise: true } });
    return "asked";
  });
  const respond = guide(api, { tools: [locate], toolUseBehavior: { stopAtToolNames: ["locate"] } });
  await using server = await startChatServer({ respond });
  const first = await eventsOf(
    await server.send({ type: "threads.create", params: { input: textInput("where am I?") } }),
  );
  expect(first.at(-1)).toMatchObject({
    type: "thread.item.done",
    item: {
      type: "client_tool_call",
      status: "pending",
      call_id: "call_locate",
      name: "locate",
      arguments: { precise: true },
    },
  });
  const { thread } = first[0] as { thread: { id: string } };
  const second = await eventsOf(
    await server.send({
      type: "threads.add_client_tool_output",
      params: { thread_id: thread.id, result: { lat: 1 } },
    }),
  );
  expect(second.at(-1)).toMatchObject({ item: { content: [{ text: "You are here." }] } });
  expect(api.seen[1]?.body.input).toMatchObject([
    { role: "user" },
    { type: "function_call", call_id: "call_locate", arguments: '{"precise":true}' },
    { type: "function_call_output", call_id: "call_locate", output: '{"lat":1}' },
  ]);
});

test("a model of another API has its text streamed, too", async () => {
  const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  const output = [
    {
      type: "message" as const,
      role: "assistant" as const,
      status: "completed" as const,
      content: [{ type: "output_text" as const, text: "Hello." }],
    },
  ];
  const { events, error } = await agentTurn(
    guide(api, {
      model: {
        getResponse: () => Promise.reject(new Error("not used")),
        async *getStreamedResponse() {
          yield { type: "response_started" as const };
          yield { type: "output_text_delta" as const, delta: "Hel" };
          yield { type: "output_text_delta" as const, delta: "lo." };
          yield { type: "response_done" as const, response: { id: "r", usage, output } };
        },
      },
    }),
  );
  expect(error).toBeUndefined();
  expect(kinds(events).filter((kind) => kind.endsWith("text_delta"))).toHaveLength(2);
  expect(answerIn(events)?.content[0]?.text).toBe("Hello.");
});
