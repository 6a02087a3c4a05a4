import { expect, test } from "vitest";
import {
  failure,
  type Script,
  sendEvents,
  sendJson,
  startServer,
  TURN,
  WAYBILL,
} from "../test/scripted-server.ts";
import { ChatFailure, createChatClient, type UploadProgress } from "./index.ts";

const MB = 1024 ** 2;
const policy = (attachments: object = {}) => ({
  name: "waybill",
  version: "0.1.0",
  attachments: {
    ways: ["direct"],
    max_count: 10,
    max_bytes: { "*/*": 512 * MB },
    accept: ["*/*"],
    ...attachments,
  },
  resume: false,
});
const waybill =
  (script: Script, attachments?: object): Script =>
  (request, response, incoming) => {
    for (const [name, value] of Object.entries(WAYBILL)) response.setHeader(name, value);
    if (request.path === "/v1") sendJson(response, 200, policy(attachments));
    else script(request, response, incoming);
  };
const STORED = { id: "atc_1", name: "notes.txt", mime_type: "text/plain", type: "file" };
const notes = () => new File(["hello"], "notes.txt", { type: "text/plain" });
/** A file that says it is larger than it is. */
const fileOf = (name: string, type: string, size: number): File =>
  Object.defineProperty(new File([], name, { type }), "size", { value: size });

const verdictOf = async (upload: Promise<unknown>) => {
  const error = await upload.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChatFailure);
  return (error as ChatFailure).verdict;
};

test("sends a Waybill server the file as a form, with the page's headers, and tells begin and end", async () => {
  await using server = await startServer(waybill((_, response) => sendJson(response, 201, STORED)));
  const headers = { authorization: "Bearer t" };
  const client = createChatClient({ url: `${server.origin}/chatkit`, headers });
  const seen: UploadProgress[] = [];
  expect(await client.upload(notes(), { onProgress: (progress) => seen.push(progress) })).toEqual(STORED);
  const request = server.seen[1];
  expect(request).toMatchObject({ method: "POST", path: "/v1/files", headers });
  expect(request?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  expect(request?.body).toMatch(
    /name="file"; filename="notes\.txt"\r\nContent-Type: text\/plain\r\n\r\nhello\r\n/,
  );
  expect(seen).toEqual([
    { sentBytes: 0, totalBytes: 5 },
    { sentBytes: 5, totalBytes: 5 },
  ]);
});

test("sends a name without control characters, which a form would carry in another spelling", async () => {
  await using server = await startServer(waybill((_, response) => sendJson(response, 201, STORED)));
  const client = createChatClient({ url: `${server.origin}/chatkit` });
  await client.upload(new File(["hello"], "a\u0000b\r\nc\u0007\u009f.txt"));
  expect(server.seen[1]?.body).toContain('name="file"; filename="abc.txt"\r\n');
});

test("goes through the caller's fetch, if there is one", async () => {
  const bodies: unknown[] = [];
  const client = createChatClient({
    url: "http://127.0.0.1/chatkit",
    fetch: async (input, init) => {
      if (String(input).endsWith("/v1")) return Response.json(policy(), { headers: WAYBILL });
      bodies.push(init?.body);
      return Response.json(STORED, { headers: WAYBILL });
    },
  });
  await client.upload(notes());
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toBeInstanceOf(FormData);
});

test.each([
  ["PUT", { "content-type": "text/plain", "x-signed": "1" }, "text/plain", /^hello$/],
  ["POST", { "Content-Type": "text/plain", "x-signed": "1" }, "multipart/form-data", /name="file"/],
] as const)(
  "reserves with another's server, then sends the bytes by %s with nothing of the page's own",
  async (method, headers, contentType, body) => {
    await using store = await startServer((_, response) => response.writeHead(204).end());
    const upload_descriptor = { url: `${store.origin}/bytes`, method, headers };
    await using server = await startServer((request, response) =>
      request.path === "/v1"
        ? sendJson(response, 404, {})
        : sendJson(response, 200, { ...STORED, upload_descriptor }),
    );
    const client = createChatClient({
      url: `${server.origin}/chatkit`,
      headers: { authorization: "Bearer secret" },
    });
    expect(await client.upload(notes())).toEqual(STORED);
    expect(JSON.parse(server.seen[1]?.body ?? "")).toEqual({
      type: "attachments.create",
      params: { name: "notes.txt", size: 5, mime_type: "text/plain" },
    });
    expect(store.seen).toHaveLength(1);
    expect(store.seen[0]).toMatchObject({ method, path: "/bytes" });
    expect(store.seen[0]?.headers).toMatchObject({ "x-signed": "1" });
    expect(store.seen[0]?.headers["content-type"]).toContain(contentType);
    expect(store.seen[0]?.headers.authorization).toBeUndefined();
    expect(store.seen[0]?.body).toMatch(body);
  },
);

test("names what is missing where another's server reserves without saying where to send the bytes", async () => {
  await using server = await startServer((request, response) =>
    request.path === "/v1" ? sendJson(response, 404, {}) : sendJson(response, 200, STORED),
  );
  const verdict = await verdictOf(createChatClient({ url: `${server.origin}/chatkit` }).upload(notes()));
  expect(verdict.cause).toBe("protocol_error");
  expect(verdict.developerDetail).toContain("upload_descriptor");
});

test("does not give a foreign upload address the page's headers", async () => {
  await using other = await startServer((_, response) => sendJson(response, 200, STORED));
  await using server = await startServer(waybill(() => undefined));
  const client = createChatClient({
    url: `${server.origin}/chatkit`,
    headers: { authorization: "Bearer secret" },
  });
  await client.upload(notes(), { strategy: { type: "direct", uploadUrl: `${other.origin}/up` } });
  expect(other.seen[0]).toMatchObject({ path: "/up" });
  expect(other.seen[0]?.headers.authorization).toBeUndefined();
});

test.each([
  [
    "attachment_too_large",
    "This file is too large for the server",
    "film.mp4 is 740 MB; the limit is 512 MB. Nothing was sent.",
    {},
  ],
  [
    "attachment_too_large",
    "This file is too large for the server",
    "film.mp4 is 740 MB; the limit is 16 MB. Nothing was sent.",
    { max_bytes: { "*/*": 1024 * MB, "video/*": 16 * MB } },
  ],
  [
    "attachment_rejected",
    "The server does not take this file",
    "film.mp4 is video/mp4. Nothing was sent.",
    { accept: ["image/*", "application/pdf"] },
  ],
])(
  "refuses by the published policy (%s) before anything is sent",
  async (code, title, userMessage, attachments) => {
    await using server = await startServer(waybill(() => undefined, attachments));
    const client = createChatClient({ url: `${server.origin}/chatkit` });
    const seen: UploadProgress[] = [];
    const verdict = await verdictOf(
      client.upload(fileOf("film.mp4", "video/mp4", 740 * MB), {
        onProgress: (progress) => seen.push(progress),
      }),
    );
    expect(verdict).toMatchObject({
      cause: "server_error",
      confidence: "certain",
      code,
      title,
      userMessage,
      retry: "never",
    });
    expect(verdict).toMatchObject({ status: undefined });
    expect(server.seen.map(({ path }) => path)).toEqual(["/v1"]);
    expect(seen).toEqual([]);
  },
);

test.each([
  ["image/png", { accept: ["image/*"], max_bytes: { "*/*": 1, "image/*": 5, "image/png": 10 } }],
  ["IMAGE/PNG", { accept: ["image/png"], max_bytes: {} }],
  ["", { accept: ["image/*"], max_bytes: { "image/*": 1 } }],
])("lets %j through where the policy's closest pattern does", async (type, attachments) => {
  await using server = await startServer(
    waybill((_, response) => sendJson(response, 201, STORED), attachments),
  );
  const client = createChatClient({ url: `${server.origin}/chatkit` });
  await expect(client.upload(new File(["0123456789"], "a", { type }))).resolves.toEqual(STORED);
});

test("tells a refusal in the server's words, and what to do about it", async () => {
  await using server = await startServer(
    waybill((_, response) =>
      sendJson(response, 413, failure("attachment_too_large", "notes.txt is 5 bytes; the limit is 4.")),
    ),
  );
  const verdict = await verdictOf(createChatClient({ url: `${server.origin}/chatkit` }).upload(notes()));
  expect(verdict).toMatchObject({
    title: "This file is too large for the server",
    userMessage: "notes.txt is 5 bytes; the limit is 4.",
    advice: "Send a smaller one, or remove it.",
    status: 413,
    requestId: "req_1",
    retry: "never",
  });
});

test("an uploaded attachment is named in a turn as it is; once deleted, the server is asked again", async () => {
  await using server = await startServer(
    waybill((request, response) =>
      request.path === "/chatkit" && request.body.includes("threads.")
        ? sendEvents(response, TURN)
        : sendJson(response, 200, STORED),
    ),
  );
  const client = createChatClient({ url: `${server.origin}/chatkit` });
  const attachment = await client.upload(notes());
  const turn = { text: "x", attachments: [attachment] };
  for await (const _ of client.send(turn));
  expect(server.seen.map(({ path }) => path)).toEqual(["/v1", "/v1/files", "/chatkit"]);
  expect(JSON.parse(server.seen[2]?.body ?? "").params.input.attachments).toEqual(["atc_1"]);
  await client.deleteAttachment(attachment.id);
  for await (const _ of client.send(turn));
  expect(server.seen.map(({ path }) => path).slice(3)).toEqual(["/chatkit", "/v1/files", "/chatkit"]);
});

test("throws the caller's own reason when an upload is stopped", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  await using server = await startServer(waybill(() => stop.abort(reason)));
  const client = createChatClient({ url: `${server.origin}/chatkit` });
  await expect(client.upload(notes(), { signal: stop.signal })).rejects.toBe(reason);
});
