import { expect, test } from "vitest";
import {
  failure,
  framesOf,
  type Script,
  sendEvents,
  sendJson,
  startServer,
  TURN,
  WAYBILL,
} from "../test/scripted-server.ts";
import { type ChatClientOptions, ChatFailure, createChatClient, type Verdict } from "./index.ts";

interface Outcome {
  readonly types: readonly string[];
  readonly verdict: Verdict;
}

/** Sends a turn to a server that answers it by the script, and returns how it failed. */
async function failingTurn(
  script: Script,
  options: Partial<ChatClientOptions> = {},
  own: Readonly<Record<string, string>> = WAYBILL,
  onEvent?: (count: number) => void,
): Promise<Outcome> {
  await using server = await startServer((request, response, incoming) =>
    request.path === "/v1" ? sendJson(response, 200, {}, own) : script(request, response, incoming),
  );
  const types: string[] = [];
  try {
    const client = createChatClient({ url: `${server.origin}/chatkit`, ...options });
    for await (const event of client.send({ text: "hello" })) {
      const count = types.push(event.type);
      onEvent?.(count);
    }
  } catch (error) {
    if (error instanceof ChatFailure) return { types, verdict: error.verdict };
    throw error;
  }
  throw new Error("The turn did not fail.");
}

const stream = { "content-type": "text/event-stream", "x-request-id": "req_9" };

test("tells a readable failure of Waybill in its own words", async () => {
  const { verdict } = await failingTurn((_, response) =>
    sendJson(response, 413, failure("attachment_too_large", "film.mp4 is 740 MB; the limit is 512 MB.")),
  );
  expect(verdict).toMatchObject({
    cause: "server_error",
    title: "This file is too large for the server",
    userMessage: "film.mp4 is 740 MB; the limit is 512 MB. Your message was not taken.",
    code: "attachment_too_large",
    status: 413,
    requestId: "req_1",
    retry: "never",
    pageOrigin: null,
  });
});

test("does not say the table's sentence twice", async () => {
  const { verdict } = await failingTurn((_, response) =>
    sendJson(response, 409, failure("thread_busy", "An answer is being written in this conversation.")),
  );
  expect(verdict.userMessage).toBe("Your message was not taken.");
});

test.each([
  ["a message", { message: "Too odd." }, "Too odd. Your message was not taken."],
  ["a detail", { detail: "Not here." }, "Not here. Your message was not taken."],
  ["a nested error", { error: { message: "No key." } }, "No key. Your message was not taken."],
  ["nothing", [], "The server answered with status 418 and gave no reason. Your message was not taken."],
])("reads %s in another server's failure", async (_, body, userMessage) => {
  const { verdict } = await failingTurn((_, response) => sendJson(response, 418, body), {}, {});
  expect(verdict).toMatchObject({ cause: "server_error", status: 418, userMessage, retry: "never" });
});

test("keeps the page of a proxy for developers and off the card", async () => {
  const { verdict } = await failingTurn((_, response) => {
    response.writeHead(502, { "content-type": "text/html", "retry-after": "7" });
    response.end(`<html><h1>Bad Gateway</h1>${"x".repeat(5_000)}`);
  });
  expect(verdict).toMatchObject({
    title: "The chat server failed",
    userMessage: "The server answered with status 502 and gave no reason. Your message may have arrived.",
    advice: "Wait 7 seconds, then send again.",
    retry: "keyed",
  });
  expect(verdict.developerDetail).toContain("Bad Gateway");
  expect(verdict.developerDetail.length).toBeLessThan(300);
});

test("tells the status of a failure whose explanation broke off", async () => {
  const { verdict } = await failingTurn((_, response) => {
    response.writeHead(503, { "content-type": "application/json" });
    response.write('{"error":', () => response.destroy());
  });
  expect(verdict).toMatchObject({ cause: "server_error", status: 503, retry: "keyed" });
});

test("does not offer to repeat a turn that another's server may have carried out", async () => {
  const { verdict } = await failingTurn((_, response) => sendJson(response, 500, {}), {}, {});
  expect(verdict).toMatchObject({
    retry: "never",
    advice: "Check the conversation before you send again.",
  });
});

test("takes Waybill-Error on a stream for a refusal", async () => {
  const { verdict, types } = await failingTurn((_, response) =>
    sendEvents(
      response,
      [{ type: "error", code: "custom", message: "This conversation is closed.", allow_retry: false }],
      { "waybill-error": "thread_closed", "x-request-id": "req_9" },
    ),
  );
  expect(types).toEqual(["error"]);
  expect(verdict).toMatchObject({
    cause: "server_error",
    code: "thread_closed",
    requestId: "req_9",
    title: "This conversation is closed",
    userMessage: "Your message was not taken.",
    retry: "never",
  });
});

test("yields an error event and what follows it, then throws it", async () => {
  const { verdict, types } = await failingTurn((_, response) =>
    sendEvents(response, [
      ...TURN.slice(0, 3),
      { type: "error", code: "custom", message: "The model is asleep.", allow_retry: true },
      { type: "thread.updated", thread: TURN[0]?.thread },
    ]),
  );
  expect(types.slice(-2)).toEqual(["error", "thread.updated"]);
  expect(verdict).toMatchObject({
    cause: "answer_failed",
    userMessage: "The model is asleep. Your message has arrived.",
    retry: "safe",
  });
});

test("prefers the server's own reason to the loss of the connection behind it", async () => {
  let lose = (): void => undefined;
  const { verdict } = await failingTurn(
    (_, response) => {
      response.writeHead(200, stream);
      response.write(framesOf([{ type: "error", code: "custom", message: "No model.", allow_retry: true }]));
      lose = () => response.destroy();
    },
    {},
    WAYBILL,
    () => lose(),
  );
  expect(verdict).toMatchObject({ cause: "answer_failed", requestId: "req_9" });
});

test("waits without end when told to", async () => {
  await using server = await startServer((_, response) =>
    sendJson(response, 200, { data: [], has_more: false }),
  );
  const client = createChatClient({
    url: `${server.origin}/chatkit`,
    timeoutMs: Number.POSITIVE_INFINITY,
  });
  expect((await client.listThreads()).data).toEqual([]);
});

test("does not offer a retry where the error event forbids it", async () => {
  const { verdict } = await failingTurn((_, response) =>
    sendEvents(response, [{ type: "error", code: "stream.error", allow_retry: false, message: null }]),
  );
  expect(verdict).toMatchObject({ cause: "answer_failed", retry: "never" });
  expect(verdict.userMessage).toContain("It gave no reason.");
});

test("says that the answer broke off when the connection is lost in the middle", async () => {
  let lose = (): void => undefined;
  const { verdict, types } = await failingTurn(
    (_, response) => {
      response.writeHead(200, stream);
      response.write(framesOf(TURN.slice(0, 4)));
      lose = () => response.destroy();
    },
    {},
    WAYBILL,
    (count) => {
      if (count === 4) lose();
    },
  );
  expect(types).toHaveLength(4);
  expect(verdict).toMatchObject({
    cause: "stream_broken",
    confidence: "certain",
    title: "The answer broke off",
    userMessage: "The connection was lost. What had arrived is above.",
    requestId: "req_9",
    retry: "never",
  });
});

test("offers the same turn again when the connection is lost before any event", async () => {
  const { verdict } = await failingTurn((_, response) => {
    response.writeHead(200, stream);
    response.write(": ping\n\n", () => response.destroy());
  });
  expect(verdict).toMatchObject({ cause: "stream_broken", retry: "keyed" });
});

test("notices a body that ends in the middle of a message", async () => {
  const { verdict, types } = await failingTurn((_, response) => sendEvents(response, TURN.slice(0, 5)));
  expect(types).toHaveLength(5);
  expect(verdict).toMatchObject({ cause: "stream_broken", retry: "never" });
});

test("notices a body that ends in the middle of an event", async () => {
  const { verdict } = await failingTurn((_, response) => {
    response.writeHead(200, stream);
    response.end(`${framesOf(TURN.slice(0, 1))}data: {"type":"noti`);
  });
  expect(verdict.cause).toBe("stream_broken");
  expect(verdict.developerDetail).toContain("in the middle of an event");
});

test.each([
  ["that is not JSON", "data: hello\n\n", "not JSON"],
  [
    "with a field of the wrong kind",
    framesOf([{ type: "thread.item.removed", item_id: 7 }]),
    "thread.item.removed is not the protocol's: item_id",
  ],
  ["without a type", framesOf([{}]), "(no type)"],
])("names a frame %s", async (_, body, detail) => {
  const { verdict } = await failingTurn((_, response) => {
    response.writeHead(200, stream);
    response.end(body);
  });
  expect(verdict).toMatchObject({ cause: "protocol_error", confidence: "certain", status: 200 });
  expect(verdict.developerDetail).toContain(detail);
});

test("does not take a stream without events for an answer", async () => {
  const { verdict } = await failingTurn((_, response) => sendEvents(response, []));
  expect(verdict).toMatchObject({ cause: "protocol_error", retry: "keyed" });
});

test("gives up waiting also for a fetch that does not listen", async () => {
  const client = createChatClient({
    url: "http://127.0.0.1/chatkit",
    fetch: () => Promise.withResolvers<Response>().promise,
    timeoutMs: 20,
  });
  await expect(client.listThreads()).rejects.toMatchObject({ verdict: { cause: "timeout", retry: "safe" } });
});

test("names an answer that is no stream", async () => {
  const { verdict } = await failingTurn((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<title>Sign in to the hotel's network</title>");
  });
  expect(verdict.cause).toBe("protocol_error");
  expect(verdict.developerDetail).toContain("hotel");
});

test("names the field of a JSON answer that is not what was asked for", async () => {
  await using server = await startServer((_, response) => sendJson(response, 200, { data: 1 }));
  const error = await createChatClient({ url: `${server.origin}/chatkit` })
    .listThreads()
    .catch((e: unknown) => e);
  expect((error as ChatFailure).verdict).toMatchObject({ cause: "protocol_error", retry: "safe" });
  expect((error as ChatFailure).verdict.developerDetail).toContain("data: ");
});

test("logs events of unknown types and passes them on", async () => {
  const logged: unknown[] = [];
  await using server = await startServer((_, response) =>
    sendEvents(response, [{ type: "thread.sang", song: 1 }]),
  );
  const client = createChatClient({ url: `${server.origin}/chatkit`, onLog: (entry) => logged.push(entry) });
  const events: unknown[] = [];
  for await (const event of client.send({ text: "x" })) events.push(event);
  expect(events).toEqual([{ type: "thread.sang", song: 1 }]);
  expect(logged).toEqual([{ name: "event.unknown", data: { type: "thread.sang" } }]);
});

test("gives up waiting for the head of an answer", async () => {
  const { verdict } = await failingTurn(() => undefined, { timeoutMs: 50 });
  expect(verdict).toMatchObject({
    cause: "timeout",
    confidence: "certain",
    title: "The server took too long",
    userMessage: "No answer within 50 milliseconds. It may still be working on it.",
    advice: "Send again: it will not be carried out twice.",
    retry: "keyed",
  });
});

test("gives up waiting for the next piece of a stream", async () => {
  const { verdict, types } = await failingTurn(
    (_, response) => {
      response.writeHead(200, stream);
      response.write(framesOf(TURN.slice(0, 2)));
    },
    { timeoutMs: 50 },
  );
  expect(types).toHaveLength(2);
  expect(verdict).toMatchObject({ cause: "timeout", retry: "never" });
});

test("does not count the reader's own time as the server's", async () => {
  await using server = await startServer((request, response) => {
    if (request.body.includes("threads.list")) return;
    response.writeHead(200, stream);
    response.write(framesOf(TURN.slice(0, 1)));
    if (request.body !== "") finish = () => response.end(framesOf(TURN.slice(1)));
    else response.end();
  });
  let finish = (): void => undefined;
  const client = createChatClient({ url: `${server.origin}/chatkit`, timeoutMs: 50 });
  const types: string[] = [];
  for await (const event of client.send({ text: "x" })) {
    types.push(event.type);
    if (types.length > 1) continue;
    // Another request, never answered, measures the time.
    await expect(client.listThreads()).rejects.toThrow("The server took too long");
    finish();
  }
  expect(types).toHaveLength(TURN.length);
});

test("says of a server that is not there that nothing was sent", async () => {
  const server = await startServer(() => undefined);
  await server[Symbol.asyncDispose]();
  const client = createChatClient({ url: `${server.origin}/chatkit` });
  const events = client.send({ text: "x" })[Symbol.asyncIterator]();
  const error = await events.next().catch((e: unknown) => e);
  const { verdict } = error as ChatFailure;
  expect(verdict).toMatchObject({ cause: "server_unreachable", confidence: "likely", retry: "safe" });
  expect(verdict.userMessage).toContain("Your message was not sent.");
  expect(verdict.developerDetail).toContain("ECONNREFUSED");
});
