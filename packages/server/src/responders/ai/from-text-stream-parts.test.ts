import type { ThreadItem } from "@waybill/protocol";
import { expect, test } from "vitest";
import type { TurnEvent } from "../respond.ts";
import { type FromTextStreamPartsOptions, fromTextStreamParts } from "./from-text-stream-parts.ts";

interface Part {
  readonly type: string;
  readonly [key: string]: unknown;
}

const finish = (finishReason = "stop"): Part => ({
  type: "finish",
  finishReason,
  totalUsage: { inputTokens: 2, outputTokens: undefined },
});
const say = (text: string, id = "txt"): Part[] => [
  { type: "text-start", id },
  { type: "text-delta", id, text },
  { type: "text-end", id },
];
const call = (toolCallId: string, more: object = {}): Part => ({
  type: "tool-call",
  toolCallId,
  toolName: `tool_${toolCallId}`,
  input: { of: toolCallId },
  ...more,
});
const about = (toolCallId: string) => ({ toolCallId, toolName: `tool_${toolCallId}` });

async function outcomeOf(
  parts: readonly Part[],
  options: FromTextStreamPartsOptions = {},
  stop?: AbortSignal,
) {
  const events: TurnEvent[] = [];
  const signal = stop ?? new AbortController().signal;
  async function* stream() {
    yield* parts;
  }
  let error: unknown;
  try {
    for await (const event of fromTextStreamParts({ thread: { id: "thr_1" }, signal }, stream(), options)) {
      events.push(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  const items = events.flatMap((event): ThreadItem[] =>
    event.type === "thread.item.done" ? [event.item] : [],
  );
  return { events, items, error };
}

test("blocks of text that follow each other are one message, with the citations where they stand", async () => {
  const source = { type: "source", sourceType: "url", id: "1", url: "https://a.example/", title: "A" };
  const document = {
    type: "source",
    sourceType: "document",
    id: "2",
    mediaType: "application/pdf",
    title: "B",
  };
  const [start, delta, end] = say("Second.", "b");
  const { items, events } = await outcomeOf([
    source,
    ...say("First. ", "a"),
    { ...start, type: "text-start" },
    { ...delta, type: "text-delta" },
    { ...end, type: "text-end", citations: [{ source, startIndex: 0, endIndex: 6 }] },
    document,
    document,
    finish(),
  ]);
  const at = {
    type: "annotation",
    source: { type: "url", title: "A", url: "https://a.example/" },
    index: 13,
  };
  const whole = { type: "annotation", source: { type: "file", title: "B", filename: "B" } };
  expect(items).toMatchObject([{ content: [{ text: "First. Second." }] }]);
  expect(items[0]).toHaveProperty("content.0.annotations", [at, whole]);
  expect(JSON.stringify(events).match(/annotation_added/g)).toHaveLength(2);
});

test("reasoning of several parts is one workflow, a thought each, with what it took", async () => {
  const times = [0, 4_400];
  const now = () => new Date(times.length > 1 ? (times.shift() ?? 0) : (times[0] ?? 0));
  const { items } = await outcomeOf(
    [
      { type: "reasoning-start", id: "r:0" },
      { type: "reasoning-delta", id: "r:0", text: "**Look**\n\nAt it." },
      { type: "reasoning-end", id: "r:0" },
      { type: "reasoning-start", id: "r:1" },
      { type: "reasoning-delta", id: "r:1", text: "Say it." },
      { type: "reasoning-end", id: "r:1" },
      ...say("A cat."),
      finish(),
    ],
    { now },
  );
  expect(items).toMatchObject([
    {
      type: "workflow",
      workflow: {
        tasks: [{ title: "Look", content: "At it." }, { content: "Say it." }],
        summary: { duration: 4 },
      },
    },
    { type: "assistant_message" },
  ]);
});

test("pictures are items, where the author keeps them; other files are passed over", async () => {
  const file = { base64: "UE5H", mediaType: "image/webp" };
  const parts = [
    { type: "file", file },
    { type: "file", file: { ...file, mediaType: "audio/wav" } },
    finish(),
  ];
  expect((await outcomeOf(parts)).items).toMatchObject([
    { type: "generated_image", image: { url: "data:image/webp;base64,UE5H" } },
  ]);
  const imageUrl = async (url: string) => `https://pictures.example/${url.length}`;
  expect((await outcomeOf(parts, { imageUrl })).items).toMatchObject([
    { image: { url: "https://pictures.example/27" } },
  ]);
});

test("tools are shown only if the author says how, and what stands between them ends the workflow", async () => {
  const parts = [
    ...say("I look."),
    call("a"),
    call("b"),
    { type: "tool-result", ...about("a"), output: 1, preliminary: true },
    { type: "tool-result", ...about("a"), output: 1 },
    { type: "tool-error", ...about("b"), error: new Error("no") },
    { type: "finish-step" },
    ...say("Found."),
    finish(),
  ];
  expect((await outcomeOf(parts)).items.map(({ type }) => type)).toEqual([
    "assistant_message",
    "assistant_message",
  ]);
  const failed: unknown[] = [];
  const { items, events } = await outcomeOf(parts, {
    showTool: ({ toolName, input }) => ({ type: "custom", title: toolName, content: JSON.stringify(input) }),
    onToolError: (error, name) => failed.push([name, error]),
  });
  expect(items.map(({ type }) => type)).toEqual(["assistant_message", "workflow", "assistant_message"]);
  expect(items[1]).toMatchObject({
    workflow: {
      type: "custom",
      tasks: [
        { title: "tool_a", content: '{"of":"a"}', status_indicator: "complete" },
        { title: "tool_b", status_indicator: "complete" },
      ],
    },
  });
  expect(JSON.stringify(events).match(/workflow\.task\.added/g)).toHaveLength(2);
  expect(failed).toEqual([["tool_b", new Error("no")]]);
});

test("of calls without a result the first is the page's; refused, approved, invalid and foreign ones are not", async () => {
  const { items } = await outcomeOf([
    call("a", { providerExecuted: true }),
    call("b", { dynamic: true, invalid: true, error: new Error("no such tool") }),
    call("c"),
    { type: "tool-approval-request", approvalId: "1", toolCall: call("c") },
    call("d"),
    { type: "tool-output-denied", ...about("d") },
    call("e"),
    call("f"),
    finish("tool-calls"),
  ]);
  expect(items).toMatchObject([
    { type: "client_tool_call", status: "pending", call_id: "e", name: "tool_e", arguments: { of: "e" } },
  ]);
});

test("the failure of a guard takes back what was sent, if the author says so", async () => {
  class Guard extends Error {}
  const guard = new Guard("no");
  const parts = [
    ...say("First."),
    call("a"),
    { type: "tool-result", ...about("a"), output: 1 },
    ...say("Secret."),
    { type: "error", error: guard },
  ];
  const { events, error } = await outcomeOf(parts, { takeBack: (thrown) => thrown instanceof Guard });
  expect(error).toBe(guard);
  const begun = events.flatMap((event) => (event.type === "thread.item.added" ? [event.item.id] : []));
  const removed = events.flatMap((event) => (event.type === "thread.item.removed" ? [event.item_id] : []));
  expect(begun).toHaveLength(2);
  expect(removed).toEqual(begun);
  const kept = await outcomeOf(parts);
  expect(kept.error).toBe(guard);
  expect(kept.events.filter(({ type }) => type === "thread.item.removed")).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["a retry that was given up", { name: "AI_RetryError", lastError: { statusCode: 429 } }, "rate_limited"],
  ["an address where nobody is", { name: "AI_APICallError", message: "x" }, "unreachable"],
  ["a time that ran out", new DOMException("x", "TimeoutError"), "timeout"],
  ["a cut connection", new TypeError("terminated"), "connection_lost"],
  ["words within the stream", { message: "x", code: "insufficient_quota" }, "quota"],
  ["no output", { name: "AI_NoOutputGeneratedError" }, "empty"],
])("%s is told from the other failures of a model's server", async (_, error, reason) => {
  expect((await outcomeOf([{ type: "error", error }])).error).toMatchObject({
    code: "upstream_failed",
    details: { reason },
  });
});

test("a run that ends by the turn's signal has the signal's reason, and one that just ends has broken off", async () => {
  const stop = new AbortController();
  stop.abort(new Error("stopped"));
  expect((await outcomeOf([{ type: "abort" }], { takeBack: () => true }, stop.signal)).error).toEqual(
    new Error("stopped"),
  );
  for (const parts of [[], [{ type: "abort" }]]) {
    expect((await outcomeOf(parts)).error).toMatchObject({ details: { reason: "connection_lost" } });
  }
});

test("what the answer used is told, 0 where nobody counts", async () => {
  const used: unknown[] = [];
  await outcomeOf([...say("Yes."), finish()], { onUsage: (usage) => used.push(usage) });
  expect(used).toEqual([{ inputTokens: 2, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 }]);
});
