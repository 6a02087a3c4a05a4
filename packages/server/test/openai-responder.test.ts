import { afterEach, beforeEach, expect, test } from "vitest";
import { answerIn, attachment, base, kinds, said, turn } from "./support/model-turn.ts";
import {
  answer,
  message,
  type ResponsesApi,
  type Step,
  sendError,
  sendStream,
  sendText,
  startResponsesApi,
} from "./support/responses-api.ts";

let api: ResponsesApi;
beforeEach(async () => {
  api = await startResponsesApi((_, response) => sendStream(response, answer(...message(["Hello."]))));
});
afterEach(() => api[Symbol.asyncDispose]());

const asked = () => api.seen[0]?.body;
const streamed = (steps: Step[]) => {
  api.script = (_, response) => sendStream(response, steps);
};

test("an answer arrives as it is written, and its use is logged", async () => {
  streamed(answer(...message(["Hel", "lo."])));
  const { events, error, logged } = await turn(api);
  expect(error).toBeUndefined();
  expect(kinds(events)).toEqual([
    "thread.item.added",
    "assistant_message.content_part.added",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.text_delta",
    "assistant_message.content_part.done",
    "thread.item.done",
  ]);
  expect(answerIn(events)).toMatchObject({
    thread_id: "thr_1",
    created_at: base.created_at,
    content: [{ type: "output_text", text: "Hello.", annotations: [] }],
  });
  expect(asked()).toEqual({
    model: "test-model",
    input: [{ role: "user", content: [{ type: "input_text", text: "hello" }] }],
    stream: true,
    store: false,
  });
  expect(api.seen[0]?.headers.authorization).toBe("Bearer sk-secret");
  expect(logged).toEqual([
    {
      level: "info",
      message: "test-model answered: 12 tokens in (4 cached), 7 out (3 reasoning)",
      request_id: "req_1",
    },
  ]);
});

test("citations become annotations, and are still there at the end", async () => {
  const [added, part, delta, done, ...rest] = message(["See."]);
  const at = {
    type: "response.output_text.annotation.added" as const,
    item_id: "msg_0",
    output_index: 0,
    content_index: 0,
  };
  if (!added || !part || !delta || !done) throw new Error("The message has too few steps.");
  streamed(
    answer(
      added,
      part,
      delta,
      {
        ...at,
        annotation_index: 0,
        annotation: {
          type: "url_citation",
          url: "https://a.example/",
          title: "A",
          start_index: 0,
          end_index: 3,
        },
      },
      { ...at, annotation_index: 1, annotation: { type: "file_path", file_id: "f", index: 1 } },
      {
        ...at,
        annotation_index: 2,
        annotation: { type: "file_citation", file_id: "f", filename: "a.pdf", index: 4 },
      },
      done,
      ...rest,
    ),
  );
  const { events } = await turn(api);
  const annotations = [
    { type: "annotation", source: { type: "url", title: "A", url: "https://a.example/" }, index: 3 },
    { type: "annotation", source: { type: "file", title: "a.pdf", filename: "a.pdf" }, index: 4 },
  ];
  expect(events.filter((event) => JSON.stringify(event).includes("annotation_added"))).toHaveLength(2);
  expect(answerIn(events)?.content).toEqual([{ type: "output_text", text: "See.", annotations }]);
});

test("a summary of reasoning is a workflow of thoughts before the answer", async () => {
  const at = { item_id: "rs_0", output_index: 0, summary_index: 0 };
  const item = { id: "rs_0", type: "reasoning" as const, summary: [] };
  const text = "**Looking at it**\n\nIt is a cat.";
  streamed(
    answer(
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.reasoning_summary_part.added", ...at, part: { type: "summary_text", text: "" } },
      { type: "response.reasoning_summary_text.delta", ...at, delta: "x".repeat(120) },
      { type: "response.reasoning_summary_text.done", ...at, text },
      { type: "response.reasoning_summary_part.done", ...at, part: { type: "summary_text", text } },
      { type: "response.output_item.done", output_index: 0, item },
      ...message(["A cat."], 1),
    ),
  );
  const { events } = await turn(api, { options: { reasoning: { summary: "auto" } } });
  expect(kinds(events).slice(0, 5)).toEqual([
    "thread.item.added",
    "workflow.task.added",
    "workflow.task.updated",
    "workflow.task.updated",
    "thread.item.done",
  ]);
  expect(events[4]).toMatchObject({
    item: {
      type: "workflow",
      workflow: {
        type: "reasoning",
        tasks: [
          { type: "thought", title: "Looking at it", content: "It is a cat.", status_indicator: "complete" },
        ],
        summary: { duration: 1 },
      },
    },
  });
  expect(answerIn(events)?.content[0]?.text).toBe("A cat.");
  expect(asked()?.reasoning).toEqual({ summary: "auto" });
});

test("reasoning without a summary leaves nothing behind", async () => {
  const item = { id: "rs_0", type: "reasoning" as const, summary: [] };
  streamed(
    answer(
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.output_item.done", output_index: 0, item },
      ...message(["A cat."], 1),
    ),
  );
  expect(kinds((await turn(api)).events).filter((kind) => kind === "thread.item.added")).toHaveLength(1);
});

test("a refusal is what the model says", async () => {
  const at = { item_id: "msg_0", output_index: 0, content_index: 0 };
  const item = (content: { type: "refusal"; refusal: string }[]) => ({
    id: "msg_0",
    type: "message" as const,
    role: "assistant" as const,
    status: "completed" as const,
    content,
  });
  const part = { type: "refusal" as const, refusal: "I will not." };
  streamed(
    answer(
      { type: "response.output_item.added", output_index: 0, item: item([]) },
      { type: "response.content_part.added", ...at, part: { type: "refusal", refusal: "" } },
      { type: "response.refusal.delta", ...at, delta: "I will " },
      { type: "response.refusal.delta", ...at, delta: "not." },
      { type: "response.refusal.done", ...at, refusal: "I will not." },
      { type: "response.content_part.done", ...at, part },
      { type: "response.output_item.done", output_index: 0, item: item([part]) },
    ),
  );
  expect(answerIn((await turn(api)).events)?.content[0]?.text).toBe("I will not.");
});

test("a function is called on the page, and the next request tells the model what came of it", async () => {
  const call = {
    type: "function_call" as const,
    id: "fc_1",
    call_id: "call_1",
    name: "locate",
    arguments: '{"precise":true}',
  };
  streamed(
    answer(
      { type: "response.output_item.added", output_index: 0, item: { ...call, arguments: "" } },
      { type: "response.output_item.done", output_index: 0, item: call },
    ),
  );
  const tool = { type: "function" as const, name: "locate", parameters: {}, strict: false };
  const question = said({ inference_options: { tool_choice: { id: "locate" } } });
  const { events } = await turn(api, { history: [question], options: { tools: [tool] } });
  expect(asked()).toMatchObject({
    tools: [tool],
    parallel_tool_calls: false,
    tool_choice: { type: "function", name: "locate" },
  });
  const [event] = events;
  if (event?.type !== "thread.item.done" || event.item.type !== "client_tool_call")
    throw new Error("There is no call.");
  expect(event.item).toMatchObject({ status: "pending", call_id: "call_1", arguments: { precise: true } });
  streamed(answer(...message(["You are here."])));
  const history = [question, { ...event.item, status: "completed" as const, output: { lat: 1 } }];
  await turn(api, { history, options: { tools: [tool] } });
  // Else the model would call it again and again.
  expect(api.seen[1]?.body).not.toHaveProperty("tool_choice");
  expect(api.seen[1]?.body.input).toEqual([
    { role: "user", content: [{ type: "input_text", text: "hello" }] },
    { type: "function_call", call_id: "call_1", name: "locate", arguments: '{"precise":true}' },
    { type: "function_call_output", call_id: "call_1", output: '{"lat":1}' },
  ]);
});

test("the model is given the whole thread: quotes, tags, answers, hidden context", async () => {
  const tag = { type: "input_tag" as const, id: "u_1", text: "Ann", data: { mail: "ann@a.example" } };
  await turn(api, {
    history: [
      said({ id: "msg_0", quoted_text: "one\ntwo", content: [{ type: "input_text", text: "ask " }, tag] }),
      {
        ...base,
        id: "msg_1",
        type: "assistant_message",
        content: [{ type: "output_text", text: "I did.", annotations: [] }],
      },
      { ...base, id: "shcx_1", type: "sdk_hidden_context", content: "The person stopped the answer." },
      {
        ...base,
        id: "tc_1",
        type: "client_tool_call",
        status: "pending",
        call_id: "c",
        name: "n",
        arguments: {},
      },
      said({ quoted_text: "three" }),
    ],
    options: { instructions: "Be brief." },
  });
  expect(asked()?.instructions).toBe("Be brief.");
  const words = (...texts: string[]) => ({
    role: "user",
    content: texts.map((text) => ({ type: "input_text", text })),
  });
  expect(asked()?.input).toEqual([
    words("ask @Ann"),
    words(
      "What the names with an @ stand for; write them without it:",
      '@Ann is: {"id":"u_1","mail":"ann@a.example"}',
    ),
    { role: "assistant", content: "I did." },
    words("Context that the person does not see:\nThe person stopped the answer."),
    words("hello"),
    words("The message above is about this passage:\nthree"),
  ]);
});

test("attachments go along as bytes, newest first while there is room, and the rest is named", async () => {
  const named = (id: string, mime_type: string) => ({ id, name: id, mime_type, type: "file" as const });
  await turn(api, {
    history: [
      said({
        id: "msg_0",
        attachments: [named("old.pdf", "application/pdf"), named("gone.txt", "text/plain")],
      }),
      said({
        attachments: [
          named("cat.png", "image/png"),
          named("notes.txt", "text/plain"),
          named("film.mp4", "video/mp4"),
          named("large.csv", "text/csv"),
          named("scan.tiff", "image/tiff"),
        ],
      }),
    ],
    attachments: [
      attachment("cat.png", "image/png", "PNG"),
      attachment("notes.txt", "text/plain", "notes"),
      attachment("film.mp4", "video/mp4", "film"),
      attachment("large.csv", "text/csv", "0123456789"),
      attachment("scan.tiff", "image/tiff", "t"),
    ],
    earlier: [attachment("old.pdf", "application/pdf", "old")],
    options: { maxAttachmentBytes: 9, maxRequestAttachmentBytes: 10 },
  });
  expect(asked()?.input).toEqual([
    {
      role: "user",
      content: [
        { type: "input_text", text: "hello" },
        {
          type: "input_text",
          text: "[Attached: old.pdf (application/pdf, 3 bytes), too large to be handed to you]",
        },
        { type: "input_text", text: "[Attached: gone.txt (text/plain), which is gone]" },
      ],
    },
    {
      role: "user",
      content: [
        { type: "input_text", text: "hello" },
        { type: "input_image", detail: "auto", image_url: "data:image/png;base64,UE5H" },
        { type: "input_file", filename: "notes.txt", file_data: "data:text/plain;base64,bm90ZXM=" },
        { type: "input_text", text: "[Attached: film.mp4 (video/mp4, 4 bytes), which you cannot play]" },
        {
          type: "input_text",
          text: "[Attached: large.csv (text/csv, 10 bytes), too large to be handed to you]",
        },
        {
          type: "input_text",
          text: "[Attached: scan.tiff (image/tiff, 1 bytes), a format that you cannot see]",
        },
      ],
    },
  ]);
});

test.each([
  ["large", "large"],
  ["unlisted", "test-model"],
])("a message that asks for the model %s is answered by %s", async (model, answering) => {
  await turn(api, { history: [said({ inference_options: { model } })], options: { models: ["large"] } });
  expect(asked()?.model).toBe(answering);
});

test("a new conversation is named after its first answer", async () => {
  api.script = ({ body }, response) =>
    body.stream
      ? sendStream(response, answer(...message(["A cat."])))
      : sendText(response, '"A cat in the sun."\n');
  const { title, error } = await turn(api, { title: "", options: { titleModel: "small" } });
  expect(error).toBeUndefined();
  expect(title).toBe("A cat in the sun");
  expect(api.seen[1]?.body).toMatchObject({ model: "small", store: false });
  expect(api.seen[1]?.body.input).toBe("The person wrote: hello\n\nThe answer begins: A cat.");
});

test.each<[string, (response: Parameters<typeof sendText>[0]) => void]>([
  ["fails", (response) => sendError(response, 500, null)],
  ["is cut off", (response) => void response.destroy()],
  ["is empty", (response) => sendText(response, "  ")],
  ["is an essay", (response) => sendText(response, "word ".repeat(40))],
])("a title that %s costs the turn nothing", async (_, titled) => {
  api.script = ({ body }, response) =>
    body.stream ? sendStream(response, answer(...message(["A cat."]))) : titled(response);
  const { events, error, title } = await turn(api, { title: "" });
  expect(error).toBeUndefined();
  expect(title).toBeUndefined();
  expect(events.at(-1)?.type).toBe("thread.item.done");
  expect(JSON.stringify(events)).not.toContain("sk-secret");
});

test("nobody names a conversation where that is switched off", async () => {
  await turn(api, { title: "", options: { titleModel: null } });
  expect(api.seen).toHaveLength(1);
});
