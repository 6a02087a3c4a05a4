import type { Respond, RespondToAction, SyncAction } from "@waybill/server";
import { afterEach, describe, expect, test } from "vitest";
import { eventsOf, startChatServer, type TestServer, textInput } from "./support/chat-server.ts";
import { create, items, threadIdOf, types } from "./support/turns.ts";

let server: TestServer;
afterEach(() => server[Symbol.asyncDispose]());

const asks: Respond = async function* ({ thread, continues }, message) {
  const text = message?.content.map((part) => part.text).join("") ?? "";
  if (text === "call") yield thread.clientToolCall({ name: "locate", arguments: { precise: true } });
  else if (text === "ask") {
    const options = [{ value: "S" }, { value: "M" }];
    yield thread.structuredInput([
      { type: "multiple_choice", id: "size", question: "Which size?", options },
      { type: "freeform", id: "note", question: "Anything else?" },
    ]);
  } else if (text === "widget") {
    yield* thread.streamWidget({ type: "Card", children: [{ type: "Text", value: "Hello" }] });
  } else if (continues?.type === "client_tool_call") {
    if (continues.output === "fail") throw new Error("the model is gone");
    yield* thread.streamText(`output=${JSON.stringify(continues.output)}`);
  } else if (continues?.type === "structured_input") {
    yield* thread.streamText(continues.inputs.map(({ answer }) => answer?.values.join("+") ?? "-").join("|"));
  } else yield* thread.streamText("hello");
};

const lastItem = async (threadId: string) =>
  (await items(server, threadId)).at(-1) as unknown as { id: string };
const start = async (text: string) => threadIdOf(await eventsOf(await server.send(create(text))));
const toolOutput = (thread_id: string, result: unknown) => ({
  type: "threads.add_client_tool_output",
  params: { thread_id, result },
});
const answers = (thread_id: string, item_id: string, input: unknown) => ({
  type: "threads.add_structured_input",
  params: { thread_id, item_id, input },
});
const codeOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
};

describe("the output of a tool", () => {
  test("completes the call, and the answer goes on with it", async () => {
    server = await startChatServer({ respond: asks });
    const threadId = await start("call");
    const events = await eventsOf(await server.send(toolOutput(threadId, { lat: 1.5, lon: null })));
    expect(types(events).slice(0, 2)).toEqual(["stream_options", "thread.item.added"]);
    const stored = await items(server, threadId);
    expect(stored).toMatchObject([
      { type: "user_message" },
      { type: "client_tool_call", status: "completed", output: { lat: 1.5, lon: null } },
      { content: [{ text: 'output={"lat":1.5,"lon":null}' }] },
    ]);
  });

  test("is taken once, of several that come at once", async () => {
    server = await startChatServer({ respond: asks });
    const threadId = await start("call");
    const responses = await Promise.all([1, 2, 3].map((n) => server.send(toolOutput(threadId, n))));
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409]);
    await Promise.all(responses.map((response) => response.text()));
    expect(await items(server, threadId)).toHaveLength(3);
  });

  test("is answered anew with its key when the answer failed, and told again when it did not", async () => {
    server = await startChatServer({ respond: asks });
    const threadId = await start("call");
    const headers = { "idempotency-key": "k" };
    const failed = await eventsOf(await server.send(toolOutput(threadId, "fail"), { headers }));
    expect(failed.at(-1)).toMatchObject({ type: "error", code: "stream.error", allow_retry: true });
    const again = await eventsOf(await server.send(toolOutput(threadId, "fail"), { headers }));
    expect(types(again)).toEqual(["stream_options", "error"]);
    expect(await codeOf(await server.send(toolOutput(threadId, "ok")))).toEqual([
      409,
      "no_pending_tool_call",
    ]);
  });
});

describe("answers to questions", () => {
  test("are kept with the questions: one of a single choice, what is missing as skipped", async () => {
    server = await startChatServer({ respond: asks });
    const threadId = await start("ask");
    const { id } = await lastItem(threadId);
    const given = { answers: { size: { values: ["S", "M"] }, colour: { values: ["red"] } } };
    const events = await eventsOf(await server.send(answers(threadId, id, given)));
    expect(types(events).slice(0, 3)).toEqual([
      "stream_options",
      "thread.item.replaced",
      "thread.item.added",
    ]);
    expect(events[1]).toMatchObject({
      item: {
        id,
        status: "answered",
        inputs: [{ answer: { values: ["S"], skipped: false } }, { answer: { values: [], skipped: true } }],
      },
    });
    expect(await lastItem(threadId)).toMatchObject({ content: [{ text: "S|" }] });
    expect(await codeOf(await server.send(answers(threadId, id, {})))).toEqual([409, "not_pending"]);
  });

  test("to a key of the object's own prototype are nobody's", async () => {
    server = await startChatServer({
      async *respond({ thread, continues }) {
        if (continues === undefined)
          yield thread.structuredInput([{ type: "freeform", id: "constructor", question: "?" }]);
      },
    });
    const threadId = await start("ask");
    const { id } = await lastItem(threadId);
    const events = await eventsOf(await server.send(answers(threadId, id, {})));
    expect(events[1]).toMatchObject({ item: { inputs: [{ answer: { values: [], skipped: true } }] } });
  });
});

const action: RespondToAction = async function* ({ thread }, { type, payload }, sender) {
  thread.setTitle("Pressed");
  yield* thread.streamText(`${type} ${JSON.stringify(payload)} ${sender?.type ?? "page"}`);
};
const press = (params: object) => ({ type: "threads.custom_action", params });

describe("an action", () => {
  test("is answered by events, and is carried out once for its key", async () => {
    let runs = 0;
    server = await startChatServer({
      respond: asks,
      async *action(...given) {
        runs += 1;
        yield* action(...given);
        throw new Error("too late");
      },
    });
    const threadId = await start("widget");
    const { id: item_id } = await lastItem(threadId);
    const request = press({ thread_id: threadId, item_id, action: { type: "go", payload: { n: null } } });
    const headers = { "idempotency-key": "k" };
    const first = await eventsOf(await server.send(request, { headers }));
    expect(await lastItem(threadId)).toMatchObject({ content: [{ text: 'go {"n":null} widget' }] });
    expect(types(first).slice(0, 3)).toEqual(["stream_options", "thread.item.added", "thread.updated"]);
    // What it has done cannot be undone: it is told again, failure and all.
    expect(await eventsOf(await server.send(request, { headers }))).toEqual(first);
    expect(runs).toBe(1);
  });

  test("of what is no widget is one error in a stream, and one of an unknown item is refused", async () => {
    server = await startChatServer({ respond: asks, action });
    const threadId = await start("hello");
    const { id } = await lastItem(threadId);
    const go = { type: "go" };
    expect(
      await eventsOf(await server.send(press({ thread_id: threadId, item_id: id, action: go }))),
    ).toEqual([{ type: "error", code: "stream.error", allow_retry: false }]);
    const unknown = await server.send(press({ thread_id: threadId, item_id: "msg_none", action: go }));
    expect(await codeOf(unknown)).toEqual([404, "not_found"]);
  });

  test("is not offered by a server without one", async () => {
    server = await startChatServer({ respond: asks });
    const threadId = await start("hello");
    for (const type of ["threads.custom_action", "threads.sync_custom_action"]) {
      const response = await server.send({ type, params: { thread_id: threadId, action: { type: "go" } } });
      expect(await codeOf(response)).toEqual([501, "not_implemented"]);
    }
  });

  test("may answer in a thread that takes no messages", async () => {
    server = await startChatServer({
      async *respond({ thread }) {
        thread.setStatus({ type: "locked" });
        yield* thread.streamText("locked");
      },
      async *action({ thread }) {
        thread.setStatus({ type: "active" });
        yield thread.notice("info", "Unlocked");
      },
    });
    const threadId = await start("hello");
    const message = {
      type: "threads.add_user_message",
      params: { thread_id: threadId, input: textInput("more") },
    };
    expect(await codeOf(await server.send(message))).toEqual([409, "thread_locked"]);
    const events = await eventsOf(
      await server.send(press({ thread_id: threadId, action: { type: "unlock" } })),
    );
    expect(types(events)).toEqual(["stream_options", "notice", "thread.updated"]);
    expect((await server.send(message)).status).toBe(200);
  });
});

describe("an action at once", () => {
  const sync = (thread_id: string, type = "save", item_id?: string) => ({
    type: "threads.sync_custom_action",
    params: { thread_id, action: { type }, ...(item_id === undefined ? {} : { item_id }) },
  });
  const syncAction: SyncAction = ({ thread }, { type }, sender) => {
    if (type === "fail") {
      thread.setTitle("not kept");
      throw new Error("inside");
    }
    if (type === "broken") return { updated_item: { id: "x" } as never };
    if (sender === null) return undefined;
    thread.setTitle("Saved");
    thread.setMetadata({ secret: 1 });
    return { updated_item: { ...sender, widget: { type: "Card", children: [] } } };
  };

  test("answers with the item, which is stored with what was set on the thread", async () => {
    server = await startChatServer({ respond: asks, syncAction });
    const threadId = await start("widget");
    const widget = await lastItem(threadId);
    const response = await server.send(sync(threadId, "save", widget.id));
    const { updated_item } = (await response.json()) as { updated_item: unknown };
    expect(updated_item).toMatchObject({ id: widget.id, widget: { children: [] } });
    expect(await lastItem(threadId)).toEqual(updated_item);
    const thread = await server.send({ type: "threads.get_by_id", params: { thread_id: threadId } });
    expect(await thread.json()).toMatchObject({ title: "Saved", metadata: {} });
    expect(await (await server.send(sync(threadId))).json()).toEqual({});
  });

  test.each(["fail", "broken"])(
    "that goes wrong (%s) keeps nothing, and says nothing of the inside",
    async (type) => {
      server = await startChatServer({ respond: asks, syncAction });
      const threadId = await start("widget");
      const before = await items(server, threadId);
      const response = await server.send(sync(threadId, type));
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("inside");
      expect(await items(server, threadId)).toEqual(before);
      const thread = await server.send({ type: "threads.get_by_id", params: { thread_id: threadId } });
      expect(await thread.json()).not.toHaveProperty("title");
      expect(server.logged).toMatchObject([{ level: "error", request_id: expect.stringMatching(/^req_/) }]);
    },
  );

  test("of what is no widget is refused", async () => {
    server = await startChatServer({ respond: asks, syncAction });
    const threadId = await start("hello");
    const { id } = await lastItem(threadId);
    expect(await codeOf(await server.send(sync(threadId, "save", id)))).toEqual([409, "wrong_item_type"]);
  });
});
