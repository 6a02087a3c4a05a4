import { afterEach, describe, expect, test } from "vitest";
import { eventsOf, startChatServer, type TestServer } from "./support/chat-server.ts";
import { create, items, threadIdOf, types } from "./support/turns.ts";

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

describe("a turn that is sent again with its key", () => {
  const keyed = { headers: { "idempotency-key": "once" } };

  test("is told again when it was answered, and not carried out twice", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread }) {
        answers += 1;
        yield* thread.streamText("Hello");
      },
    });
    const first = await eventsOf(await server.send(create("hi"), keyed));
    const second = await eventsOf(await server.send(create("hi"), keyed));
    expect(second).toEqual(first);
    expect(answers).toBe(1);
    expect((await items(server, threadIdOf(first))).length).toBe(2);
  });

  test("joins the answer that is still running", async () => {
    const release = Promise.withResolvers<void>();
    server = await startChatServer({
      async *respond({ thread }) {
        yield* thread.streamText(
          (async function* () {
            yield "begun";
            await release.promise;
            yield " done";
          })(),
        );
      },
    });
    const first = await server.send(create("hi"), keyed);
    const second = await server.send(create("hi"), keyed);
    release.resolve();
    const [one, two] = await Promise.all([eventsOf(first), eventsOf(second)]);
    expect(two).toEqual(one);
  });

  test("answers the stored message anew when the first answer did not come to its end", async () => {
    let answers = 0;
    server = await startChatServer({
      async *respond({ thread }) {
        answers += 1;
        if (answers === 1) throw new Error("first time");
        yield* thread.streamText("second time");
      },
    });
    const failed = await eventsOf(await server.send(create("hi"), keyed));
    const threadId = threadIdOf(failed);
    const again = await eventsOf(await server.send(create("hi"), keyed));
    expect(types(again).slice(0, 3)).toEqual(["thread.created", "thread.item.done", "stream_options"]);
    expect(threadIdOf(again)).toBe(threadId);
    expect((await items(server, threadId)).map((item) => item.content?.[0]?.text)).toEqual([
      "hi",
      "second time",
    ]);
  });

  test("is refused when the key belongs to another request", async () => {
    server = await startChatServer();
    await (await server.send(create("hi"), keyed)).text();
    const other = await server.send(create("something else"), keyed);
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({
      error: { code: "invalid_request", details: { header: "Idempotency-Key" } },
    });
  });

  test("without a key the same text twice is two turns", async () => {
    server = await startChatServer();
    await (await server.send(create("ok"))).text();
    await (await server.send(create("ok"))).text();
    const list = (await (await server.send({ type: "threads.list", params: {} })).json()) as {
      data: unknown[];
    };
    expect(list.data.length).toBe(2);
  });
});
