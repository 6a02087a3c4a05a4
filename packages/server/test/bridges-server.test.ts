import type { Respond } from "@waybill/server";
import { expect, test } from "vitest";
import { byAiSdk, byChatCompletions } from "./support/bridge-turn.ts";
import {
  beginChat,
  type ChatCompletionsApi,
  completion,
  sendChat,
  sendCompletion,
  startChatCompletionsApi,
  text,
} from "./support/chat-completions-api.ts";
import { eventsOf, readerOf, readUntil, startChatServer, textInput } from "./support/chat-server.ts";
import { pictureServer } from "./support/picture-server.ts";
import { sendError } from "./support/responses-api.ts";

const bridges: [string, (api: ChatCompletionsApi) => Respond][] = [
  ["the openai package", (api) => byChatCompletions(api)],
  ["the AI SDK", (api) => byAiSdk(api)],
];

test.each(bridges)("by %s a model sees a picture, and its answer and title are kept", async (_, respond) => {
  await using model = await startChatCompletionsApi(({ body }, response) =>
    body.stream
      ? sendChat(response, completion([{ delta: { reasoning: "Hm." } }, ...text("A ", "cat.")]))
      : sendCompletion(response, "A cat"),
  );
  await using pictures = await pictureServer();
  await using server = await startChatServer({ respond: respond(model), importAllow: [pictures.host] });
  const imported = await fetch(`${server.api}/v1/files`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source_url: pictures.url }),
  });
  const { id } = (await imported.json()) as { id: string };
  const events = await eventsOf(
    await server.send({ type: "threads.create", params: { input: textInput("what is this?", [id]) } }),
  );
  const { thread: created } = events[0] as { thread: { id: string } };
  const thread = await server.send({ type: "threads.get_by_id", params: { thread_id: created.id } });
  expect(await thread.json()).toMatchObject({
    title: "A cat",
    items: {
      data: [
        { type: "user_message" },
        { type: "workflow", workflow: { tasks: [{ content: "Hm." }] } },
        { type: "assistant_message", content: [{ text: "A cat." }] },
      ],
    },
  });
  expect(JSON.stringify(model.seen[0]?.body.messages)).toContain("data:image/png;base64,");
});

test.each(bridges)(
  "by %s a failure is an error event in plain words, without the key",
  async (_, respond) => {
    await using model = await startChatCompletionsApi((_request, response) =>
      sendError(response, 401, "invalid_api_key"),
    );
    await using server = await startChatServer({ respond: respond(model) });
    const events = await eventsOf(
      await server.send({ type: "threads.create", params: { input: textInput("hello") } }),
    );
    expect(events.at(-1)).toEqual({
      type: "error",
      code: "custom",
      message: "The model's server does not accept this server's key. Tell whoever runs this chat.",
      allow_retry: false,
    });
    expect(JSON.stringify([events, server.logged])).not.toContain("sk-secret");
  },
);

test.each(bridges)("by %s a page that leaves ends the request to the model", async (_, respond) => {
  await using model = await startChatCompletionsApi((_request, response) =>
    beginChat(response, completion(text("Half of ")).slice(0, 2)),
  );
  await using server = await startChatServer({ respond: respond(model) });
  const response = await server.send({ type: "threads.create", params: { input: textInput("hello") } });
  const reader = readerOf(response);
  await readUntil(reader, "Half of ");
  await reader.cancel();
  await model.seen[0]?.closed;
});
