import { type ChatClient, ChatFailure, type Verdict } from "@waybill/client";
import type { ThreadStreamEvent } from "@waybill/protocol";
import { describe, expect, test, vi } from "vitest";
import { accepted, answered, begun, done, said, threadOf, words } from "../test/support/events.ts";
import { ChatController } from "./chat-controller.ts";
import { en } from "./strings/en.ts";

const verdict: Verdict = {
  cause: "server_unreachable",
  confidence: "possible",
  alternatives: [],
  title: "The server could not be reached",
  userMessage: "Your message was not sent.",
  advice: "Try again.",
  developerDetail: "",
  request: { method: "POST", url: "/chatkit" },
  pageOrigin: null,
  retry: "safe",
};

/** A stream that a test feeds, and that ends with its signal as the client's does. */
class Feed {
  readonly #events: ThreadStreamEvent[] = [];
  #wake = Promise.withResolvers<void>();
  #end: { readonly error: unknown } | "complete" | null = null;

  send(...events: readonly ThreadStreamEvent[]): void {
    this.#events.push(...events);
    this.#wake.resolve();
  }
  end(error?: unknown): void {
    this.#end = error === undefined ? "complete" : { error };
    this.#wake.resolve();
  }
  async *read(signal: AbortSignal | undefined): AsyncGenerator<ThreadStreamEvent> {
    signal?.addEventListener("abort", () => this.end(signal.reason));
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#end === "complete") return;
      else if (this.#end !== null) throw this.#end.error;
      else {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      }
    }
  }
}

function setUp(client: Partial<ChatClient> = {}) {
  const feeds: Feed[] = [];
  const inputs: unknown[] = [];
  const open = (input: unknown, signal: AbortSignal | undefined) => {
    const feed = new Feed();
    feeds.push(feed);
    inputs.push(input);
    return feed.read(signal);
  };
  const heard: unknown[] = [];
  const host = {
    addController: vi.fn(),
    removeController: vi.fn(),
    requestUpdate: vi.fn(),
    updateComplete: Promise.resolve(true),
  };
  const returned: string[] = [];
  const controller = new ChatController(
    host,
    () => ({
      send: (input, call) => open(input, call?.signal),
      retry: (threadId, itemId, call) => open([threadId, itemId], call?.signal),
      getThread: async (id) => threadOf(id, [said("Hi"), answered("Hello")]),
      listThreads: async () => ({ data: [], has_more: false }),
      listItems: async () => ({ data: [], has_more: false }),
      newestRun: async () => null,
      capabilities: async () => null,
      upload: async () => ({ id: "atc_1", name: "a", mime_type: "text/plain", type: "file" }),
      deleteAttachment: async () => undefined,
      renameThread: async (id, title) => threadOf(id, [], { title }),
      deleteThread: async () => undefined,
      sendFeedback: async () => undefined,
      transcribe: async () => "",
      sendToolOutput: (threadId, result, call) => open([threadId, result], call?.signal),
      sendAnswers: (threadId, itemId, answers, call) => open([threadId, itemId, answers], call?.signal),
      sendAction: (threadId, action, itemId, call) => open([threadId, action, itemId], call?.signal),
      ...client,
    }),
    {
      emit: (name) => void heard.push(name.replace("chatkit.", "")),
      sent: () => void heard.push("sent"),
      failed: () => void heard.push("failed"),
      alerted: (text) => void heard.push(text),
      returned: (turn) => void returned.push(turn.input.text ?? ""),
      ended: (how) => void heard.push(how),
    },
    () => en,
  );
  controller.connect({ url: "/chatkit" });
  const feed = (index = 0) => {
    const found = feeds[index];
    if (found === undefined) throw new Error("There is no such request.");
    return found;
  };
  return { controller, feed, inputs, heard, returned };
}

const phase = ({ snapshot }: ChatController) => snapshot.phase;

test("a message is shown, taken and answered", async () => {
  const { controller, feed, inputs, heard } = setUp();
  const sending = controller.send({ text: "Hi" });
  expect(inputs).toEqual([{ text: "Hi", threadId: null }]);
  expect(phase(controller)).toBe("sending");
  expect(controller.snapshot.unsent).toHaveLength(1);
  feed().send(...accepted(said("Hi")));
  await sending;
  expect(phase(controller)).toBe("answering");
  expect(controller.snapshot).toMatchObject({ threadId: "thr_1", unsent: [] });
  feed().send(...begun(), words("Hello"), done("Hello"));
  feed().end();
  await vi.waitFor(() => expect(phase(controller)).toBe("idle"));
  expect(controller.snapshot.state.items.map((item) => item.type)).toEqual([
    "user_message",
    "assistant_message",
  ]);
  expect(heard).toEqual(["thread.change", "sent", "response.start", "complete", "response.end"]);
});

describe("a message that fails before it is taken", () => {
  test("rejects, is kept, and can be sent again as it was", async () => {
    const { controller, feed, inputs, heard } = setUp();
    const sending = controller.send({ text: "Hi" });
    const failure = new ChatFailure(verdict);
    feed().end(failure);
    await expect(sending).rejects.toBe(failure);
    const [turn] = controller.snapshot.unsent;
    expect(turn?.verdict).toBe(verdict);
    expect(heard).toEqual(["failed", "error"]);
    await Promise.all([controller.resend(turn?.key ?? ""), feed(1).send(...accepted(said("Hi")))]);
    expect(inputs[1]).toEqual(inputs[0]);
    expect(controller.snapshot.unsent).toEqual([]);
  });

  test("can be taken back", async () => {
    const { controller, feed } = setUp();
    const sending = controller.send({ text: "Hi" });
    feed().end(new ChatFailure(verdict));
    await expect(sending).rejects.toThrow();
    const key = controller.snapshot.unsent[0]?.key ?? "";
    expect(controller.takeBack(key)?.input.text).toBe("Hi");
    expect(controller.takeBack(key)).toBeUndefined();
  });

  test("takes the place of the same message that failed before", async () => {
    const { controller, feed } = setUp();
    for (const attempt of [0, 1]) {
      const sending = controller.send({ text: "Hi" });
      feed(attempt).end(new ChatFailure(verdict));
      await expect(sending).rejects.toThrow();
    }
    expect(controller.snapshot.unsent).toHaveLength(1);
  });

  test("is no certain failure where the stream just ended", async () => {
    const { controller, feed } = setUp();
    const sending = controller.send({ text: "Hi" });
    feed().end();
    await expect(sending).rejects.toThrow(/did not confirm/);
  });

  test("shows faults of the client as well", async () => {
    const { controller, feed } = setUp();
    const sending = controller.send({ text: "Hi" });
    feed().end(new TypeError("x is not a function"));
    await expect(sending).rejects.toBeInstanceOf(ChatFailure);
    expect(controller.snapshot.unsent[0]?.verdict?.developerDetail).toContain("x is not a function");
  });
});

test("stopping before a message is taken gives it back", async () => {
  const { controller, heard, returned } = setUp();
  const sending = controller.send({ text: "Hi" });
  controller.stop();
  await expect(sending).rejects.toThrow(/stopped before/);
  expect(returned).toEqual(["Hi"]);
  expect(controller.snapshot).toMatchObject({ phase: "idle", unsent: [], failure: null });
  expect(heard).toEqual(["stopped"]);
});

test("stopping an answer keeps what has arrived, unless the server forbids it", async () => {
  const { controller, feed } = setUp();
  const sending = controller.send({ text: "Hi" });
  feed().send(...accepted(said("Hi"), false), ...begun(), words("Hel"));
  await sending;
  await vi.waitFor(() => expect(controller.mayStop).toBe(false));
  controller.stop();
  feed().send({ type: "stream_options", stream_options: { allow_cancel: true } });
  await vi.waitFor(() => expect(controller.mayStop).toBe(true));
  controller.stop();
  await vi.waitFor(() => expect(phase(controller)).toBe("idle"));
  expect(controller.snapshot.ending).toBe("stopped");
  expect(JSON.stringify(controller.snapshot.state.items)).toContain("Hel");
});

test("an answer that fails is a card, and can be asked for anew", async () => {
  const { controller, feed, inputs, heard } = setUp();
  const sending = controller.send({ text: "Hi" });
  feed().send(...accepted(said("Hi")), ...begun(), words("Hel"));
  await sending;
  feed().end(new ChatFailure(verdict));
  await vi.waitFor(() => expect(controller.snapshot.failure?.kind).toBe("answer"));
  expect(heard.slice(-3)).toEqual(["failed", "error", "response.end"]);
  void controller.retry();
  expect(inputs[1]).toEqual(["thr_1", "msg_user"]);
  expect(controller.snapshot).toMatchObject({ phase: "answering", failure: null });
  feed(1).send({ type: "stream_options", stream_options: { allow_cancel: true } });
  await vi.waitFor(() => expect(controller.snapshot.state.items).toHaveLength(1));
  feed(1).end();
  await vi.waitFor(() => expect(phase(controller)).toBe("idle"));
});

describe("an answer that is asked for anew", () => {
  const idsOf = ({ snapshot }: ChatController) => snapshot.state.items.map(({ id }) => id);
  async function answeredOnce() {
    const parts = setUp();
    const sending = parts.controller.send({ text: "Hi" });
    parts.feed().send(...accepted(said("Hi")), ...begun(), words("Hello"), done("Hello"));
    parts.feed().end();
    await sending;
    await vi.waitFor(() => expect(phase(parts.controller)).toBe("idle"));
    const before = idsOf(parts.controller);
    expect(before).toHaveLength(2);
    void parts.controller.retry();
    expect(parts.controller.snapshot).toMatchObject({ phase: "answering", redoing: "msg_user" });
    expect(idsOf(parts.controller)).toEqual(before);
    return { ...parts, before };
  }

  test("leaves the former one until the server has taken that", async () => {
    const { controller, feed, before } = await answeredOnce();
    feed(1).send({ type: "stream_options", stream_options: { allow_cancel: true } });
    await vi.waitFor(() => expect(idsOf(controller)).toEqual(before.slice(0, 1)));
    expect(controller.snapshot).toMatchObject({ phase: "answering", redoing: null });
    feed(1).end();
    await vi.waitFor(() => expect(phase(controller)).toBe("idle"));
  });

  test.each([
    ["refused", []],
    ["refused in a stream", [{ type: "error", code: "custom", message: "No.", allow_retry: false } as const]],
  ])("leaves the former one when it is %s", async (_, events) => {
    const { controller, feed, before } = await answeredOnce();
    feed(1).send(...events);
    feed(1).end(new ChatFailure(verdict));
    await vi.waitFor(() => expect(controller.snapshot.failure?.kind).toBe("answer"));
    expect(idsOf(controller)).toEqual(before);
    expect(controller.snapshot).toMatchObject({ phase: "idle", redoing: null });
  });

  test("leaves the former one when it is stopped before it began", async () => {
    const { controller, before } = await answeredOnce();
    controller.stop();
    await vi.waitFor(() => expect(phase(controller)).toBe("idle"));
    expect(idsOf(controller)).toEqual(before);
    expect(controller.snapshot.redoing).toBeNull();
  });
});

test("one message at a time, and none without a server", async () => {
  const { controller } = setUp();
  const first = controller.send({ text: "One" }).catch((error: unknown) => error);
  await expect(controller.send({ text: "Two" })).rejects.toThrow(/still being written/);
  controller.disconnect();
  await expect(controller.send({ text: "Three" })).rejects.toThrow(/no server yet/);
  expect(await first).toBeInstanceOf(DOMException);
});

test("waits for a thread that is being loaded before it sends to it", async () => {
  const { controller, feed, inputs } = setUp();
  void controller.open("thr_7");
  const sending = controller.send({ text: "Hi" });
  await vi.waitFor(() => expect(inputs).toEqual([{ text: "Hi", threadId: "thr_7" }]));
  feed().send({ type: "thread.item.done", item: said("Hi", { id: "msg_9" }) });
  await sending;
  expect(controller.snapshot.state.items).toHaveLength(3);
});

test("what belongs to a conversation that was left does not reach the next", async () => {
  const { controller, feed } = setUp();
  const sending = controller.send({ text: "Hi" });
  feed().send(...accepted(said("Hi")));
  await sending;
  await controller.open("thr_2");
  feed().send(...begun(), words("Late"));
  await vi.waitFor(() => expect(phase(controller)).toBe("idle"));
  expect(JSON.stringify(controller.snapshot.state.items)).not.toContain("Late");
  expect(controller.snapshot.threadId).toBe("thr_2");
});

test("a failed message of a new conversation is given back when another one is begun", async () => {
  const { controller, feed, returned } = setUp();
  const sending = controller.send({ text: "Hi" });
  feed().end(new ChatFailure(verdict));
  await expect(sending).rejects.toThrow();
  await controller.open(null);
  expect(returned).toEqual(["Hi"]);
});

test("shows a thread although nobody knows of its runs", async () => {
  const { controller } = setUp({ newestRun: () => Promise.reject(new Error("no such route")) });
  await controller.open("thr_1");
  expect(controller.snapshot).toMatchObject({ phase: "idle", ending: null, failure: null });
});

test("a thread that cannot be read is a failure of loading", async () => {
  const failure = new ChatFailure(verdict);
  const { controller, heard } = setUp({ getThread: () => Promise.reject(failure) });
  await expect(controller.open("thr_1")).rejects.toBe(failure);
  expect(controller.snapshot.failure).toEqual({ kind: "load", failure });
  expect(heard).toEqual(["thread.change", "thread.load.start", "failed", "error", "thread.load.end"]);
});
