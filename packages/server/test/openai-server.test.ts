import { openai } from "@waybill/server/responders/openai";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { eventsOf, readerOf, readUntil, startChatServer, textInput } from "./support/chat-server.ts";
import { pictureServer } from "./support/picture-server.ts";
import {
  answer,
  framesOf,
  message,
  sendError,
  sendStream,
  sendText,
  startResponsesApi,
} from "./support/responses-api.ts";

const respondBy = (baseURL: string) =>
  openai({ client: new OpenAI({ apiKey: "k", baseURL, maxRetries: 0 }), model: "m", log: () => undefined });

test("a model sees the picture of an earlier message again, and the conversation has a title", async () => {
  await using model = await startResponsesApi(({ body }, response) =>
    body.stream ? sendStream(response, answer(...message(["A cat."]))) : sendText(response, "A cat"),
  );
  await using pictures = await pictureServer();
  await using server = await startChatServer({
    respond: respondBy(model.baseURL),
    importAllow: [pictures.host],
  });
  const imported = await fetch(`${server.api}/v1/files`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source_url: pictures.url }),
  });
  const { id } = (await imported.json()) as { id: string };
  const first = await eventsOf(
    await server.send({ type: "threads.create", params: { input: textInput("what is this?", [id]) } }),
  );
  expect(first.at(-1)).toMatchObject({ type: "thread.updated", thread: { title: "A cat", metadata: {} } });
  const { thread: created } = first[0] as { thread: { id: string } };
  const thread_id = created.id;
  const second = await eventsOf(
    await server.send({ type: "threads.add_user_message", params: { thread_id, input: textInput("sure?") } }),
  );
  // Named once.
  expect(second.at(-1)).toMatchObject({ type: "thread.item.done" });
  const thread = await server.send({ type: "threads.get_by_id", params: { thread_id } });
  expect(await thread.json()).toMatchObject({ title: "A cat" });

  const turns = model.seen.filter(({ body }) => body.stream === true);
  expect(turns).toHaveLength(2);
  const input = JSON.stringify(turns[1]?.body.input);
  expect(input.match(/data:image\/png;base64,/g)).toHaveLength(1);
  expect(input).toMatch(/what is this\?.*A cat\..*sure\?/);
});

test("a model's failure is an error event in plain words", async () => {
  await using model = await startResponsesApi((_, response) => sendError(response, 401, "invalid_api_key"));
  await using server = await startChatServer({ respond: respondBy(model.baseURL) });
  const events = await eventsOf(
    await server.send({ type: "threads.create", params: { input: textInput("hello") } }),
  );
  expect(events.at(-1)).toEqual({
    type: "error",
    code: "custom",
    message: "The model's server does not accept this server's key. Tell whoever runs this chat.",
    allow_retry: false,
  });
});

test("a page that leaves ends the request to the model", async () => {
  await using model = await startResponsesApi((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(framesOf([...answer().slice(0, 2), ...message(["Half of "]).slice(0, 3)]));
  });
  await using server = await startChatServer({ respond: respondBy(model.baseURL) });
  const response = await server.send({ type: "threads.create", params: { input: textInput("hello") } });
  const reader = readerOf(response);
  await readUntil(reader, "Half of ");
  await reader.cancel();
  await model.seen[0]?.closed;
});
