import { expect, test } from "vitest";
import { failure, sendEvents, sendJson, startServer, TURN, WAYBILL } from "../test/scripted-server.ts";
import { ChatFailure, createChatClient, type PageAttachment } from "./index.ts";

const picture = (id: string, preview_url?: string): PageAttachment => ({
  id,
  name: `${id}.png`,
  mime_type: "image/png",
  type: "image",
  ...(preview_url === undefined ? {} : { preview_url }),
});

async function send(origin: string, attachments: readonly PageAttachment[]): Promise<unknown> {
  const client = createChatClient({ url: `${origin}/chatkit` });
  try {
    for await (const _ of client.send({ text: "what is this?", attachments }));
    return undefined;
  } catch (error) {
    return error;
  }
}

const imported = (id: string) => ({ id, name: "x.png", mime_type: "image/png", type: "image" });

test("has a Waybill server resolve each attachment, and sends its ids in order", async () => {
  await using server = await startServer((request, response) => {
    if (request.path === "/v1") return sendJson(response, 200, {}, WAYBILL);
    if (request.path === "/chatkit") return sendEvents(response, TURN, WAYBILL);
    return sendJson(response, 201, imported(`atc_${JSON.parse(request.body).id}`), WAYBILL);
  });
  const ids = ["1", "2", "3", "4", "5", "6"];
  const attachments = ids.map((id) => picture(id, `https://pictures.example/${id}`));
  expect(await send(server.origin, attachments)).toBeUndefined();
  const requests = server.seen.slice(1, -1).map(({ body }) => JSON.parse(body));
  expect(requests.toSorted((a, b) => a.id - b.id)[0]).toEqual({
    id: "1",
    source_url: "https://pictures.example/1",
    name: "1.png",
    mime_type: "image/png",
  });
  expect(JSON.parse(server.seen.at(-1)?.body ?? "").params.input.attachments).toEqual(
    ids.map((id) => `atc_${id}`),
  );
});

test("asks for four attachments at a time, and gives the others up when one fails", async () => {
  const signals: AbortSignal[] = [];
  const refused = Promise.withResolvers<Response>();
  const client = createChatClient({
    url: "http://127.0.0.1/chatkit",
    fetch: (input, init) => {
      if (String(input).endsWith("/v1")) return Promise.resolve(Response.json({}, { headers: WAYBILL }));
      if (init?.signal) signals.push(init.signal);
      // The last of the first four is refused, behind whatever else was asked by then.
      if (signals.length === 4) setImmediate(() => refused.resolve(Response.json({}, { status: 422 })));
      return signals.length === 4 ? refused.promise : Promise.withResolvers<Response>().promise;
    },
  });
  const attachments = ["1", "2", "3", "4", "5", "6"].map((id) => picture(id, `https://a.example/${id}`));
  const events = client.send({ attachments })[Symbol.asyncIterator]();
  await expect(events.next()).rejects.toThrow("The attachment 4.png could not be used");
  expect(signals).toHaveLength(4);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
});

test("sends another's server the ids alone", async () => {
  await using server = await startServer((request, response) =>
    request.path === "/v1" ? sendJson(response, 404, {}) : sendEvents(response, TURN),
  );
  expect(await send(server.origin, [picture("123", "blob:x")])).toBeUndefined();
  expect(JSON.parse(server.seen[1]?.body ?? "").params.input.attachments).toEqual(["123"]);
});

test("says in the server's words why an attachment cannot be used, and sends no turn", async () => {
  await using server = await startServer((request, response) =>
    request.path === "/v1"
      ? sendJson(response, 200, {}, WAYBILL)
      : sendJson(response, 422, failure("import_status", "preview-url.com answered 404."), {
          ...WAYBILL,
          "x-request-id": "req_7",
        }),
  );
  const error = await send(server.origin, [picture("test", "https://preview-url.com")]);
  expect(error).toBeInstanceOf(ChatFailure);
  expect((error as ChatFailure).verdict).toMatchObject({
    cause: "server_error",
    confidence: "certain",
    title: "The attachment test.png could not be used",
    userMessage: "preview-url.com answered 404. Nothing was sent.",
    code: "import_status",
    status: 422,
    requestId: "req_7",
    retry: "safe",
  });
  expect(server.seen.map(({ path }) => path)).toEqual(["/v1", "/v1/files"]);
});

test.each([
  ["film.png is 740 MB; the limit is 512 MB.", "film.png is 740 MB; the limit is 512 MB. Nothing was sent."],
  ["This file is too large for the server.", "film.png is 740 MB; the limit is 512 MB. Nothing was sent."],
  [
    "film.png has more than 512 MB; the limit is 512 MB.",
    "film.png has more than 512 MB; the limit is 512 MB. Nothing was sent.",
  ],
])("says of a file that is too large how large it is and may be (%s)", async (message, userMessage) => {
  const code = "attachment_too_large";
  const details = { size_bytes: 740 * 1024 ** 2, max_bytes: 512 * 1024 ** 2 };
  await using server = await startServer((request, response) =>
    request.path === "/v1"
      ? sendJson(response, 200, {}, WAYBILL)
      : sendJson(response, 413, { error: { code, message, request_id: "req_1", details }, message }, WAYBILL),
  );
  const refused = await send(server.origin, [picture("film", "https://a.example/film")]);
  expect((refused as ChatFailure).verdict).toMatchObject({
    title: "This file is too large for the server",
    userMessage,
    advice: "Send a smaller one, or remove it.",
    code,
    retry: "never",
  });
});

test("names an attachment that the server does not know and cannot fetch", async () => {
  await using server = await startServer((request, response) =>
    request.path === "/v1"
      ? sendJson(response, 200, {}, WAYBILL)
      : sendJson(response, 404, failure("not_found", "This does not exist, or is not yours."), WAYBILL),
  );
  const error = await send(server.origin, [picture("gone")]);
  expect((error as ChatFailure).verdict).toMatchObject({
    title: "The attachment gone.png could not be used",
    userMessage:
      "The server does not know it (its id is gone), and the page gave no address to fetch it from. Nothing was sent.",
    code: "not_found",
    retry: "never",
  });
});

test.each(["blob:https://app.example/1", "data:image/png;base64,AA==", "file:///a.png", "a.png"])(
  "refuses %s before anything is fetched",
  async (source) => {
    await using server = await startServer((_, response) => sendJson(response, 200, {}, WAYBILL));
    const error = await send(server.origin, [picture("ok", "https://a.example/"), picture("bad", source)]);
    const { verdict } = error as ChatFailure;
    expect(verdict).toMatchObject({
      cause: "invalid_request",
      title: "The attachment bad.png could not be used",
    });
    expect(verdict.userMessage).toContain("Nothing was sent.");
    expect(server.seen).toHaveLength(1);
  },
);
