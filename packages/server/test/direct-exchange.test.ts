import { serve } from "@waybill/server/node";
import { afterEach, expect, test } from "vitest";
import { eventsOf, startChatServer, type TestServer } from "./support/chat-server.ts";
import { create, types } from "./support/turns.ts";

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

const post = (url: string, body: unknown) =>
  fetch(`${url}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const respond: NonNullable<Parameters<typeof startChatServer>[0]>["respond"] = async function* ({ thread }) {
  yield* thread.streamText("Hello");
};

test("an application around the server may read the request, and make another answer of the server's", async () => {
  server = await startChatServer({ respond });
  const { chat } = server;
  const around = await serve(
    {
      corsFor: (path) => chat.corsFor(path),
      async fetch(request, env) {
        const text = (await request.text()).replace("before", "after");
        const answer = await chat.fetch(
          new Request(request.url, { method: "POST", headers: request.headers, body: text }),
          env,
        );
        return new Response(answer.body, {
          headers: { ...Object.fromEntries(answer.headers), "x-seen": "yes" },
        });
      },
    },
    { port: 0 },
  );
  const response = await post(around.url, create("before"));
  expect(response.headers.get("x-seen")).toBe("yes");
  const text = await response.text();
  expect(text).toContain('"text":"after"');
  expect(text).toContain('"thread.item.done"');
  const page = await post(around.url, { type: "threads.list", params: {} });
  expect(await page.json()).toMatchObject({ data: [{}], has_more: false });
  await around.close({ drainTimeoutMs: 0 });
});

test("a body that is sent in pieces, and in no hurry, is read to its end", async () => {
  server = await startChatServer({ respond });
  const pieces = JSON.stringify(create("hi")).match(/.{1,20}/gs) ?? [];
  const body = new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
  const init: RequestInit & { readonly duplex: "half" } = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    duplex: "half",
  };
  const response = await fetch(`${server.api}/chatkit`, init);
  expect(types(await eventsOf(response))).toContain("thread.item.done");
});
